"""The fields of two trials that have a plain value or a set of them, side by side."""

from collections.abc import Callable, Iterable, Sequence
from math import isclose

from ..data import Trial
from .comparison import Fact, Relation, Value

_Values = tuple[Value, ...]


def _plain(name: str) -> Callable[[Trial], _Values]:
    def values(trial: Trial) -> _Values:
        value = getattr(trial, name)
        return () if value is None else (value,)

    return values


def _date(name: str) -> Callable[[Trial], _Values]:
    def values(trial: Trial) -> _Values:
        date = getattr(trial, name)
        return () if date is None else (date.date,)

    return values


_FIELDS: dict[str, Callable[[Trial], _Values]] = {
    "overallStatus": _plain("overall_status"),
    "whyStopped": _plain("why_stopped"),
    "studyType": _plain("study_type"),
    "phases": lambda trial: trial.phases,
    "allocation": _plain("allocation"),
    "interventionModel": _plain("intervention_model"),
    "observationalModel": _plain("observational_model"),
    "timePerspective": _plain("time_perspective"),
    "masking": _plain("masking"),
    "primaryPurpose": _plain("primary_purpose"),
    "enrollmentCount": _plain("enrollment_count"),
    "enrollmentType": _plain("enrollment_type"),
    "startDate": _date("start_date"),
    "primaryCompletionDate": _date("primary_completion_date"),
    "completionDate": _date("completion_date"),
    "sex": _plain("sex"),
    "minimumAge": _plain("minimum_age"),
    "maximumAge": _plain("maximum_age"),
    "healthyVolunteers": _plain("healthy_volunteers"),
    "leadSponsor": lambda trial: (trial.lead_sponsor.name,) if trial.lead_sponsor else (),
    "leadSponsor.class": lambda trial: (
        (trial.lead_sponsor.class_,) if trial.lead_sponsor and trial.lead_sponsor.class_ else ()
    ),
    "collaborators": lambda trial: tuple(one.name for one in trial.collaborators),
    "countries": lambda trial: trial.countries,
    "sites": lambda trial: (len(trial.locations),) if trial.locations else (),
    "hasResults": _plain("has_results"),
}
_YEARS = {"minimumAge": "minimum_age_years", "maximumAge": "maximum_age_years"}


def facts(first: Trial, second: Trial) -> tuple[Fact, ...]:
    """Every field that at least one of two trials states, in the order of a record."""
    found = []
    for field, values in _FIELDS.items():
        ours, theirs = values(first), values(second)
        if ours or theirs:
            same_age = field in _YEARS and _same_age(getattr(first, _YEARS[field]), getattr(second, _YEARS[field]))
            relation = Relation.SAME if same_age else relation_of(ours, theirs)
            found.append(Fact(field=field, relation=relation, first=ours, second=theirs))
    return tuple(found)


def relation_of(first: Sequence[Value], second: Sequence[Value]) -> Relation:
    """How two sets of values stand to one another, texts without regard to letter case; one of them is not empty."""
    if not second:
        return Relation.FIRST_ONLY
    if not first:
        return Relation.SECOND_ONLY
    ours, theirs = _folded(first), _folded(second)
    if ours == theirs:
        return Relation.SAME
    return Relation.OVERLAPPING if ours & theirs else Relation.DIFFERENT


def _folded(values: Iterable[Value]) -> set[tuple[str, Value]]:
    return {(type(one).__name__, one.casefold() if isinstance(one, str) else one) for one in values}


def _same_age(first: float | None, second: float | None) -> bool:
    """Whether two limits are the same age, such as 2 Years and 24 Months."""
    return first is not None and second is not None and isclose(first, second, rel_tol=1e-3, abs_tol=1e-9)
