"""The score of a trial for a query, and the trials of highest score.

A trial's score is how many standard deviations it lies above the average trial: the weighted mean of its standing in
meaning (dense) and in words (lexical), and a little for each trait of design and population that both share. Its
standing in meaning is the weighted mean of the cosines' standard scores over the sections that query and trial both
have, so a record with only a title is judged by its title. The score depends on the query, the trial and the index
alone, never on filters, on how many hits are asked for, or on other candidates.

The top is exact: candidates of both channels are scored, and the search goes deeper until no trial outside them can
reach the top (the threshold algorithm of Fagin, Lotem and Naor, 2003).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..embed import Section
from .dense import Dense
from .lexical import Lexical, TermQuery
from .traits import TraitTable

_DEPTH = 300
"""Candidates a channel in the first round."""
_DIGITS = 6
"""Scores that agree to so many decimals are ties; NCT ids decide."""
_ROUNDING = 1e-6
"""FAISS sums a cosine in another order than `DenseSection.similarities`; they differ by less than this."""


@dataclass(frozen=True)
class Query:
    """What is looked for.

    Attributes:
        vectors: a unit vector, float32 (dim,), for each section to compare.
        weights: the weight of each of these sections.
        terms: for the lexical channel.
        lexical: the weight of the lexical channel, beside 1 of the dense channel.
        traits: for each trait what each of its values adds to the score: float32, shape (8,).
        exclude: the row of the query itself, which is never an answer.
    """

    vectors: Mapping[Section, NDArray[np.float32]]
    weights: Mapping[Section, float]
    terms: TermQuery
    lexical: float
    traits: Mapping[str, NDArray[np.float32]]
    exclude: int | None = None


@dataclass(frozen=True)
class Ranked:
    """Trials by falling score.

    Attributes:
        rows: int32, shape (hits,).
        scores: float64, shape (hits,).
        lexical: float32, shape (hits,): standard scores of the lexical channel.
        cosines: float32, shape (hits,), a section of the query; NaN where the trial lacks it.
    """

    rows: NDArray[np.int32]
    scores: NDArray[np.float64]
    lexical: NDArray[np.float32]
    cosines: Mapping[Section, NDArray[np.float32]]


@dataclass(frozen=True)
class Channels:
    """What an index compares trials by."""

    dense: Dense
    lexical: Lexical
    traits: TraitTable


def rank(query: Query, channels: Channels, top: int, allowed: NDArray[np.bool_] | None) -> Ranked:
    """The trials of highest score among those allowed: bool, shape (trials,)."""
    lexical = channels.lexical
    if query.exclude is not None:
        allowed = np.ones(lexical.trials, np.bool_) if allowed is None else allowed.copy()
        allowed[query.exclude] = False
    every = np.arange(lexical.trials, dtype=np.int32) if allowed is None else np.flatnonzero(allowed).astype(np.int32)
    words = _standard(lexical.scores(query.terms))
    depth = max(_DEPTH, 2 * top)
    while True:
        if depth * 4 >= len(every):
            return _score(query, channels, words, every, top)
        rows, ceiling = _candidates(query, channels.dense, words, every, allowed, depth)
        ranked = _score(query, channels, words, rows, top)
        if len(ranked.rows) == top and ranked.scores[-1] > ceiling:
            return ranked
        depth *= 4


def _candidates(
    query: Query,
    dense: Dense,
    words: NDArray[np.float32],
    every: NDArray[np.int32],
    allowed: NDArray[np.bool_] | None,
    depth: int,
) -> tuple[NDArray[np.int32], float]:
    """The best of each channel, and a score that no other trial exceeds."""
    nearest = np.argpartition(-words[every], depth)
    found = [every[nearest[:depth]]]
    word_ceiling = float(words[every[nearest[depth]]])
    dense_ceiling = 0.0  # a trial without any of the query's sections stands at the average
    for section, vector in query.vectors.items():
        if query.weights[section] > 0:
            hits = dense[section].search(vector, depth, allowed)
            found.append(hits.rows)
            if hits.floor is not None:
                mean, deviation = dense[section].spread(vector)
                dense_ceiling = max(dense_ceiling, (hits.floor + _ROUNDING - mean) / deviation)
    ceiling = (dense_ceiling + query.lexical * word_ceiling) / (1 + query.lexical)
    ceiling += sum(float(added.max()) for added in query.traits.values())
    return np.unique(np.concatenate(found)), ceiling + 10.0**-_DIGITS


def _score(query: Query, channels: Channels, words: NDArray[np.float32], rows: NDArray[np.int32], top: int) -> Ranked:
    total = np.zeros(len(rows), np.float64)
    weight = np.zeros(len(rows), np.float64)
    cosines: dict[Section, NDArray[np.float32]] = {}
    for section, vector in query.vectors.items():
        if query.weights[section] <= 0:
            continue
        cosines[section] = channels.dense[section].similarities(vector, rows)
        mean, deviation = channels.dense[section].spread(vector)
        has = ~np.isnan(cosines[section])
        total[has] += query.weights[section] * (cosines[section][has].astype(np.float64) - mean) / deviation
        weight[has] += query.weights[section]
    meaning = total / np.where(weight > 0, weight, 1.0)
    scores = (meaning + query.lexical * words[rows]) / (1 + query.lexical)
    for trait, added in query.traits.items():
        scores += added[channels.traits.column(trait, rows)]
    scores = np.round(scores, _DIGITS)
    best = np.lexsort((rows, -scores))[:top]
    return Ranked(
        rows[best], scores[best], words[rows[best]], {section: values[best] for section, values in cosines.items()}
    )


def _standard(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    deviation = float(scores.std(dtype=np.float64))
    if deviation == 0:
        return np.zeros_like(scores)
    return ((scores - scores.mean(dtype=np.float64)) / deviation).astype(np.float32)
