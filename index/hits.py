"""Answers."""

from enum import StrEnum

from ..data import Record


class ReasonCode(StrEnum):
    """Why a trial stands in a list."""

    SAME_CONDITION = "SAME_CONDITION"
    SAME_INTERVENTION = "SAME_INTERVENTION"
    SAME_INTERVENTION_CLASS = "SAME_INTERVENTION_CLASS"
    SAME_COMPARATOR_PATTERN = "SAME_COMPARATOR_PATTERN"
    SAME_POPULATION = "SAME_POPULATION"
    SAME_DESIGN = "SAME_DESIGN"
    SAME_SPONSOR = "SAME_SPONSOR"
    SAME_PERIOD = "SAME_PERIOD"
    SIMILAR_TEXT = "SIMILAR_TEXT"


class Evidence(Record):
    """What both records say, each in its own words.

    Attributes:
        what: what they share.
        query_field, hit_field: the registry's names of the fields; ``text`` for a text query.
        query_text, hit_text: as they stand there.
    """

    what: str
    query_field: str
    query_text: str
    hit_field: str
    hit_text: str


class Reason(Record):
    """One reason; the shares of all of a hit's reasons add up to its score."""

    code: ReasonCode
    share: float
    evidence: tuple[Evidence, ...] = ()


class Hit(Record):
    """One related trial.

    Attributes:
        score: 0 to 1, calibrated; docs/ranking.md tells what it means.
        why: the reasons in one sentence.
        family: the other trials of its family in the list, if families are collapsed.
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
    why: str
    reasons: tuple[Reason, ...]
    family: tuple[str, ...] = ()
