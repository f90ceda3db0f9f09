"""The coded design of trials, compared as a light signal: study type, primary purpose, phases."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..data import Trial

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
_FILE = "design.npy"

Design = tuple[int, int, int]
"""Study type and primary purpose as numbers, phases as a set of bits; 0 where unknown."""


def design(trial: Trial) -> Design:
    """The coded design of a trial."""
    return (
        _number(_TYPES, trial.study_type),
        _number(_PURPOSES, trial.primary_purpose),
        sum(1 << _PHASES.index(phase) for phase in set(trial.phases) if phase in _PHASES),
    )


def write_designs(folder: Path, rows: Sequence[Design] | NDArray[np.uint8]) -> None:
    """Write the designs of all trials, in the index's order."""
    np.save(folder / _FILE, np.asarray(rows, np.uint8).reshape(-1, 3), allow_pickle=False)


class DesignTable:
    """The designs of all trials, opened for comparison."""

    def __init__(self, folder: Path) -> None:
        self._rows: NDArray[np.uint8] = np.load(folder / _FILE)

    def of_row(self, row: int) -> Design:
        """The design of an indexed trial."""
        kind, purpose, phases = self._rows[row].tolist()
        return kind, purpose, phases

    def agreement(self, query: Design, rows: NDArray[np.int32]) -> NDArray[np.float32]:
        """How far designs agree: float32, shape (rows,).

        From -1 where all parts differ that both state, to 1 where all agree; 0 where there is nothing to compare.
        """
        own = np.asarray(query, np.uint8)
        others = self._rows[rows]
        both = (own > 0) & (others > 0)
        same = np.column_stack([others[:, :2] == own[:2], (others[:, 2] & own[2]) > 0]) & both
        stated = both.sum(axis=1)
        return np.where(stated > 0, 2 * same.sum(axis=1) / np.maximum(stated, 1) - 1, 0).astype(np.float32)


def _number(codes: Sequence[str], code: str | None) -> int:
    return codes.index(code) + 1 if code in codes else 0
