"""The files of the lexical channel: what each term counts for each trial, worked out once.

Scores are those of BM25 in Lucene's variant, precomputed (BM25S, Lù 2024) in a sparse matrix of terms by trials. A
field's weight multiplies its term counts before saturation, the simple form of BM25F.
"""

from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa
from numpy.typing import NDArray
from scipy import sparse

from .arrow_file import lists
from .background import NO_BACKGROUND, Background
from .rarity import rarity
from .sparse_rows import write_rows

K1, B = 1.2, 0.75
TELLING = 40
"""Terms that stand for a whole trial as a query; the others are too common to tell it from the rest."""
VOCABULARY, STATISTICS = "vocabulary.json", "statistics.npz"
TELLING_IDS, TELLING_WEIGHTS, TOPIC = "telling-ids.npy", "telling-weights.npy", "topic"


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
    np.save(folder / TELLING_IDS, ids, allow_pickle=False)
    np.save(folder / TELLING_WEIGHTS, weights, allow_pickle=False)
    write_rows(folder, TOPIC, _cosine_rows(topics, idf), (background.trials, words.topic))
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
