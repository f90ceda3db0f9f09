"""Traits of a trial's design and population that its words give away.

Embeddings see what a trial is about better than how it asks its question. Three traits are read from the title and,
where the title is silent, from the arms and the summary: how the treatments are compared, at which line of treatment
the participants stand, and who they are. A trait that nothing gives away is unknown: it counts neither way.
"""

import re
from collections.abc import Mapping, Sequence
from enum import IntFlag
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from ..data import Trial
from .background import NO_BACKGROUND, Background
from .stated import stated

_COMPARES = re.compile(
    r"\b(versus|vs\.?|compar(ed|ing|ison)|or\b.{1,60}\balone|alone|monotherapy)(?=\W|$)", re.IGNORECASE
)
_COMBINES = re.compile(
    r"\b(plus|combin(ed|ing|ation|ations)|add(ed|ing|ition)?[- ](on|to)|together with|and/or)\b|\s\+\s|\w\+\w",
    re.IGNORECASE,
)
_PLACEBO = re.compile(r"\b(placebo|sham)\b", re.IGNORECASE)
_LINES = {
    "first": r"newly[- ]diagnosed|first[- ]line|front[- ]?line|initial (treatment|therapy|management)|untreated|"
    r"treatment[- ]na[iï]?ve|previously untreated|de novo|upfront",
    "later": r"refractory|resistan(t|ce)|relaps\w*|recurren(t|ce)|second[- ]line|third[- ]line|salvage|pre-?treated|"
    r"previously treated|(steroid|treatment|therapy|prior|has|have|had) fail\w*|failed|non-?respon\w+|"
    r"progress(ed|ing) (on|after)|intoleran\w+",
    "chronic": r"chronic|persistent|long[- ]term|maintenance|extension",
}
_PEOPLE = {
    "children": r"child\w*|p(a)?ediatric\w*|adolescen\w+|infants?|neonat\w+|newborns?|preterm|juvenile|youth|teen\w*",
    "pregnancy": r"pregnan\w+|gestation\w*|postpartum|prenatal|maternal|lactat\w+",
    "older": r"elderly|older (adults?|people|patients|persons)|geriatric|aged 6[05]",
}


class Comparison(IntFlag):
    """How treatments are set against each other; "A plus B versus B" both combines and compares."""

    COMBINES = 1
    COMPARES = 2
    PLACEBO = 4


class Line(IntFlag):
    """Where participants stand in the course of treatment."""

    FIRST = 1
    LATER = 2
    CHRONIC = 4


class People(IntFlag):
    """Who takes part, where it is not adults at large."""

    CHILDREN = 1
    PREGNANCY = 2
    OLDER = 4


TRAITS = ("comparison", "line", "people")
"""The traits in the order of the index's columns."""

_Flag = TypeVar("_Flag", bound=IntFlag)
_SETS = 8
"""Sets that three flags can form."""
_LARGEST = 3.0
"""Cap of a trait's standing: traits are light signals, and words can mislead."""
TRAITS_FILE, _COUNTS = "traits.npy", "traits.counts.npy"


def _patterns(kind: type[_Flag], words: Mapping[str, str]) -> list[tuple[_Flag, re.Pattern[str]]]:
    return [(kind[name.upper()], re.compile(rf"\b({pattern})\b", re.IGNORECASE)) for name, pattern in words.items()]


_COMPARISON_PATTERNS = [
    (Comparison.COMBINES, _COMBINES),
    (Comparison.COMPARES, _COMPARES),
    (Comparison.PLACEBO, _PLACEBO),
]
_LINE_PATTERNS = _patterns(Line, _LINES)
_STATED_LINES = {
    "first": r"newly[- ]diagnosed|untreated|treatment[- ]na[iï]?ve",
    "later": r"refractory|relapsed|recurrent|previously treated|pre-?treated|non-?responders|(has|have|had) failed",
    "chronic": r"chronic|persistent",
}
"""The words of lines that say it of people wherever they stand. In a title "relapse" does; in a summary it may be an
outcome, "first-line" what was given before, and "long-term" how safety is followed."""
_PEOPLE_PATTERNS = _patterns(People, _PEOPLE)
_STATED_LINE_PATTERNS = _patterns(Line, _STATED_LINES)
_PATTERNS: Mapping[str, Sequence[tuple[IntFlag, re.Pattern[str]]]] = {
    "comparison": _COMPARISON_PATTERNS,
    "line": _LINE_PATTERNS,
    "people": _PEOPLE_PATTERNS,
}


def traits(trial: Trial) -> tuple[int, int, int]:
    """Comparison, line and people of a trial as sets of flags, 0 where unknown."""
    title = " ".join(filter(None, (trial.brief_title, trial.official_title)))
    summary = trial.brief_summary or ""
    return (
        _flags(_COMPARISON_PATTERNS, title) or int(_arms(trial)),
        _flags(_LINE_PATTERNS, title) or _flags(_LINE_PATTERNS, summary),
        _flags(_PEOPLE_PATTERNS, title) or int(_ages(trial)),
    )


