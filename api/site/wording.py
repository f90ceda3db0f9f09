"""The registry's values as a page words them."""

import datetime
import re
from collections.abc import Sequence

from ..labels import code_label, phase_label

_CLASSES = {"NIH": "NIH", "FED": "Other U.S. federal", "OTHER_GOV": "Other government", "INDIV": "Individual"}
_TONES = {
    **dict.fromkeys(("RECRUITING", "ENROLLING_BY_INVITATION", "AVAILABLE"), "open"),
    **dict.fromkeys(("NOT_YET_RECRUITING", "ACTIVE_NOT_RECRUITING", "APPROVED_FOR_MARKETING"), "running"),
    **dict.fromkeys(("TERMINATED", "WITHDRAWN", "SUSPENDED", "NO_LONGER_AVAILABLE"), "stopped"),
}


def phase_words(phases: Sequence[str]) -> str:
    """``[PHASE2, PHASE3]`` as ``Phase 2/3``, ``[NA]`` as ``Phase not applicable``; empty where there is none."""
    if not phases:
        return ""
    if list(phases) == ["NA"]:
        return "Phase not applicable"
    return f"Phase {phase_label(phases)}"


def status_tone(status: str | None) -> str:
    """What a status means to who looks for a trial: open, running, stopped, or done."""
    return _TONES.get(status or "", "done")


def date_words(text: str | None) -> str:
    """A registry date as people write it, of its own precision: ``2025-07-01`` as ``1 July 2025``."""
    if not text:
        return ""
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 1:
        return text
    month = datetime.date(parts[0], parts[1], 1).strftime("%B")
    return f"{month} {parts[0]}" if len(parts) == 2 else f"{parts[2]} {month} {parts[0]}"


def number_words(number: float | None) -> str:
    """A number with its thousands apart; empty where there is none."""
    return "" if number is None else f"{number:,.0f}"


def field_words(name: str) -> str:
    """A field's name in the registry as words: ``briefTitle`` as ``brief title``."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def class_words(code: str) -> str:
    """A sponsor's class: ``OTHER_GOV`` as ``Other government``."""
    return _CLASSES.get(code, code_label(code))
