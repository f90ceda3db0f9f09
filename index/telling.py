"""The most telling likenesses and differences of two trials, a plain sentence each."""

from collections.abc import Iterator, Sequence

from ..data import Trial
from ..data.trial import ArmGroup, Intervention, Outcome
from .comparison import Criterion, Fact, Pair, Relation, Section, Summary, Threshold, Value
from .named import is_inactive
from .named_classes import named_classes

_MOST = 6
_MOST_THRESHOLDS = 3
_SURE = 0.4
"""Likeness of a pair of criteria from which on a changed number of theirs is told."""
_LONGEST = 110
_FEW = 3
_SIZES = 2.0
"""Enrolments that are told apart differ by this factor at least."""
_TOLD_FACTS = {
    "phases": "phase",
    "studyType": "type",
    "allocation": "allocation",
    "masking": "masking",
    "interventionModel": "model",
    "overallStatus": "status",
    "sex": "sex",
    "minimumAge": "minimum age",
    "maximumAge": "maximum age",
    "countries": "countries",
}
_SHARED_FACTS = ("phases", "allocation", "masking", "leadSponsor", "countries")


def summary(
    first: Trial,
    second: Trial,
    *,
    basics: Sequence[Fact],
    conditions: Section[str],
    interventions: Section[Intervention],
    arms: Section[ArmGroup],
    primary_outcomes: Section[Outcome],
    secondary_outcomes: Section[Outcome],
    eligibility: Section[Criterion],
) -> Summary:
    """The sections of a comparison in a few sentences; arms and secondary outcomes say too little for one."""
    del arms, secondary_outcomes
    ids = first.nct_id, second.nct_id
    facts = {one.field: one for one in basics}
    names = [[one.name for one in side] for side in (interventions.first_only, interventions.second_only)]
    likenesses = [
        *_shared("Both are about", [one.first for one in conditions.pairs]),
        *_shared("Both give", [_of_both(one) for one in interventions.pairs if not is_inactive(one.first.name)]),
        *_shared("Both compare with", [one.first.name for one in interventions.pairs if is_inactive(one.first.name)]),
        *_shared_classes(first, second, interventions),
        *_shared_facts(facts),
        *_shared("Both have as a primary outcome", [one.first.measure for one in primary_outcomes.pairs]),
        *_shared_criteria(eligibility),
    ]
    differences = [
        *_only(ids[0], "is about", () if conditions.pairs else conditions.first_only),
        *_only(ids[1], "is about", () if conditions.pairs else conditions.second_only),
        *_only(ids[0], "gives", names[0]),
        *_only(ids[1], "gives", names[1]),
        *_changed_numbers(ids, eligibility.pairs),
        *_enrolments(ids, facts),
        *(_difference(ids, label, facts[field]) for field, label in _TOLD_FACTS.items() if _differs(facts.get(field))),
        *_outcomes(ids, primary_outcomes),
    ]
    return Summary(likenesses=tuple(likenesses[:_MOST]), differences=tuple(differences[: _MOST + _MOST_THRESHOLDS]))