def trait_words(trait: str, texts: Sequence[tuple[str, str]]) -> dict[int, tuple[str, str]]:
    """The words that give a trait away, as `traits` reads it from titles or else, more strictly, from the summary.

    Args:
        trait: one of `TRAITS`.
        texts: names and texts of the fields, titles first.

    Returns:
        for each flag the field and the words as they stand there; empty where other fields than texts give it away.
    """
    titles = [(name, text) for name, text in texts if name != "briefSummary"]
    found = _words(_PATTERNS[trait], titles)
    if found or trait != "line":
        return found
    return _words(_STATED_LINE_PATTERNS, [one for one in texts if one[0] == "briefSummary"])


def placebo_words(listed: Sequence[tuple[str, str]]) -> dict[int, tuple[str, str]]:
    """`trait_words` of the comparison with placebo, from fields and names of listed interventions."""
    return _words([(Comparison.PLACEBO, _PLACEBO)], listed)


def _words(
    patterns: Sequence[tuple[IntFlag, re.Pattern[str]]], texts: Sequence[tuple[str, str]]
) -> dict[int, tuple[str, str]]:
    found: dict[int, tuple[str, str]] = {}
    for name, text in texts:
        for flag, pattern in patterns:
            if int(flag) not in found and (words := next(stated(pattern, text), None)):
                found[int(flag)] = (name, words)
    return found


def write_traits(folder: Path, rows: NDArray[np.uint8], background: Background = NO_BACKGROUND) -> None:
    """Write the traits of all trials: uint8, shape (trials, 3), in the index's order; what is counted beside them."""
    counts = trait_counts(rows) + (0 if background.traits is None else background.traits)
    np.save(folder / TRAITS_FILE, rows, allow_pickle=False)
    np.save(folder / _COUNTS, counts, allow_pickle=False)


def trait_counts(rows: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Trials with each set of flags of each trait: float64, shape (3, 8)."""
    return np.stack([np.bincount(column, minlength=_SETS) for column in rows.T]).astype(np.float64)


class TraitTable:
    """The traits of all trials, opened for comparison."""

    def __init__(self, folder: Path) -> None:
        self._rows: NDArray[np.uint8] = np.load(folder / TRAITS_FILE)
        self._counts: NDArray[np.float64] = np.load(folder / _COUNTS)

    def of_row(self, row: int) -> tuple[int, int, int]:
        """The traits of an indexed trial, as `traits` gives them."""
        comparison, line, people = self._rows[row].tolist()
        return comparison, line, people

    def standing(self, own: int, trait: str) -> NDArray[np.float32]:
        """How each set of flags stands towards a trial's own set: float32, shape (8,), 0 where either is unknown.

        Standard score of the sets' overlap (Jaccard) among the trials whose trait is known, so that sharing a rare
        trait says more than sharing a common one.
        """
        column = TRAITS.index(trait)
        known = self._counts[column].copy()
        known[0] = 0
        if own == 0 or known.sum() == 0:
            return np.zeros(_SETS, np.float32)
        overlap = np.asarray([(own & other).bit_count() / (own | other).bit_count() for other in range(_SETS)])
        mean = np.average(overlap, weights=known)
        deviation = np.sqrt(np.average((overlap - mean) ** 2, weights=known))
        if deviation == 0:
            return np.zeros(_SETS, np.float32)
        standing = np.clip((overlap - mean) / deviation, -_LARGEST, _LARGEST)
        standing[0] = 0
        return standing.astype(np.float32)

    def column(self, trait: str, rows: NDArray[np.int32]) -> NDArray[np.uint8]:
        """The sets of flags of some trials: uint8, shape (rows,)."""
        return self._rows[rows, TRAITS.index(trait)]


def _arms(trial: Trial) -> Comparison:
    """What the interventions of the arms say: one arm's within another's is an add-on."""
    arms = [frozenset(arm.intervention_names) for arm in trial.arm_groups if arm.intervention_names]
    found = Comparison(0)
    if any(any(stated(_PLACEBO, name)) for arm in arms for name in arm):
        found |= Comparison.PLACEBO
    if any(one < other for one in arms for other in arms):
        found |= Comparison.COMBINES | Comparison.COMPARES
    return found


def _ages(trial: Trial) -> People:
    if trial.maximum_age_years is not None and trial.maximum_age_years <= 18:
        return People.CHILDREN
    if trial.minimum_age_years is not None and trial.minimum_age_years >= 60:
        return People.OLDER
    return People(0)


def _flags(patterns: Sequence[tuple[IntFlag, re.Pattern[str]]], text: str) -> int:
    return sum(int(flag) for flag, pattern in patterns if any(stated(pattern, text)))
