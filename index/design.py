"""The design of trials, compared as a light signal: study type, primary purpose, phases, allocation.

Many records of older copies of the registry have texts and no codes. There the words tell whether participants are
randomised, or only observed.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..data import Trial
from .stated import stated

_TYPES = ("INTERVENTIONAL", "OBSERVATIONAL", "EXPANDED_ACCESS")
_PURPOSES = (
    "TREATMENT",
    "PREVENTION",
    "DIAGNOSTIC",
    "ECT",
    "SUPPORTIVE_CARE",
    "SCREENING",
    "HEALTH_SERVICES_RESEARCH",
    "BASIC_SCIENCE",
    "DEVICE_FEASIBILITY",
    "OTHER",
)
_PHASES = ("EARLY_PHASE1", "PHASE1", "PHASE2", "PHASE3", "PHASE4")
_ALLOCATIONS = ("RANDOMIZED", "NON_RANDOMIZED", "NA")
_WORDS = {
    "randomised": (("random",), r"\b(randomi[sz]\w*|randomly (assign|allocat)\w+)"),
    "observational": (
        ("observational", "retrospective", "registry", "cohort study", "case", "sectional"),
        r"\b(observational|retrospective\w*|registry|cohort study|case[- ]control|cross[- ]sectional)\b",
    ),
}
"""By design the words that tell it, and parts of which every such word has one: most texts have none, and are told so
at a tenth of the cost."""
_PATTERNS = {design: (parts, re.compile(words, re.IGNORECASE)) for design, (parts, words) in _WORDS.items()}
_CODES = {"randomised": ("INTERVENTIONAL", "RANDOMIZED"), "observational": ("OBSERVATIONAL", None)}
"""Study type and allocation of a design that words tell; one that is randomised and observed is randomised."""
_PHASE_NUMBERS = {
    form: number for number, forms in enumerate(["0", "1 i", "2 ii", "3 iii", "4 iv"]) for form in forms.split()
}
"""The number of a phase, in `_PHASES`, by the ways to write it."""
_PHASE_NAMED = re.compile(
    r"\b(early\s+)?phases?[\s-]+([0-4]|i{1,3}|iv)[abc]?\b(?:\s*(?:/|-|–|or|and|to)\s*(?:phase\s+)?([1-4]|i{1,3}|iv)[abc]?\b)?",
    re.IGNORECASE,
)
_PARTS, _PHASE = 4, 2
_FILE = "design.npy"

Design = tuple[int, int, int, int]
"""Study type and primary purpose as numbers, phases as a set of bits, allocation as a number; 0 where unknown."""


def design(trial: Trial) -> Design:
    """The design of a trial as its codes say; where it has no study type, that and allocation as its words do."""
    kind, allocation = trial.study_type, trial.allocation
    if not kind and (told := _told(_texts(trial))):
        kind, allocation = told
    return (
        _number(_TYPES, kind),
        _number(_PURPOSES, trial.primary_purpose),
        sum(1 << _PHASES.index(phase) for phase in set(trial.phases) if phase in _PHASES),
        _number(_ALLOCATIONS, allocation),
    )


def design_of_text(text: str) -> Design:
    """The design that the words of a text tell: its phases, and whether participants are randomised, or observed."""
    kind, allocation = _told([("text", text)]) or (None, None)
    phases = sum(1 << _PHASES.index(phase) for phase in phase_words(text))
    return _number(_TYPES, kind), 0, phases, _number(_ALLOCATIONS, allocation)


def phase_words(text: str) -> dict[str, str]:
    """The phases that a text names, as the registry codes them, each with the words: ``PHASE2`` for "phase II/III"."""
    found: dict[str, str] = {}
    for one in _PHASE_NAMED.finditer(text):
        early, *numbers = one.groups()
        for number in filter(None, numbers):
            code = _PHASES[_PHASE_NUMBERS[number.lower()]] if not early else _PHASES[0]
            found.setdefault(code, one[0])
    return found


def _told(texts: Iterable[tuple[str, str]]) -> tuple[str, str | None] | None:
    """Study type and allocation that words tell."""
    said = design_words(texts)
    return _CODES[said[0]] if said else None


def design_words(texts: Iterable[tuple[str, str]]) -> tuple[str, tuple[str, str]] | None:
    """The design that texts tell, ``randomised`` or ``observational``, with the field and the words that tell it first.

    Args:
        texts: names and texts of the fields.
    """
    folded = [(name, text, text.lower()) for name, text in texts]
    for told, (parts, pattern) in _PATTERNS.items():
        for name, text, lower in folded:
            if any(part in lower for part in parts) and (words := next(stated(pattern, text), None)):
                return told, (name, words)
    return None


def write_designs(folder: Path, rows: Sequence[Design] | NDArray[np.uint8]) -> None:
    """Write the designs of all trials, in the index's order."""
    np.save(folder / _FILE, np.asarray(rows, np.uint8).reshape(-1, _PARTS), allow_pickle=False)


class DesignTable:
    """The designs of all trials, opened for comparison."""

    def __init__(self, folder: Path) -> None:
        self._rows: NDArray[np.uint8] = np.load(folder / _FILE)

    def of_row(self, row: int) -> Design:
        """The design of an indexed trial."""
        kind, purpose, phases, allocation = self._rows[row].tolist()
        return kind, purpose, phases, allocation

    def agreement(self, query: Design, rows: NDArray[np.int32]) -> NDArray[np.float32]:
        """How far designs agree: float32, shape (rows,).

        From -1 where all parts differ that both state, to 1 where all agree; 0 where there is nothing to compare.
        """
        own = np.asarray(query, np.uint8)
        others = self._rows[rows]
        both = (own > 0) & (others > 0)
        same = others == own
        same[:, _PHASE] = (others[:, _PHASE] & own[_PHASE]) > 0
        same &= both
        stated = both.sum(axis=1)
        return np.where(stated > 0, 2 * same.sum(axis=1) / np.maximum(stated, 1) - 1, 0).astype(np.float32)


def _texts(trial: Trial) -> Iterator[tuple[str, str]]:
    for name in ("brief_title", "official_title", "brief_summary", "detailed_description"):
        if text := getattr(trial, name):
            yield name, text


def _number(codes: Sequence[str], code: str | None) -> int:
    return codes.index(code) + 1 if code in codes else 0
