"""`precedents`: how trials of a kind were built: size, length, arms, sites, design, endpoints, early ends."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

import numpy as np
from pydantic import Field

from ..data import Record, Trial
from ..data.trial import StudyDate
from .endpoints import EndpointGroup, endpoint_groups
from .stopping import StopClass, stop_class

FIELDS = (
    "nctId",
    "briefTitle",
    "overallStatus",
    "whyStopped",
    "startDate",
    "primaryCompletionDate",
    "completionDate",
    "studyType",
    "phases",
    "allocation",
    "masking",
    "enrollmentCount",
    "enrollmentType",
    "armGroups",
    "primaryOutcomes",
    "locations",
    "countries",
)
"""What `precedents` looks at of a trial."""
STOPPED = ("TERMINATED", "WITHDRAWN", "SUSPENDED")
_NO_STATUS = frozenset({"UNKNOWN"})
_DAYS_A_MONTH = 30.4375
_MIDDLE = 15


class NumberSummary(Record):
    """A distribution of numbers; all but the counts are absent where no trial states the number.

    Attributes:
        n: trials that state it.
        missing: trials that do not.
    """

    n: int
    missing: int
    min: float | None = None
    q1: float | None = None
    median: float | None = None
    q3: float | None = None
    max: float | None = None


class CodeCount(Record):
    """How many trials have a value."""

    value: str
    n: int


class CodeSummary(Record):
    """Values by how many trials have them, most first; a trial may have several."""

    n: int
    missing: int
    counts: tuple[CodeCount, ...] = ()


class StopReason(Record):
    """Why one trial was stopped, in its own words."""

    nct_id: str
    status: str
    text: str


class StopReasons(Record):
    """The stated reasons of one coarse class."""

    class_: StopClass = Field(alias="class")
    n: int
    reasons: tuple[StopReason, ...]


class Stopped(Record):
    """The trials that were stopped early.

    Attributes:
        of: trials whose status is known.
        n: those of them that are terminated, withdrawn or suspended.
        share: `n` of `of`; None where no status is known.
        unstated: ids of stopped trials that give no reason.
    """

    of: int
    n: int
    share: float | None
    by_status: tuple[CodeCount, ...]
    reasons: tuple[StopReasons, ...]
    unstated: tuple[str, ...]


class Precedents(Record):
    """Distributions over some trials; durations are in months, from planned dates where there are no actual ones."""

    n: int
    nct_ids: tuple[str, ...]
    enrollment_actual: NumberSummary
    enrollment_estimated: NumberSummary
    months_to_primary_completion: NumberSummary
    months_to_completion: NumberSummary
    arms: NumberSummary
    sites: NumberSummary
    countries: NumberSummary
    study_types: CodeSummary
    phases: CodeSummary
    allocation: CodeSummary
    masking: CodeSummary
    primary_outcomes: tuple[EndpointGroup, ...]
    stopped: Stopped


def precedents(trials: Sequence[Trial], most_endpoints: int = 15) -> Precedents:
    """Summarise trials.

    Args:
        trials: with at least the fields of `FIELDS`.
        most_endpoints: groups of primary outcomes to list.
    """
    return Precedents(
        n=len(trials),
        nct_ids=tuple(one.nct_id for one in trials),
        enrollment_actual=_enrolment(trials, "ACTUAL"),
        enrollment_estimated=_enrolment(trials, "ESTIMATED"),
        months_to_primary_completion=_numbers(_months(one.start_date, one.primary_completion_date) for one in trials),
        months_to_completion=_numbers(_months(one.start_date, one.completion_date) for one in trials),
        arms=_numbers(len(one.arm_groups) or None for one in trials),
        sites=_numbers(len(one.locations) or None for one in trials),
        countries=_numbers(len(one.countries) or None for one in trials),
        study_types=_codes([(one.study_type,) if one.study_type else () for one in trials]),
        phases=_codes([one.phases for one in trials]),
        allocation=_codes([(one.allocation,) if one.allocation else () for one in trials]),
        masking=_codes([(one.masking,) if one.masking else () for one in trials]),
        primary_outcomes=tuple(endpoint_groups(trials)[:most_endpoints]),
        stopped=_stopped(trials),
    )


def _enrolment(trials: Sequence[Trial], kind: str) -> NumberSummary:
    """Of one kind; a number whose kind is not stated is missing in both."""
    return _numbers(one.enrollment_count if one.enrollment_type == kind else None for one in trials)


def _numbers(values: Iterable[float | None]) -> NumberSummary:
    given = list(values)
    known = [one for one in given if one is not None]
    if not known:
        return NumberSummary(n=0, missing=len(given))
    least, low, middle, high, most = (
        np.percentile(np.asarray(known, np.float64), (0, 25, 50, 75, 100)).round(1).tolist()
    )
    return NumberSummary(
        n=len(known), missing=len(given) - len(known), min=least, q1=low, median=middle, q3=high, max=most
    )


def _codes(values: Sequence[Sequence[str]]) -> CodeSummary:
    known = [frozenset(one) for one in values if one]
    counts = Counter(code for one in known for code in one)
    return CodeSummary(n=len(known), missing=len(values) - len(known), counts=_counted(counts))


def _counted(counts: Counter[str]) -> tuple[CodeCount, ...]:
    return tuple(CodeCount(value=value, n=n) for value, n in sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def _months(start: StudyDate | None, end: StudyDate | None) -> float | None:
    """Months between two dates; None where one is missing, tells only the year, or they are the wrong way round."""
    first, last = _day(start), _day(end)
    if first is None or last is None or last < first:
        return None
    return (last - first).days / _DAYS_A_MONTH


def _day(given: StudyDate | None) -> date | None:
    parts = [int(part) for part in given.date.split("-")] if given else []
    if len(parts) < 2 or parts[0] == 0:
        return None
    try:
        return date(parts[0], parts[1], parts[2] if len(parts) == 3 else _MIDDLE)
    except ValueError:  # 30 February
        return None


def _stopped(trials: Sequence[Trial]) -> Stopped:
    known = [one for one in trials if one.overall_status and one.overall_status not in _NO_STATUS]
    stopped = [one for one in known if one.overall_status in STOPPED]
    by_class: dict[StopClass, list[StopReason]] = {}
    for one in stopped:
        if one.why_stopped:
            reason = StopReason(nct_id=one.nct_id, status=one.overall_status or "", text=one.why_stopped)
            by_class.setdefault(stop_class(one.why_stopped), []).append(reason)
    reasons = [
        StopReasons.model_validate({"class": kind, "n": len(given), "reasons": given})
        for kind, given in by_class.items()
    ]
    return Stopped(
        of=len(known),
        n=len(stopped),
        share=round(len(stopped) / len(known), 4) if known else None,
        by_status=_counted(Counter(one.overall_status for one in stopped if one.overall_status)),
        reasons=tuple(sorted(reasons, key=lambda one: (-one.n, one.class_))),
        unstated=tuple(one.nct_id for one in stopped if not one.why_stopped),
    )
