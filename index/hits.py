"""Answers."""

from ..data import Record
from ..embed import Section


class Likeness(Record):
    """Why a trial stands where it does.

    Attributes:
        sections: cosine of each section that query and trial both have, -1 to 1.
        words: standing of the shared words, in standard deviations above the average trial.
    """

    sections: dict[Section, float]
    words: float


class Hit(Record):
    """One related trial.

    Attributes:
        score: standard deviations above the average trial of the index; the higher, the closer.
    """

    rank: int
    nct_id: str
    title: str
    score: float
    overall_status: str | None
    phases: tuple[str, ...]
    study_type: str | None
    enrollment_count: int | None
    start_date: str | None
    conditions: tuple[str, ...]
    interventions: tuple[str, ...]
    lead_sponsor: str | None
    likeness: Likeness
