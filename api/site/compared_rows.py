"""A comparison as the rows of tables: each with what the first and the second trial say, and changed numbers marked."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from markupsafe import Markup, escape

from ...data.trial import ArmGroup, Intervention, Outcome
from ...index.comparison import Comparison, Criterion, CriterionKind, Fact, Relation, Section, Span, Threshold, Value
from ..labels import code_label
from .wording import date_words, field_words, number_words, phase_words

T = TypeVar("T")
_FIELD_NAMES = {
    "overallStatus": "Status",
    "phases": "Phase",
    "enrollmentCount": "Participants",
    "enrollmentType": "Participants counted",
    "leadSponsor.class": "Class of sponsor",
    "hasResults": "Results posted",
}
_TEXTS = frozenset({"whyStopped", "minimumAge", "maximumAge", "leadSponsor", "collaborators", "countries"})
_RELATION_WORDS = {Relation.SAME: "Same", Relation.OVERLAPPING: "Partly the same", Relation.DIFFERENT: "Different"}
_MARKS = {Relation.SAME: "=", Relation.OVERLAPPING: "≈", Relation.DIFFERENT: "≠"}


@dataclass(frozen=True)
class Line:
    """One part of what a trial says.

    Attributes:
        text: escaped, with ``<mark>`` around numbers that the other trial does not say.
        weight: ``head``, ``body`` or ``note``.
    """

    text: Markup
    weight: str = "body"


Lines = Sequence[Line]


@dataclass(frozen=True)
class Row:
    """What both trials say of one thing; the lines of a trial that says nothing are empty.

    Attributes:
        name: of a field, or of the kind of a criterion; may be empty.
        tone: ``same``, ``partly``, ``differs``, ``first`` or ``second``.
        mark, words: the relation as a sign and in words.
    """

    name: str
    tone: str
    mark: str
    words: str
    first: Lines
    second: Lines


@dataclass(frozen=True)
class Table:
    """One section of a comparison; `key` names it in addresses."""

    key: str
    title: str
    rows: Sequence[Row]

    @property
    def alike(self) -> int:
        """How many rows say the same."""
        return sum(row.tone == "same" for row in self.rows)


def tables(comparison: Comparison) -> list[Table]:
    """The sections of which at least one trial says something, in the order of a record."""
    ids = comparison.first.nct_id, comparison.second.nct_id
    found = [
        Table("basics", "Key facts", [_fact_row(fact, ids) for fact in comparison.basics]),
        Table("conditions", "Conditions", _rows(comparison.conditions, ids, _text)),
        Table("interventions", "Interventions", _rows(comparison.interventions, ids, _intervention)),
        Table("arms", "Arms", _rows(comparison.arms, ids, _arm)),
        Table("primary", "Primary outcomes", _rows(comparison.primary_outcomes, ids, _outcome)),
        Table("secondary", "Secondary outcomes", _rows(comparison.secondary_outcomes, ids, _outcome)),
        Table("eligibility", "Eligibility criteria", _criteria(comparison.eligibility, ids)),
    ]
    return [table for table in found if table.rows]


def _row(name: str, relation: Relation, ids: tuple[str, str], first: Lines, second: Lines, differing: str = "") -> Row:
    if relation is Relation.FIRST_ONLY:
        return Row(name, "first", "◧", f"Only {ids[0]}", first, second)
    if relation is Relation.SECOND_ONLY:
        return Row(name, "second", "◨", f"Only {ids[1]}", first, second)
    tone = {Relation.SAME: "same", Relation.OVERLAPPING: "partly"}.get(relation, "differs")
    return Row(name, tone, _MARKS[relation], _RELATION_WORDS[relation] + differing, first, second)


def _fact_row(fact: Fact, ids: tuple[str, str]) -> Row:
    words = field_words(fact.field)
    name = _FIELD_NAMES.get(fact.field, words[:1].upper() + words[1:])
    return _row(name, fact.relation, ids, _fact(fact.field, fact.first), _fact(fact.field, fact.second))


def _fact(field: str, values: Sequence[Value]) -> Lines:
    if not values:
        return ()
    if field == "phases":
        return (Line(escape(phase_words([str(one) for one in values]).removeprefix("Phase ").capitalize())),)
    return (Line(escape(", ".join(_value(field, one) for one in values))),)


def _value(field: str, value: Value) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, int):
        return number_words(value)
    if field.endswith("Date"):
        return date_words(value)
    return value if field in _TEXTS else code_label(value)


Mark = Callable[[str, str | None], Markup]
"""Marks the text of a part, by its name."""
Describe = Callable[[T, Mark], Lines]
"""The lines of an item, given what marks its parts."""


def _rows(section: Section[T], ids: tuple[str, str], describe: Describe[T]) -> list[Row]:
    """The pairs, then what only one of the two lists."""
    out = []
    for pair in section.pairs:
        first = describe(pair.first, _marker([(one.part, one.first) for one in _changed(pair.thresholds)]))
        second = describe(pair.second, _marker([(one.part, one.second) for one in _changed(pair.thresholds)]))
        differing = f" in {_listed(field_words(part) for part in pair.differing)}" if pair.differing else ""
        out.append(_row("", pair.relation, ids, first, second, differing if pair.differing != ("text",) else ""))
    out += [_row("", Relation.FIRST_ONLY, ids, describe(one, _marker(())), ()) for one in section.first_only]
    out += [_row("", Relation.SECOND_ONLY, ids, (), describe(one, _marker(()))) for one in section.second_only]
    return out


def _criteria(section: Section[Criterion], ids: tuple[str, str]) -> list[Row]:
    """The criteria by kind: inclusion, exclusion, and those of which no heading says it."""
    out = []
    for kind in CriterionKind:
        part = Section[Criterion](
            pairs=tuple(pair for pair in section.pairs if pair.first.kind is kind),
            first_only=tuple(one for one in section.first_only if one.kind is kind),
            second_only=tuple(one for one in section.second_only if one.kind is kind),
        )
        names = [_kinds(kind, pair.second.kind) for pair in part.pairs]
        names += [_kinds(kind, kind)] * len(part.first_only + part.second_only)
        out += [replace(row, name=name) for row, name in zip(_rows(part, ids, _criterion), names, strict=True)]
    return out


def _kinds(first: CriterionKind, second: CriterionKind) -> str:
    """The kind of a criterion in both trials; empty where neither says it."""
    kinds = ["not said" if kind is CriterionKind.OTHER else kind.lower() for kind in dict.fromkeys((first, second))]
    return "" if kinds == ["not said"] else " / ".join(kinds).capitalize()


def _changed(thresholds: Iterable[Threshold]) -> list[Threshold]:
    return [one for one in thresholds if one.relation is not Relation.SAME]


def _marker(spans: Iterable[tuple[str, Span | None]]) -> Mark:
    """What marks the spans of a part in its text."""
    of_part: dict[str, list[Span]] = {}
    for part, span in spans:
        if span is not None:
            of_part.setdefault(part, []).append(span)

    def mark(part: str, text: str | None) -> Markup:
        out, last = Markup(), 0
        text = text or ""
        for span in sorted(of_part.get(part, ()), key=lambda one: one.start):
            if span.start >= last:
                out += escape(text[last : span.start]) + Markup("<mark>{}</mark>").format(text[span.start : span.end])
                last = span.end
        return out + escape(text[last:])

    return mark


def _text(one: str, _: Mark) -> Lines:
    return (Line(escape(one)),)


def _intervention(one: Intervention, mark: Mark) -> Lines:
    kind = code_label(one.type) if one.type else None
    return _lines(
        (mark("name", one.name), "head"), (escape(kind or ""), "note"), (mark("description", one.description), "body")
    )


def _arm(one: ArmGroup, mark: Mark) -> Lines:
    return _lines(
        (mark("label", one.label), "head"),
        (escape(code_label(one.type) if one.type else ""), "note"),
        (mark("description", one.description), "body"),
        (escape("; ".join(one.intervention_names)), "note"),
    )


def _outcome(one: Outcome, mark: Mark) -> Lines:
    return _lines((mark("measure", one.measure), "body"), (mark("timeFrame", one.time_frame), "note"))


def _criterion(one: Criterion, mark: Mark) -> Lines:
    return _lines((escape(one.heading or ""), "note"), (mark("text", one.text), "body"))


def _lines(*parts: tuple[Markup, str]) -> Lines:
    return tuple(Line(text, weight) for text, weight in parts if text.strip())


def _listed(names: Iterable[str]) -> str:
    names = list(names)
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)
