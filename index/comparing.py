"""`compare`: two trials side by side, what is the same, what differs, what only one of them says."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..data import Trial
from ..data.trial import Outcome
from .aligning import make_pair, section
from .basics import facts
from .comparison import Compared, Comparison, Criterion, CriterionKind, Pair, Relation, Section, Threshold
from .criteria import criteria
from .named import called, compare_arms, compare_conditions, compare_interventions
from .telling import summary
from .thresholds import thresholds
from .wording import Reader, Words, likenesses, reader_of, same_words

_LEAST_OUTCOME = 0.28
_LEAST_CRITERION = 0.28
_CONTAINED = 0.3
"""What containment counts in a likeness: some records say at length what others name in two words."""
_OTHER_KIND = 0.65
"""What the likeness of inclusion and exclusion counts: "not pregnant" and "pregnancy" are one matter."""
_UNKNOWN_KIND = 0.95
_TIME_FRAME, _HEADING = 0.15, 0.5
"""Weights of the words of a time frame and of a heading, beside those of the measure and of the criterion."""


def compare(first: Trial, second: Trial) -> Comparison:
    """Set two trials side by side.

    Items are paired one to one, the likest together; with the trials exchanged the pairs are the same. Every text is
    that of the record, and spans count its characters.
    """
    texts = [text for trial in (first, second) for text in _texts(trial)]
    read, read_names = reader_of(texts), reader_of(texts, grouped=False)
    parts = {
        "basics": facts(first, second),
        "conditions": compare_conditions(first, second, read),
        "interventions": compare_interventions(first, second, read_names, called(texts)),
        "arms": compare_arms(first, second, read_names),
        "primary_outcomes": _outcomes(first.primary_outcomes, second.primary_outcomes, read, read_names),
        "secondary_outcomes": _outcomes(first.secondary_outcomes, second.secondary_outcomes, read, read_names),
        "eligibility": _eligibility(first, second, read, read_names),
    }
    return Comparison(
        first=Compared(nct_id=first.nct_id, title=first.title),
        second=Compared(nct_id=second.nct_id, title=second.title),
        summary=summary(first, second, **parts),
        **parts,
    )


def _texts(trial: Trial) -> tuple[str | None, ...]:
    return (
        trial.brief_title,
        trial.official_title,
        trial.brief_summary,
        trial.detailed_description,
        trial.eligibility_criteria,
        *trial.conditions,
        *(one.measure for one in (*trial.primary_outcomes, *trial.secondary_outcomes)),
    )


def _outcomes(
    first: Sequence[Outcome], second: Sequence[Outcome], read: Reader, read_names: Reader
) -> Section[Outcome]:
    def words(one: Outcome) -> Words:
        return {word: weight * _TIME_FRAME for word, weight in read(one.time_frame or "").items()} | read(one.measure)

    def likeness(these: Sequence[Outcome], those: Sequence[Outcome]) -> NDArray[np.float64]:
        return likenesses([words(one) for one in these], [words(one) for one in those], contained=_CONTAINED)

    def marks(one: Outcome, other: Outcome) -> tuple[Threshold, ...]:
        return (
            *thresholds("measure", one.measure, other.measure),
            *thresholds("timeFrame", one.time_frame, other.time_frame),
        )

    def pair(one: Outcome, other: Outcome, value: float) -> Pair[Outcome]:
        found = marks(one, other)
        differing = []
        if not same_words(one.measure, other.measure, read_names) or _has_changed(found, "measure"):
            differing.append("measure")
        if not same_words(one.time_frame or "", other.time_frame or "", read_names) or _has_changed(found, "timeFrame"):
            differing.append("timeFrame")
        return make_pair(one, other, value, differing, found)

    return section(first, second, likeness, _LEAST_OUTCOME, pair)


def _eligibility(first: Trial, second: Trial, read: Reader, read_names: Reader) -> Section[Criterion]:
    def words(one: Criterion) -> Words:
        return {word: weight * _HEADING for word, weight in read(one.heading or "").items()} | read(one.text)

    def likeness(these: Sequence[Criterion], those: Sequence[Criterion]) -> NDArray[np.float64]:
        values = likenesses([words(one) for one in these], [words(one) for one in those], contained=_CONTAINED)
        return values * np.asarray([[_of_kinds(one, other) for other in those] for one in these])

    def pair(one: Criterion, other: Criterion, value: float) -> Pair[Criterion]:
        opposite = {one.kind, other.kind} == {CriterionKind.INCLUSION, CriterionKind.EXCLUSION}
        found = thresholds("text", one.text, other.text, opposite=opposite)
        differing = ["kind"] if opposite else []
        if not same_words(one.text, other.text, read_names) or _has_changed(found, "text"):
            differing.append("text")
        return make_pair(one, other, value, differing, found)

    ours, theirs = criteria(first.eligibility_criteria), criteria(second.eligibility_criteria)
    return section(ours, theirs, likeness, _LEAST_CRITERION, pair)


def _of_kinds(one: Criterion, other: Criterion) -> float:
    if one.kind is other.kind:
        return 1.0
    return _UNKNOWN_KIND if CriterionKind.OTHER in (one.kind, other.kind) else _OTHER_KIND


def _has_changed(found: Sequence[Threshold], part: str) -> bool:
    return any(one.part == part and one.relation is not Relation.SAME for one in found)
