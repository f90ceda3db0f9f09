"""A comparison of two trials as tables for people."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..data.trial import ArmGroup, Intervention, Outcome
from ..index.comparison import Comparison, Criterion, Fact, Pair, Relation, Section, Span, Threshold, Value
from .labels import code_label, phase_label

T = TypeVar("T")
_SIGNS = {
    Relation.SAME: "=",
    Relation.OVERLAPPING: "≈",
    Relation.DIFFERENT: "≠",
    Relation.FIRST_ONLY: "◂",
    Relation.SECOND_ONLY: "▸",
}
_KEY = "= same   ≈ alike, or partly the same   ≠ different   ◂ ▸ only one says it   underlined: a number that differs"
_SAME_NUMBER, _OTHER_NUMBER = "green", "bold underline"
_MOST_SHOWN = 12
"""Values of a field, such as countries, before the rest is counted."""
_FIELDS = {
    "overallStatus": "Status",
    "whyStopped": "Why stopped",
    "studyType": "Type",
    "phases": "Phase",
    "interventionModel": "Model",
    "observationalModel": "Model",
    "primaryPurpose": "Purpose",
    "enrollmentCount": "Enrolment",
    "enrollmentType": "Enrolment is",
    "startDate": "Start",
    "primaryCompletionDate": "Primary completion",
    "completionDate": "Completion",
    "minimumAge": "Minimum age",
    "maximumAge": "Maximum age",
    "healthyVolunteers": "Healthy volunteers",
    "timePerspective": "Time perspective",
    "leadSponsor": "Sponsor",
    "leadSponsor.class": "Sponsor's class",
    "hasResults": "Has results",
}


def write_comparison(comparison: Comparison, console: Console) -> None:
    """The summary, the plain fields, and a table of every section in which one of the trials says something."""
    first, second = comparison.first, comparison.second
    for one in (first, second):
        console.print(Text(f"{one.nct_id}  {one.title}", style="bold"))
    console.print()
    for sign, sentences in (("=", comparison.summary.likenesses), ("≠", comparison.summary.differences)):
        for sentence in sentences:
            console.print(Text(f" {sign} {sentence}"))
    console.print()
    console.print(_facts(comparison))
    write = _Writer(console, first.nct_id, second.nct_id)
    write.section("Conditions", comparison.conditions, lambda one: [("name", one)])
    write.section("Interventions", comparison.interventions, _of_intervention)
    write.section("Arms", comparison.arms, _of_arm)
    write.section("Primary outcomes", comparison.primary_outcomes, _of_outcome)
    write.section("Secondary outcomes", comparison.secondary_outcomes, _of_outcome)
    write.section("Eligibility", comparison.eligibility, _of_criterion)
    console.print(_KEY, style="dim")


def _facts(comparison: Comparison) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    table.add_column("")
    table.add_column("Field")
    table.add_column(comparison.first.nct_id, ratio=1)
    table.add_column(comparison.second.nct_id, ratio=1)
    for fact in comparison.basics:
        label = _FIELDS.get(fact.field, code_label(fact.field))
        table.add_row(_SIGNS[fact.relation], label, *(Text(_values(fact, side)) for side in (fact.first, fact.second)))
    return table


def _values(fact: Fact, values: Sequence[Value]) -> str:
    if fact.field == "phases":
        return phase_label([str(one) for one in values])
    shown = ", ".join(map(_value, values[:_MOST_SHOWN])) or "–"
    more = len(values) - _MOST_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def _value(value: Value) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    is_code = value.isupper() and value.replace("_", "").isalpha()
    return code_label(value) if is_code else value


Parts = Callable[[T], list[tuple[str, str]]]
"""The texts of an item that are shown, each with the name of its part; the first stands out."""


class _Writer:
    """Writes sections as tables of two columns."""

    def __init__(self, console: Console, first: str, second: str) -> None:
        self._console = console
        self._first = first
        self._second = second

    def section(self, title: str, section: Section[T], parts: Callable[[T], list[tuple[str, str]]]) -> None:
        """A row a pair, then what only one lists; nothing where both list nothing."""
        if not (section.pairs or section.first_only or section.second_only):
            return
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True, title=Text(title, style="bold"))
        table.title_justify = "left"
        table.add_column("")
        table.add_column(self._first, ratio=1)
        table.add_column(self._second, ratio=1)
        for pair in section.pairs:
            table.add_row(_sign(pair), *_cells(pair, parts))
        for one in section.first_only:
            table.add_row(_SIGNS[Relation.FIRST_ONLY], _cell(parts(one), ()), "")
        for one in section.second_only:
            table.add_row(_SIGNS[Relation.SECOND_ONLY], "", _cell(parts(one), ()))
        self._console.print(table)


def _sign(pair: Pair[T]) -> str:
    return _SIGNS[Relation.SAME if pair.relation is Relation.SAME else Relation.OVERLAPPING]


def _cells(pair: Pair[T], parts: Callable[[T], list[tuple[str, str]]]) -> tuple[Text, Text]:
    marks: tuple[list[tuple[Threshold, Span]], list[tuple[Threshold, Span]]] = ([], [])
    for one in pair.thresholds:
        for side, span in zip(marks, (one.first, one.second), strict=True):
            if span is not None:
                side.append((one, span))
    return _cell(parts(pair.first), marks[0]), _cell(parts(pair.second), marks[1])


def _cell(parts: Iterable[tuple[str, str]], marks: Iterable[tuple[Threshold, Span]]) -> Text:
    """The parts below one another; line breaks of the record are blanks, so that spans stay where they are."""
    shown: list[Text] = []
    for number, (name, words) in enumerate(parts):
        text = Text(words.replace("\n", " "), style="" if number == 0 else "dim")
        for mark, span in marks:
            if mark.part == name:
                text.stylize(_SAME_NUMBER if mark.relation is Relation.SAME else _OTHER_NUMBER, span.start, span.end)
        shown.append(text)
    return Text("\n").join(shown)


def _of_intervention(one: Intervention) -> list[tuple[str, str]]:
    return [
        ("name", one.name),
        *((("type", code_label(one.type)),) if one.type else ()),
        *((("otherNames", ", ".join(one.other_names)),) if one.other_names else ()),
        *((("description", one.description),) if one.description else ()),
    ]


def _of_arm(one: ArmGroup) -> list[tuple[str, str]]:
    return [
        ("label", one.label),
        *((("type", code_label(one.type)),) if one.type else ()),
        *((("interventionNames", ", ".join(one.intervention_names)),) if one.intervention_names else ()),
        *((("description", one.description),) if one.description else ()),
    ]


def _of_outcome(one: Outcome) -> list[tuple[str, str]]:
    return [("measure", one.measure), *((("timeFrame", one.time_frame),) if one.time_frame else ())]


def _of_criterion(one: Criterion) -> list[tuple[str, str]]:
    heading = f" – {one.heading}" if one.heading else ""
    return [("text", one.text), ("kind", f"{code_label(one.kind)}{heading}")]
