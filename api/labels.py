"""The registry's coded values as people say them."""

from collections.abc import Sequence

_PHASES = {"NA": "–", "EARLY_PHASE1": "early 1", "PHASE1": "1", "PHASE2": "2", "PHASE3": "3", "PHASE4": "4"}


def phase_label(phases: Sequence[str]) -> str:
    """``[PHASE2, PHASE3]`` as ``2/3``; a dash where there is none."""
    return "/".join(_PHASES.get(phase, phase) for phase in phases) or "–"


def code_label(code: str | None) -> str:
    """``ACTIVE_NOT_RECRUITING`` as ``Active not recruiting``, ``NA`` in words; a dash where there is none."""
    if code == "NA":
        return "Not applicable"
    return code.replace("_", " ").capitalize() if code else "–"
