"""The lexical channel: BM25 over weighted fields.

BM25 is that of Robertson and Zaragoza (2009); `lexical_files` says in which form. Beside its scores the channel keeps
each trial's topic, the words that say what it is about, as rows of unit length: trials are compared by the cosine of
their topics (the vector space model, Salton et al. 1975), which is the same both ways and takes no side between records
of a title alone and records of many pages.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import numpy as np
import orjson
from numpy.typing import NDArray
from scipy import sparse

from .lexical_files import K1, STATISTICS, TELLING, TELLING_IDS, TELLING_WEIGHTS, TOPIC, VOCABULARY
from .sparse_rows import SparseRows
from .warming import mapped, touch

_FEEDBACK_TERMS, _FEEDBACK_SHARE = 20, 0.3
"""Terms that feedback adds, and what they weigh together, of 1."""
_CODE = re.compile(r"[a-z]\d+[a-z]?|\d+")
_CODE_WEIGHT = 0.5
_TOGETHER = 1.4
"""How much wider the scores of a query lie than if its words occurred independently: of 400 trials among 110,454 the
median, 1.43, five in a hundred below 1.27 and above 1.74; of texts 1.2 to 1.3."""


@dataclass(frozen=True)
class TermQuery:
    """Terms to look for.

    Attributes:
        ids: int32, shape (terms,).
        weights: float32, same shape.
        others: by the id of a term, other names of what it names, and by what their scores are multiplied.
    """

    ids: NDArray[np.int32]
    weights: NDArray[np.float32]
    others: Mapping[int, Mapping[int, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Elsewhere:
    """How the trials of the background stand to a query.

    Attributes:
        share: their part of all trials, theirs and the index's.
        mean: of their scores.
        square: mean square of their scores.
    """

    share: float
    mean: float
    square: float


class Lexical:
    """The channel opened for search; its arrays are mapped, not loaded."""

    def __init__(self, folder: Path, other_names: Mapping[str, Sequence[str]] = MappingProxyType({})) -> None:
        """Open a channel.

        Args:
            folder: as `write_lexical` made it.
            other_names: by a term, of what it names; texts are looked for by them, too.
        """
        self._data = mapped(folder / "data.npy")
        self._indices = mapped(folder / "indices.npy")
        self._indptr = np.load(folder / "indptr.npy")
        self._telling_ids = mapped(folder / TELLING_IDS)
        self._telling_weights = mapped(folder / TELLING_WEIGHTS)
        self._vocabulary: dict[str, int] = orjson.loads((folder / VOCABULARY).read_bytes())
        self.other_names = other_names
        self.topics = SparseRows(folder, TOPIC)
        self.trials = len(self._telling_ids)
        with np.load(folder / STATISTICS) as statistics:
            self._idf: NDArray[np.float32] = statistics["idf"]
            self._share = float(statistics["share"])
            self._means: NDArray[np.float32] = statistics["means"]
            self._squares: NDArray[np.float32] = statistics["squares"]
        self._rarity: list[float] = self._idf.tolist()  # one at a time, a list is faster than an array

    def warm(self) -> None:
        """Bring the scores into memory."""
        for array in (self._data, self._indices, self._telling_ids, self._telling_weights):
            touch(array)
        self.topics.warm()

    def idf(self, term: str) -> float:
        """How rare a term is, 0 for one that no trial has."""
        id_ = self._vocabulary.get(term)
        return 0.0 if id_ is None else self._rarity[id_]

    def has(self, term: str) -> bool:
        """Whether any trial has a term."""
        return term in self._vocabulary

    def of_trial(self, row: int) -> TermQuery:
        """The most telling terms of an indexed trial, each weighted by its own BM25 score there."""
        present = self._telling_ids[row] >= 0
        return TermQuery(self._telling_ids[row][present], self._telling_weights[row][present])

    def of_record(self, weighted: Iterable[tuple[str, int, bool]]) -> tuple[TermQuery, TermQuery]:
        """The most telling terms of a record that is not in the index, and its topic, of unit length."""
        counts, topic = Counter[int](), Counter[int]()
        for term, weight, topical in weighted:
            if (id_ := self._vocabulary.get(term)) is not None:
                counts[id_] += weight
                if topical:
                    topic[id_] += weight
        return self._by_worth(*self._saturated(counts)), self._unit(*self._saturated(topic))

    def topic_of(self, row: int) -> TermQuery:
        """The topic of an indexed trial, of unit length."""
        return TermQuery(*self.topics.row(row))

    def of_terms(self, found: Iterable[str], of_other_names: float = 0.0) -> TermQuery:
        """The most telling of any terms, with their other names.

        Numbers, and codes of one letter such as V600E, weigh half: they narrow what other words name. A term that no
        trial has gives way to another name of the same, or is left out.

        Args:
            found: in any order.
            of_other_names: what another name counts, of the one that is asked for; 0 to look for none.
        """
        counts: Counter[int] = Counter()
        codes: set[int] = set()
        others: defaultdict[int, dict[int, float]] = defaultdict(dict)
        for term in found:
            names = (term, *self.other_names.get(term, ())) if of_other_names else (term,)
            known = [self._vocabulary[name] for name in names if name in self._vocabulary]
            for id_ in known[:1]:
                counts[id_] += 1
                for other in known[1:]:  # as rare as the name that is asked for
                    others[id_][other] = of_other_names * self._rarity[id_] / self._rarity[other]
                if _CODE.fullmatch(term):
                    codes.add(id_)
        ids = np.asarray(sorted(counts), np.int32)
        worth = self._idf[ids] * (1 + np.log([counts[id_] for id_ in ids.tolist()], dtype=np.float32))
        best = ids[np.argsort(-worth, kind="stable")[:TELLING]]
        weights = [_CODE_WEIGHT if id_ in codes else 1.0 for id_ in best.tolist()]
        return TermQuery(best, np.asarray(weights, np.float32), others)

    def with_feedback(self, query: TermQuery, rows: NDArray[np.int32], weights: NDArray[np.float32]) -> TermQuery:
        """The query with telling terms of the trials that answer it best: RM3 (Abdul-Jaleel et al. 2004).

        Args:
            query: what was asked.
            rows: int32, shape (trials,): the best answers.
            weights: float32, same shape: how good each is, above 0.
        """
        if not len(query.ids) or not len(rows):
            return query
        share = weights / weights.sum()
        worth: defaultdict[int, float] = defaultdict(float)
        for row, part in zip(rows.tolist(), share.tolist(), strict=True):
            for id_, weight in zip(self._telling_ids[row].tolist(), self._telling_weights[row].tolist(), strict=True):
                if id_ >= 0:
                    worth[id_] += part * weight
        added = sorted(worth.items(), key=lambda one: (-one[1], one[0]))[:_FEEDBACK_TERMS]
        total = sum(weight for _, weight in added) or 1.0
        own = (1 - _FEEDBACK_SHARE) * query.weights / query.weights.sum()
        mixed: defaultdict[int, float] = defaultdict(float, zip(query.ids.tolist(), own.tolist(), strict=True))
        for id_, weight in added:
            mixed[id_] += _FEEDBACK_SHARE * weight / total
        ids = np.asarray(sorted(mixed), np.int32)
        return TermQuery(ids, np.asarray([mixed[id_] for id_ in ids.tolist()], np.float32), query.others)

    def scores(self, query: TermQuery) -> NDArray[np.float32]:
        """The BM25 score of every trial: float32, shape (trials,)."""
        return self._columns(query) @ query.weights

    def elsewhere(self, query: TermQuery, coverage: float = 0.0) -> Elsewhere:
        """How the trials of the background stand to a query, without looking at them.

        Args:
            query: what is asked.
            coverage: power of `coverage` that the scores are multiplied by.
        """
        ids, weights = query.ids, query.weights.astype(np.float64)
        if not len(ids) or not self._share:
            return Elsewhere(self._share, 0.0, 0.0)
        if coverage:  # most trials use one word of the query, and cover no more than that
            worth = self._idf[ids] * weights
            weights = weights * (worth / max(float(worth.sum()), 1e-9)) ** coverage
        means, squares = self._means[ids].astype(np.float64), self._squares[ids].astype(np.float64)
        for place, id_ in enumerate(ids.tolist()):
            for other, part in query.others.get(id_, {}).items():  # hardly any trial uses both names
                means[place] += part * float(self._means[other])
                squares[place] += part**2 * float(self._squares[other])
        mean = float(weights @ means)
        variance = _TOGETHER**2 * float(weights**2 @ (squares - means**2))
        return Elsewhere(self._share, mean, variance + mean**2)

    def most(self, query: TermQuery) -> float:
        """The BM25 score that a trial approaches which tells every term of the query over and over."""
        return float(self._idf[query.ids] @ query.weights) if len(query.ids) else 0.0

    def coverage(self, query: TermQuery) -> NDArray[np.float32]:
        """The share of the query that each trial speaks of, 0 to 1, rare terms counting more: float32, (trials,)."""
        worth = self._idf[query.ids] * query.weights
        spoken = self._columns(query)
        spoken.data[:] = 1
        return spoken @ (worth / np.float32(max(float(worth.sum()), 1e-9)))

    def _columns(self, query: TermQuery) -> sparse.csc_matrix:
        """A copy of the columns of a query's terms: shape (trials, terms).

        A trial that uses other names of what a term names has the highest of their scores.
        """
        columns = [self._column(id_) for id_ in query.ids.tolist()]
        for place, id_ in enumerate(query.ids.tolist()):
            if others := query.others.get(id_):
                columns[place] = _highest([columns[place], *(self._column(*one) for one in others.items())])
        rows, scores = ([column[part] for column in columns] for part in range(2))
        pointers = np.concatenate(([0], np.cumsum([len(one) for one in rows], dtype=np.int64)))
        indices = np.concatenate(rows or [self._indices[:0]])
        data = np.concatenate(scores or [self._data[:0]])
        return sparse.csc_matrix((data, indices, pointers), shape=(self.trials, len(columns)), copy=False)

    def _column(self, id_: int, part: float = 1.0) -> "_Column":
        lies = slice(self._indptr[id_], self._indptr[id_ + 1])
        scores = self._data[lies]
        return self._indices[lies], scores if part == 1 else scores * np.float32(part)

    def _saturated(self, counts: Mapping[int, int]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Ids and scores of a record's terms, as of a record of mean length."""
        ids = np.asarray(sorted(counts), np.int32)
        frequency = np.asarray([counts[id_] for id_ in ids.tolist()], np.float32)
        return ids, (frequency / (frequency + np.float32(K1)) * self._idf[ids]).astype(np.float32)

    def _unit(self, ids: NDArray[np.int32], scores: NDArray[np.float32]) -> TermQuery:
        return TermQuery(ids, scores / max(float(np.linalg.norm(scores)), 1e-9))

    def _by_worth(self, ids: NDArray[np.int32], scores: NDArray[np.float32]) -> TermQuery:
        """The most telling of a record's terms, as `_telling` chooses them."""
        shared = self._indptr[ids + 1] - self._indptr[ids] > 1
        ids, scores = ids[shared], scores[shared]
        best = np.argsort(-(scores**2 / self._idf[ids]), kind="stable")[:TELLING]
        top = float(scores[best].max(initial=1e-9))
        return TermQuery(ids[best], (scores[best] / top).astype(np.float32))


_Column = tuple[NDArray[np.int32], NDArray[np.float32]]
"""The trials that use a term and their scores, by row: both of shape (trials that do,)."""


def _highest(columns: Sequence[_Column]) -> _Column:
    """Each trial's highest score in any column."""
    rows = np.concatenate([column[0] for column in columns])
    scores = np.concatenate([column[1] for column in columns])
    order = np.argsort(rows, kind="stable")
    found, first = np.unique(rows[order], return_index=True)
    return found, np.maximum.reduceat(scores[order], first)