def _shared(verb: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        yield f"{verb} {_listed(names)}."


def _of_both(pair: Pair[Intervention]) -> str:
    """The name, with the other's where neither is part of the other."""
    first, second = pair.first.name, pair.second.name
    ours, theirs = first.casefold(), second.casefold()
    return first if ours in theirs or theirs in ours else f"{first} ({second})"


def _only(nct_id: str, verb: str, names: Sequence[str]) -> Iterator[str]:
    if names:
        yield f"Only {nct_id} {verb} {_listed(names)}."


def _shared_classes(first: Trial, second: Trial, interventions: Section[Intervention]) -> Iterator[str]:
    """The classes that the drugs of both belong to, where no drug is shared: those of the package, or MeSH headings."""
    if any(not is_inactive(one.first.name) for one in interventions.pairs):
        return
    given = [
        named_classes(one.name for one in trial.interventions if not is_inactive(one.name)) for trial in (first, second)
    ]
    above = [{one.term for one in trial.intervention_ancestors} for trial in (first, second)]
    for verb, (ours, theirs) in (("Both give", given), ("The drugs of both belong to", above)):
        if shared := sorted(ours & theirs):
            yield f"{verb} {_listed(shared[:_FEW])}."
            return


def _shared_facts(facts: dict[str, Fact]) -> Iterator[str]:
    same = [facts[name] for name in _SHARED_FACTS if name in facts and facts[name].relation is Relation.SAME]
    told = [f"{_LABELS[one.field]} {_values(one.first)}" for one in same if one.first != ("NA",)]
    if told:
        yield f"Both have {', '.join(told)}."


_LABELS = {
    "phases": "phase",
    "allocation": "allocation",
    "masking": "masking",
    "leadSponsor": "the lead sponsor",
    "countries": "sites in",
}


def _shared_criteria(eligibility: Section[Criterion]) -> Iterator[str]:
    same = [one for one in eligibility.pairs if one.relation is Relation.SAME]
    if same:
        word = "criterion" if len(same) == 1 else "criteria"
        yield f"{len(same)} {word} of eligibility say the same, {len(eligibility.pairs) - len(same)} the like."


def _changed_numbers(ids: tuple[str, str], pairs: Sequence[Pair[Criterion]]) -> Iterator[str]:
    told = 0
    for pair in sorted(pairs, key=lambda one: -one.likeness):
        for mark in pair.thresholds:
            if mark.relation is Relation.DIFFERENT and pair.likeness >= _SURE and told < _MOST_THRESHOLDS:
                told += 1
                yield _changed_number(ids, pair, mark)
                break


def _changed_number(ids: tuple[str, str], pair: Pair[Criterion], mark: Threshold) -> str:
    quoted = []
    for criterion, span in ((pair.first, mark.first), (pair.second, mark.second)):
        quoted.append(criterion.text[span.start : span.end] if span else "")
    return f"“{quoted[0]}” in {ids[0]} is “{quoted[1]}” in {ids[1]}: {_shortened(pair.first.text)}."


def _enrolments(ids: tuple[str, str], facts: dict[str, Fact]) -> Iterator[str]:
    one = facts.get("enrollmentCount")
    if one is None or not one.first or not one.second:
        return
    sizes = [int(one.first[0]), int(one.second[0])]
    if max(sizes) >= _SIZES * max(min(sizes), 1):
        yield f"{ids[0]} enrols {sizes[0]:,}, {ids[1]} {sizes[1]:,}."


def _differs(one: Fact | None) -> bool:
    return one is not None and one.relation in (Relation.DIFFERENT, Relation.OVERLAPPING)


def _difference(ids: tuple[str, str], label: str, one: Fact) -> str:
    return f"{label.capitalize()}: {ids[0]} {_values(one.first)}, {ids[1]} {_values(one.second)}."


def _outcomes(ids: tuple[str, str], outcomes: Section[Outcome]) -> Iterator[str]:
    if not outcomes.pairs and outcomes.first_only and outcomes.second_only:
        first, second = (_shortened(side[0].measure) for side in (outcomes.first_only, outcomes.second_only))
        yield f"Primary outcome: {ids[0]} “{first}”, {ids[1]} “{second}”."


def _values(values: Sequence[Value]) -> str:
    if all(isinstance(one, str) and one.startswith("PHASE") for one in values):
        return "/".join(_label(one) for one in values)
    return _listed([_label(one) for one in values])


def _label(value: Value) -> str:
    text = str(value)
    if text in ("NA", "N/A"):
        return "not applicable"
    return text.replace("_", " ").lower().removeprefix("phase") if text.isupper() else text


def _listed(names: Sequence[str]) -> str:
    known = list(dict.fromkeys(_shortened(name) for name in names))
    more = len(known) - _FEW
    return ", ".join(known[:_FEW]) + (f" and {more} more" if more > 0 else "")


def _shortened(text: str) -> str:
    line = " ".join(text.split()).rstrip(".;:")
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST].rsplit(' ', 1)[0]}…"
