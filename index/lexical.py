"""The lexical channel: BM25 over weighted fields.

BM25 as in Robertson and Zaragoza (2009), Lucene's variant, with precomputed term scores (BM25S, Lù 2024). A field's
weight multiplies its term counts before saturation, which is the simple form of BM25F.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import bm25s
import numpy as np
import orjson
from numpy.typing import NDArray

K1, B = 1.2, 0.75
TELLING = 40
"""Terms that stand for a whole trial as a query; the others are too common to tell it from the rest."""
_VOCABULARY = "vocabulary.json"
_TELLING_IDS, _TELLING_WEIGHTS = "telling-ids.npy", "telling-weights.npy"


@dataclass(frozen=True)
class TermQuery:
    """Terms to look for: ids int32 and weights float32, both of shape (terms,)."""

    ids: NDArray[np.int32]
    weights: NDArray[np.float32]


class LexicalWriter:
    """Collects the terms of trials, one after the other, and writes the channel's files."""

    def __init__(self) -> None:
        self._vocabulary: dict[str, int] = {}
        self._documents: list[NDArray[np.int32]] = []

    def add(self, weighted: Iterable[tuple[str, int]]) -> None:
        """Add the next trial."""
        ids = self._vocabulary
        found = [id_ for term, weight in weighted for id_ in (ids.setdefault(term, len(ids)),) * weight]
        self._documents.append(np.asarray(found, np.int32))

    def write(self, folder: Path, order: NDArray[np.int64]) -> None:
        """Write the channel for the trials in the given order: int64, shape (trials,), positions of `add`.

        Terms are numbered by the alphabet, so the files do not depend on the order of `add`.
        """
        folder.mkdir()
        model = bm25s.BM25(k1=K1, b=B, method="lucene")
        vocabulary = {term: id_ for id_, term in enumerate(sorted(self._vocabulary) or [""])}
        number = np.asarray([vocabulary[term] for term in self._vocabulary], np.int32)
        documents = [number[self._documents[position]].tolist() for position in order.tolist()]
        model.index((documents, vocabulary), create_empty_token=False, show_progress=False)
        scores = model.scores
        for name in ("data", "indices", "indptr"):
            np.save(folder / f"{name}.npy", scores[name], allow_pickle=False)
        ids, weights = _telling(scores, len(documents))
        np.save(folder / _TELLING_IDS, ids, allow_pickle=False)
        np.save(folder / _TELLING_WEIGHTS, weights, allow_pickle=False)
        (folder / _VOCABULARY).write_bytes(orjson.dumps(vocabulary))


class Lexical:
    """The channel opened for search; its arrays are mapped, not loaded."""

    def __init__(self, folder: Path) -> None:
        self._data = np.load(folder / "data.npy", mmap_mode="r")
        self._indices = np.load(folder / "indices.npy", mmap_mode="r")
        self._indptr = np.load(folder / "indptr.npy")
        self._telling_ids = np.load(folder / _TELLING_IDS, mmap_mode="r")
        self._telling_weights = np.load(folder / _TELLING_WEIGHTS, mmap_mode="r")
        self._vocabulary: dict[str, int] = orjson.loads((folder / _VOCABULARY).read_bytes())
        self.trials = len(self._telling_ids)
        self._idf = _idf(np.diff(self._indptr), self.trials)

    def of_trial(self, row: int) -> TermQuery:
        """The most telling terms of an indexed trial, each weighted by its own BM25 score there."""
        present = self._telling_ids[row] >= 0
        return TermQuery(self._telling_ids[row][present], self._telling_weights[row][present])

    def of_terms(self, found: Iterable[str]) -> TermQuery:
        """The most telling of any terms; those that no trial has are left out."""
        counts = Counter(self._vocabulary[term] for term in found if term in self._vocabulary)
        ids = np.asarray(sorted(counts), np.int32)
        weights = self._idf[ids] * (1 + np.log([counts[id_] for id_ in ids.tolist()], dtype=np.float32))
        best = np.argsort(-weights, kind="stable")[:TELLING]
        return TermQuery(ids[best], np.ones(len(best), np.float32))

    def scores(self, query: TermQuery) -> NDArray[np.float32]:
        """The BM25 score of every trial: float32, shape (trials,)."""
        out = np.zeros(self.trials, np.float32)
        for id_, weight in zip(query.ids.tolist(), query.weights.tolist(), strict=True):
            start, end = self._indptr[id_], self._indptr[id_ + 1]
            out[self._indices[start:end]] += self._data[start:end] * np.float32(weight)
        return out


def _idf(frequencies: NDArray[np.integer], trials: int) -> NDArray[np.float32]:
    return np.log1p((trials - frequencies + 0.5) / (frequencies + 0.5)).astype(np.float32)


def _telling(scores: Mapping[str, NDArray[np.generic]], trials: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The terms that tell each trial from the rest.

    Chosen by the square of the saturated term count times inverse document frequency: what a record keeps saying,
    rather than the rare words and names that it says once. Words of a single record cannot find another one.

    Returns:
        ids: int32, shape (trials, TELLING), best first, -1 where a trial has fewer.
        weights: float32, same shape, the terms' BM25 scores over the trial's highest.
    """
    data, rows = np.asarray(scores["data"], np.float32), np.asarray(scores["indices"])
    frequencies = np.diff(np.asarray(scores["indptr"]))
    terms = np.repeat(np.arange(len(frequencies), dtype=np.int32), frequencies)
    shared = np.repeat(frequencies > 1, frequencies)
    data, rows, terms = data[shared], rows[shared], terms[shared]
    worth = data**2 / _idf(frequencies, trials)[terms]
    order = np.lexsort((terms, -worth, rows))
    counts = np.bincount(rows, minlength=trials)
    starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
    ids = np.full((trials, TELLING), -1, np.int32)
    weights = np.zeros((trials, TELLING), np.float32)
    for rank in range(TELLING):
        has = counts > rank
        chosen = order[starts[has] + rank]
        ids[has, rank], weights[has, rank] = terms[chosen], data[chosen]
    return ids, weights / np.maximum(weights.max(axis=1, keepdims=True), 1e-9)
