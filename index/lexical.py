"""The lexical channel: BM25 over weighted fields.

BM25 as in Robertson and Zaragoza (2009), Lucene's variant, with precomputed term scores (BM25S, Lù 2024) in a sparse
matrix of terms by trials. A field's weight multiplies its term counts before saturation, the simple form of BM25F.

Beside them the channel keeps each trial's topic, the words that say what it is about, as rows of unit length: trials
are compared by the cosine of their topics (the vector space model, Salton et al. 1975), which is the same both ways and
takes no side between records of a title alone and records of many pages.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa
from numpy.typing import NDArray
from scipy import sparse

from .arrow_file import lists
from .background import NO_BACKGROUND, Background
from .rarity import rarity
from .sparse_rows import SparseRows, write_rows
from .warming import mapped, touch

K1, B = 1.2, 0.75
TELLING = 40
"""Terms that stand for a whole trial as a query; the others are too common to tell it from the rest."""
_FEEDBACK_TERMS, _FEEDBACK_SHARE = 20, 0.3
"""Terms that feedback adds, and what they weigh together, of 1."""
_CODE = re.compile(r"[a-z]\d+[a-z]?|\d+")
_CODE_WEIGHT = 0.5
_TOGETHER = 1.4
"""How much wider the scores of a query lie than if its words occurred independently: of 400 trials among 110,454 the
median, 1.43, five in a hundred below 1.27 and above 1.74; of texts 1.2 to 1.3."""
VOCABULARY, STATISTICS = "vocabulary.json", "statistics.npz"
_TELLING_IDS, _TELLING_WEIGHTS, _TOPIC = "telling-ids.npy", "telling-weights.npy", "topic"


@dataclass(frozen=True)
class TermQuery:
    """Terms to look for: ids int32 and weights float32, both of shape (terms,)."""

    ids: NDArray[np.int32]
    weights: NDArray[np.float32]


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


def write_lexical(folder: Path, trials: pa.Table, background: Background = NO_BACKGROUND) -> None:
    """Write the channel: BM25 scores by term, the terms that tell each trial from the rest, and topics.

    Args:
        folder: is made.
        trials: a table of `TERM_SCHEMA`, in the index's order.
        background: what is counted beside them.
    """
    folder.mkdir()
    starts, terms = lists(trials["terms"])
    vocabulary, ids = _by_alphabet(terms)
    shape = (len(trials), len(vocabulary))
    counts, topics = (
        sparse.csr_matrix((lists(trials[name])[1].to_numpy().astype(np.float32), ids, starts), shape=shape)
        for name in ("counts", "topic")
    )
    topics = topics.copy()  # its columns are those of the counts until some are dropped
    topics.eliminate_zeros()
    for one in (counts, topics):
        one.sort_indices()
    words = background.words.of(vocabulary)
    every = len(trials) + background.trials
    idf = rarity(np.bincount(counts.indices, minlength=len(vocabulary)) + words.trials, every)
    length = float(counts.data.sum(dtype=np.float64)) + words.length
    scores = _bm25(counts, idf, length / max(every, 1))
    by_term = scores.tocsc()
    for name in ("data", "indices", "indptr"):
        np.save(folder / f"{name}.npy", getattr(by_term, name), allow_pickle=False)
    ids, weights = _telling(scores, idf)
    np.save(folder / _TELLING_IDS, ids, allow_pickle=False)
    np.save(folder / _TELLING_WEIGHTS, weights, allow_pickle=False)
    write_rows(folder, _TOPIC, _cosine_rows(topics, idf), (background.trials, words.topic))
    elsewhere = words.saturated / np.float32(max(background.trials, 1))
    np.savez(
        folder / STATISTICS,
        idf=idf,
        length=length,
        share=background.trials / max(every, 1),
        means=elsewhere[0] * idf,
        squares=elsewhere[1] * idf**2,
    )
    (folder / VOCABULARY).write_bytes(orjson.dumps({term: id_ for id_, term in enumerate(vocabulary)}))


def _by_alphabet(terms: pa.DictionaryArray) -> tuple[list[str], NDArray[np.int32]]:
    """The terms that occur, by the alphabet, and of each occurrence the place of its term there."""
    found = terms.indices.to_numpy()
    known: list[str] = terms.dictionary.to_pylist()
    vocabulary = sorted(known[id_] for id_ in np.flatnonzero(np.bincount(found, minlength=1)).tolist()) or [""]
    place = {term: number for number, term in enumerate(vocabulary)}
    number = np.asarray([place.get(term, -1) for term in known], np.int32)
    return vocabulary, number[found]


class Lexical:
    """The channel opened for search; its arrays are mapped, not loaded."""

    def __init__(self, folder: Path) -> None:
        self._data = mapped(folder / "data.npy")
        self._indices = mapped(folder / "indices.npy")
        self._indptr = np.load(folder / "indptr.npy")
        self._telling_ids = mapped(folder / _TELLING_IDS)
        self._telling_weights = mapped(folder / _TELLING_WEIGHTS)
        self._vocabulary: dict[str, int] = orjson.loads((folder / VOCABULARY).read_bytes())
        self.topics = SparseRows(folder, _TOPIC)
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

    def of_terms(self, found: Iterable[str]) -> TermQuery:
        """The most telling of any terms; those that no trial has are left out.

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
        return TermQuery(ids, np.asarray([mixed[id_] for id_ in ids.tolist()], np.float32))

    def scores(self, query: TermQuery) -> NDArray[np.float32]:
        """The BM25 score of every trial: float32, shape (trials,)."""
        return self._columns(query.ids) @ query.weights

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
        means = self._means[ids].astype(np.float64)
        mean = float(weights @ means)
        variance = _TOGETHER**2 * float(weights**2 @ (self._squares[ids] - means**2))
        return Elsewhere(self._share, mean, variance + mean**2)

    def most(self, query: TermQuery) -> float:
        """The BM25 score that a trial approaches which tells every term of the query over and over."""
        return float(self._idf[query.ids] @ query.weights) if len(query.ids) else 0.0

    def coverage(self, query: TermQuery) -> NDArray[np.float32]:
        """The share of the query that each trial speaks of, 0 to 1, rare terms counting more: float32, (trials,)."""
        worth = self._idf[query.ids] * query.weights
        spoken = self._columns(query.ids)
        spoken.data[:] = 1
        return spoken @ (worth / np.float32(max(float(worth.sum()), 1e-9)))

    def _columns(self, ids: NDArray[np.int32]) -> sparse.csc_matrix:
        """A copy of the columns of some terms: shape (trials, terms)."""
        starts, ends = self._indptr[ids], self._indptr[ids + 1]
        places = [slice(start, end) for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
        pointers = np.concatenate(([0], np.cumsum(ends - starts)))
        indices, data = (
            np.concatenate([array[one] for one in places] or [array[:0]]) for array in (self._indices, self._data)
        )
        return sparse.csc_matrix((data, indices, pointers), shape=(self.trials, len(ids)), copy=False)

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


def _bm25(counts: sparse.csr_matrix, idf: NDArray[np.float32], length: float) -> sparse.csr_matrix:
    """The scores of each trial's terms, where the mean record has so many."""
    lengths = np.asarray(counts.sum(axis=1), np.float32).ravel()
    norms = K1 * (1 - B + B * lengths / max(length, 1.0))
    saturated = counts.data / (counts.data + np.repeat(norms, np.diff(counts.indptr)))
    values = (saturated * idf[counts.indices]).astype(np.float32)
    return sparse.csr_matrix((values, counts.indices, counts.indptr), shape=counts.shape)


def _cosine_rows(counts: sparse.csr_matrix, idf: NDArray[np.float32]) -> sparse.csr_matrix:
    """Saturated counts times rarity, each row of unit length; how rare a term is, all words of all records tell."""
    values = counts.data / (counts.data + np.float32(K1)) * idf[counts.indices]
    rows = np.repeat(np.arange(len(counts.indptr) - 1), np.diff(counts.indptr))
    lengths = np.sqrt(np.bincount(rows, values.astype(np.float64) ** 2, len(counts.indptr) - 1))
    values = (values / np.maximum(lengths, 1e-9)[rows]).astype(np.float32)
    return sparse.csr_matrix((values, counts.indices, counts.indptr), shape=counts.shape)


def _telling(scores: sparse.csr_matrix, idf: NDArray[np.float32]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The terms that tell each trial from the rest.

    Chosen by the square of the saturated term count times inverse document frequency: what a record keeps saying,
    rather than the rare words and names that it says once. Words of a single record cannot find another one.

    Returns:
        ids: int32, shape (trials, TELLING), best first, -1 where a trial has fewer.
        weights: float32, same shape, the terms' BM25 scores over the trial's highest.
    """
    trials = len(scores.indptr) - 1
    rows = np.repeat(np.arange(trials), np.diff(scores.indptr))
    shared = (np.bincount(scores.indices, minlength=len(idf)) > 1)[scores.indices]
    data, rows, terms = scores.data[shared], rows[shared], scores.indices[shared]
    worth = data**2 / idf[terms]
    order = np.argsort(rows - worth / np.float64(worth.max(initial=0.0) + 1), kind="stable")  # by trial, the best first
    counts = np.bincount(rows, minlength=trials)
    starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    ids = np.full((trials, TELLING), -1, np.int32)
    weights = np.zeros((trials, TELLING), np.float32)
    for rank in range(TELLING):
        has = counts > rank
        chosen = order[starts[has] + rank]
        ids[has, rank], weights[has, rank] = terms[chosen], data[chosen]
    return ids, weights / np.maximum(weights.max(axis=1, keepdims=True), 1e-9)
