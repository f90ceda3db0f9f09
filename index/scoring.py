"""The trials of highest score for what is looked for.

Two channels find candidates among the trials allowed, each its own best few hundred exactly: profiles (dense) and words
(BM25). Every candidate is then scored on all that it has in common with the query; `score` says how. A trial's score
depends on the query, the trial and the index, never on filters, on other candidates or on how many hits are asked for;
a narrower filter only lets more trials become candidates. Up to `STABLE` hits the candidates do not depend on how many
are asked for either, so that a short list is the beginning of every longer one and pages of it fit together.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .channels import Channels
from .hits import ReasonCode
from .ideal import ideal_score
from .lexical import Lexical, TermQuery
from .query import Query, TextParts, Weighted
from .score import Parts, score

STABLE = 400
"""Lists of up to so many hits are each the beginning of the longer ones."""
_DEPTH = STABLE
"""Candidates a channel: as many as the longest of these lists has hits, whatever is asked for."""
_HIGH = 1.5
_LEAST_VARIANCE = 1e-6
"""Variance, as a part of the mean square, below which scores are all the same but for rounding."""
_DIGITS = 6
"""Scores that agree to so many decimals are ties; NCT ids decide."""


@dataclass(frozen=True)
class Ranked:
    """Trials by falling score.

    Attributes:
        rows: int32, shape (hits,).
        scores: float64, shape (hits,): raw, in standard deviations above the average trial.
        parts: float64, shape (hits,), a reason: what it adds; together they are the scores.
        ideal: the score of a perfect answer.
    """

    rows: NDArray[np.int32]
    scores: NDArray[np.float64]
    parts: Mapping[ReasonCode, NDArray[np.float64]]
    ideal: float

    def after(self, skip: int) -> "Ranked":
        """Without the first so many."""
        parts = {code: added[skip:] for code, added in self.parts.items()}
        return Ranked(self.rows[skip:], self.scores[skip:], parts, self.ideal)


def rank(
    wanted: Weighted, channels: Channels, top: int, allowed: NDArray[np.bool_] | None, floor: float = -np.inf
) -> Ranked:
    """The trials of highest score among those allowed: bool, shape (trials,); none below that part of a perfect one."""
    sighted = [(_look(query, channels), weight) for query, weight in wanted.parts]
    rows = _candidates([one for one, weight in sighted if weight > 0], channels, top, allowed, wanted.exclude)
    parts: Parts = {}
    for sight, weight in sighted:
        for code, added in score(sight.query, channels, sight.words, sight.profile_with_feedback, rows).items():
            parts[code] = parts.get(code, 0.0) + weight * added
    scores = np.round(sum(parts.values(), np.zeros(len(rows))), _DIGITS)
    best = np.lexsort((rows, -scores))[:top]
    ideal = sum(weight * sight.ideal for sight, weight in sighted if weight > 0)
    best = best[scores[best] >= floor * ideal]
    return Ranked(rows[best], scores[best], {code: added[best] for code, added in parts.items()}, ideal)


@dataclass(frozen=True)
class _Sight:
    """A query and how every trial stands to its words.

    Attributes:
        words: standard scores, float32, shape (trials,).
        ideal: the raw score of a perfect answer.
        profile_with_feedback: unit, float32, shape (dim,), for a text.
        nearest: a text's `_DEPTH` nearest profiles of all, if they were looked up.
    """

    query: Query
    words: NDArray[np.float32]
    ideal: float
    profile_with_feedback: NDArray[np.float32] | None = None
    nearest: NDArray[np.int32] | None = None


def _look(query: Query, channels: Channels) -> _Sight:
    if query.text is None or query.profile is None:
        words, most = _standard(query.terms, channels.lexical)
        return _Sight(query, words, ideal_score(query, channels, most))
    return _look_twice(query, query.text, query.profile, channels)


def _look_twice(query: Query, text: TextParts, profile: NDArray[np.float32], channels: Channels) -> _Sight:
    """Look for a text, then also for what its best answers speak of (pseudo-relevance feedback).

    Who writes "COPD" or a patient's story does not write all the words that trials use for it; the best answers do.
    The second look goes over all trials whatever the filters, so that they do not change scores.
    """
    lexical, profiles = channels.lexical, channels.profiles
    words, most = _standard(query.terms, lexical, text.coverage)
    nearest = profiles.nearest(profile, _DEPTH, None)
    rows = _union(nearest, _best(words, None, _DEPTH))
    mean, deviation = profiles.spread.standing(profile)
    meaning = (profiles.similarities(profile[None], rows)[0] - mean) / deviation
    first = np.round(words[rows] + text.meaning * meaning, _DIGITS)
    best = np.lexsort((rows, -first))[: text.feedback]
    rows, worth = rows[best], np.maximum(first[best], 1e-3)
    wider = lexical.with_feedback(query.terms, rows, worth.astype(np.float32))
    again, most_again = _standard(wider, lexical)
    centre = profile + profiles.vectors(rows).mean(axis=0) if len(rows) else profile
    centre = (centre / max(float(np.linalg.norm(centre)), 1e-9)).astype(np.float32)
    ideal = ideal_score(query, channels, (most + most_again) / 2)
    return _Sight(query, (words + again) * np.float32(0.5), ideal, centre, nearest)


def _candidates(
    sighted: list[_Sight],
    channels: Channels,
    top: int,
    allowed: NDArray[np.bool_] | None,
    exclude: tuple[int, ...],
) -> NDArray[np.int32]:
    """The best of each channel for each query, by row: int32."""
    trials = channels.lexical.trials
    depth = (_DEPTH if top <= STABLE else 2 * top) + len(exclude)
    count = trials if allowed is None else int(allowed.sum())
    if 2 * depth >= count:
        rows = np.arange(trials, dtype=np.int32) if allowed is None else np.flatnonzero(allowed).astype(np.int32)
    else:
        found = [_best(one.words, allowed, depth) for one in sighted]
        for one in sighted:
            if one.nearest is not None and allowed is None and depth == _DEPTH:
                found.append(one.nearest)
            elif one.query.profile is not None:
                found.append(channels.profiles.nearest(one.query.profile, depth, allowed))
        rows = _union(*found)
    return rows[~np.isin(rows, exclude)] if exclude else rows


def _best(scores: NDArray[np.float32], allowed: NDArray[np.bool_] | None, depth: int) -> NDArray[np.int32]:
    """The rows of highest score among those allowed; of equal ones at the end any.

    Standard scores: all but a few are below 2, and need not be looked at twice.
    """
    high = scores > _HIGH if allowed is None else (scores > _HIGH) & allowed
    rows = np.flatnonzero(high)
    if len(rows) >= depth:
        return rows[np.argpartition(scores[rows], len(rows) - depth)[-depth:]].astype(np.int32)
    if allowed is None:
        return np.argpartition(scores, max(len(scores) - depth, 0))[-depth:].astype(np.int32)
    rows = np.flatnonzero(allowed)
    return rows[np.argpartition(scores[rows], max(len(rows) - depth, 0))[-depth:]].astype(np.int32)


def _union(*found: NDArray[np.int32]) -> NDArray[np.int32]:
    return np.unique(np.concatenate(found))


def _standard(query: TermQuery, lexical: Lexical, coverage: float = 0.0) -> tuple[NDArray[np.float32], float]:
    """How every trial stands to some words, as standard scores, and how one stands that tells them over and over.

    Args:
        query: the words.
        lexical: of the index.
        coverage: power of the share of the words that a trial speaks of, by which its score is multiplied.
    """
    scores, elsewhere = lexical.scores(query, coverage), lexical.elsewhere(query, coverage)
    mean, square = float(scores.mean(dtype=np.float64)), float(np.square(scores).mean(dtype=np.float64))
    mean += elsewhere.share * (elsewhere.mean - mean)
    square += elsewhere.share * (elsewhere.square - square)
    variance = square - mean**2
    if variance <= _LEAST_VARIANCE * square:
        return np.zeros_like(scores), 0.0
    deviation = variance**0.5
    standard = scores - np.float32(mean)
    standard *= np.float32(1 / deviation)
    return standard, (lexical.most(query) - mean) / deviation
