"""The lexical channel: BM25 over weighted fields.

BM25 is that of Robertson and Zaragoza (2009); `lexical_files` says in which form. Beside its scores the channel keeps
each trial's topic, the words that say what it is about, as rows of unit length: trials are compared by the cosine of
their topics (the vector space model, Salton et al. 1975), which is the same both ways and takes no side between records
of a title alone and records of many pages.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import compress
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray
from scipy import sparse

from .lexical_files import K1, STATISTICS, TELLING, TELLING_IDS, TELLING_WEIGHTS, TOPIC, VOCABULARY
from .other_names import Named
from .sparse_rows import SparseRows
from .warming import mapped, touch

_FEEDBACK_TERMS, _FEEDBACK_SHARE = 20, 0.3
"""Terms that feedback adds, and what they weigh together, of 1."""
_CODE = re.compile(r"[a-z]\d+[a-z]?|\d+")
_CODE_WEIGHT = 0.5
_TOGETHER = 1.4
"""How much wider the scores of a query lie than if its words occurred independently: of 400 trials among 110,454 the
median, 1.43, five in a hundred below 1.27 and above 1.74; of texts 1.2 to 1.3."""


Column = tuple[NDArray[np.int32], NDArray[np.float32]]
"""The trials that use a term and their scores, by row: both of shape (trials that do,)."""


@dataclass(frozen=True)
class TermQuery:
    """Terms to look for.

    Attributes:
        ids: int32, shape (terms,).
        weights: float32, same shape.
        others: by the id of a term, the ids of other names of what it names, and what a trial that uses such a name
            counts, of one that uses the term as often.
        by_names: the columns of these terms, once they are made.
    """

    ids: NDArray[np.int32]
    weights: NDArray[np.float32]
    others: Mapping[int, Mapping[tuple[int, ...], float]] = field(default_factory=dict)
    by_names: dict[int, Column] = field(default_factory=dict, repr=False)


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

    def __init__(self, folder: Path) -> None:
        """Open what `write_lexical` made."""
        self._data = mapped(folder / "data.npy")
        self._indices = mapped(folder / "indices.npy")
        self._indptr = np.load(folder / "indptr.npy")
        self._telling_ids = mapped(folder / TELLING_IDS)
        self._telling_weights = mapped(folder / TELLING_WEIGHTS)
        self._vocabulary: dict[str, int] = orjson.loads((folder / VOCABULARY).read_bytes())
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

    def trials_with(self, found: Iterable[str]) -> NDArray[np.int32]:
        """The rows of the trials that have all of some terms: int32, shape (trials that do,), ascending."""
        wanted = list(found)
        ids = self._ids(wanted)
        return self._uses(ids)[0] if len(ids) == len(wanted) else np.empty(0, np.int32)

    def used_by(self, trials: int) -> Iterable[str]:
        """The terms that at least so many trials have."""
        return compress(self._vocabulary, (np.diff(self._indptr) >= trials).tolist())

    def uses(self, term: str) -> int:
        """How many trials have a term."""
        id_ = self._vocabulary.get(term)
        return 0 if id_ is None else int(self._indptr[id_ + 1] - self._indptr[id_])

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

    def topic_of_terms(self, found: Iterable[str]) -> TermQuery:
        """What a text of some terms is about, of unit length, as the topic of a record."""
        return self._unit(*self._saturated(Counter(self._ids(found))))

    def topic_of(self, row: int) -> TermQuery:
        """The topic of an indexed trial, of unit length."""
        return TermQuery(*self.topics.row(row))

    def of_terms(self, found: Iterable[str]) -> TermQuery:
        """The most telling of any terms, in any order; those that no trial has are left out.

        Numbers, and codes of one letter such as V600E, weigh half: they narrow what other words name.
        """
        counts: Counter[int] = Counter()
        codes: set[int] = set()
        for term in found:
            if (id_ := self._vocabulary.get(term)) is not None:
                counts[id_] += 1
                if _CODE.fullmatch(term):
                    codes.add(id_)
        ids = np.asarray(sorted(counts), np.int32)
        worth = self._idf[ids] * (1 + np.log([counts[id_] for id_ in ids.tolist()], dtype=np.float32))
        best = ids[np.argsort(-worth, kind="stable")[:TELLING]]
        weights = [_CODE_WEIGHT if id_ in codes else 1.0 for id_ in best.tolist()]
        return TermQuery(best, np.asarray(weights, np.float32))

    def with_less(self, query: TermQuery, terms: Iterable[str], part: float) -> TermQuery:
        """The query, of which some terms count a part of what they did; the same if these are all that it has."""
        less = np.isin(query.ids, self._ids(terms))
        if less.all():
            return query
        return replace(query, weights=np.where(less, query.weights * np.float32(part), query.weights))

    def with_other_names(self, query: TermQuery, named: Iterable[Named], counted: float) -> TermQuery:
        """The query, looked for by other names, too.

        A trial that uses all terms of another name has a part of each score of the name that is asked for: as rare as
        that, and as often as the least of its terms.

        Args:
            query: what was asked.
            named: what it names.
            counted: the part; 0 to look for no other name.
        """
        asked = set(query.ids.tolist())
        others = defaultdict(dict, {id_: dict(known) for id_, known in query.others.items()})
        for one in named if counted else ():
            own = asked.intersection(self._ids(one.name))
            for other in one.others:
                ids = tuple(self._ids(other))
                if len(ids) == len(other):
                    for id_ in own.difference(ids):
                        others[id_][ids] = counted
        return TermQuery(query.ids, query.weights, dict(others))

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
        weights = np.asarray([mixed[id_] for id_ in ids.tolist()], np.float32)
        return TermQuery(ids, weights, query.others, query.by_names)

    def scores(self, query: TermQuery, coverage: float = 0.0) -> NDArray[np.float32]:
        """The BM25 score of every trial: float32, shape (trials,).

        Args:
            query: what is asked.
            coverage: power of the share of the query that a trial speaks of, rare terms counting more, by which its
                score is multiplied.
        """
        columns = self._columns(query)
        scores = columns @ query.weights
        if coverage:
            columns.data[:] = 1
            worth = self._idf[query.ids] * query.weights
            scores *= (columns @ (worth / np.float32(max(float(worth.sum()), 1e-9)))) ** coverage
        return scores

    def elsewhere(self, query: TermQuery, coverage: float = 0.0) -> Elsewhere:
        """How the trials of the background stand to a query, without looking at them.

        Args:
            query: what is asked.
            coverage: as for `scores`.
        """
        ids, weights = query.ids, query.weights.astype(np.float64)
        if not len(ids) or not self._share:
            return Elsewhere(self._share, 0.0, 0.0)
        if coverage:  # most trials use one word of the query, and cover no more than that
            worth = self._idf[ids] * weights
            weights = weights * (worth / max(float(worth.sum()), 1e-9)) ** coverage
        means, squares = self._means[ids].astype(np.float64), self._squares[ids].astype(np.float64)
        for place, id_ in enumerate(ids.tolist()):
            for other, counted in query.others.get(id_, {}).items():  # hardly any trial uses both names
                rarity, worth = self._idf[list(other)].astype(np.float64), counted * self._rarity[id_]
                means[place] += worth * float(np.prod(self._means[list(other)] / rarity))
                squares[place] += worth**2 * float(np.prod(self._squares[list(other)] / rarity**2))
        mean = float(weights @ means)
        variance = _TOGETHER**2 * float(weights**2 @ (squares - means**2))
        return Elsewhere(self._share, mean, variance + mean**2)

    def most(self, query: TermQuery) -> float:
        """The BM25 score that a trial approaches which tells every term of the query over and over."""
        return float(self._idf[query.ids] @ query.weights) if len(query.ids) else 0.0

    def _columns(self, query: TermQuery) -> sparse.csc_matrix:
        """A copy of the columns of a query's terms: shape (trials, terms).

        A trial that uses other names of what a term names has the highest of their scores.
        """
        columns = [self._by_names(query, id_) for id_ in query.ids.tolist()]
        rows, scores = ([column[part] for column in columns] for part in range(2))
        pointers = np.concatenate(([0], np.cumsum([len(one) for one in rows], dtype=np.int64)))
        indices = np.concatenate(rows or [self._indices[:0]])
        data = np.concatenate(scores or [self._data[:0]])
        return sparse.csc_matrix((data, indices, pointers), shape=(self.trials, len(columns)), copy=False)

    def _ids(self, found: Iterable[str]) -> list[int]:
        return [self._vocabulary[term] for term in found if term in self._vocabulary]

    def _by_names(self, query: TermQuery, id_: int) -> Column:
        """The column of a term and of other names of what it names, made once a query."""
        if not (others := query.others.get(id_)):
            return self._column(id_)
        if (known := query.by_names.get(id_)) is None:
            by_name = [self._column(id_)]
            for other, counted in others.items():
                rows, often = self._uses(other)
                by_name.append((rows, often * np.float32(counted * self._rarity[id_])))
            known = query.by_names[id_] = self._highest(by_name)
        return known

    def _column(self, id_: int) -> Column:
        lies = slice(self._indptr[id_], self._indptr[id_ + 1])
        return self._indices[lies], self._data[lies]

    def _uses(self, name: Sequence[int]) -> Column:
        """The trials that use all terms of a name, and how often, 0 to 1: the least of the terms' saturated counts."""
        rows, often = np.empty(0, np.int32), np.empty(0, np.float32)
        for nth, id_ in enumerate(sorted(name, key=lambda one: -self._rarity[one])):  # the fewest trials first
            found, scores = self._column(id_)
            if not nth:
                rows, often = found, scores / np.float32(self._rarity[id_])
                continue
            places = np.minimum(np.searchsorted(found, rows), len(found) - 1)
            both = found[places] == rows
            rows, often = rows[both], np.minimum(often[both], scores[places[both]] / np.float32(self._rarity[id_]))
        return rows, often

    def _highest(self, columns: Sequence[Column]) -> Column:
        """Each trial's highest score in any column."""
        highest = np.zeros(self.trials, np.float32)
        for rows, scores in columns:
            highest[rows] = np.maximum(highest[rows], scores)
        rows = np.flatnonzero(highest > 0).astype(np.int32)  # of numbers it takes several times as long
        return rows, highest[rows]

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
