"""What a list can be narrowed by, with counts and links, and what it is narrowed by."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ...index.facets import Facet
from ..labels import code_label
from .address import Address
from .wording import class_words, phase_words

_SEXES = {"FEMALE": "Women", "MALE": "Men", "ALL": "All"}
_SHOWN = 6


@dataclass(frozen=True)
class Option:
    """A value that trials of the list have.

    Attributes:
        label: as people say it.
        count: trials of the list that have it.
        chosen: whether the list is narrowed by it.
        url: the list with it added, or taken away.
    """

    label: str
    count: int
    chosen: bool
    url: Address


@dataclass(frozen=True)
class Group:
    """One thing to narrow a list by: the commonest values first, the others apart."""

    title: str
    options: Sequence[Option]
    others: Sequence[Option]


@dataclass(frozen=True)
class Year:
    """Trials of the list that started in a year; `height` is relative to the fullest, 0 to 1."""

    year: int
    count: int
    height: float


@dataclass(frozen=True)
class Chip:
    """A chosen filter and the list without it."""

    title: str
    label: str
    url: Address


@dataclass(frozen=True)
class _Kind:
    field: str
    filter: str
    title: str
    label: Callable[[str], str]
    single: bool = False


def _results_label(value: str) -> str:
    return "With results" if value == "true" else "No results yet"


_KINDS = (
    _Kind("overallStatus", "filter.overallStatus", "Status", code_label),
    _Kind("phases", "filter.phase", "Phase", lambda code: phase_words([code])),
    _Kind("studyType", "filter.studyType", "Study type", code_label),
    _Kind("countries", "filter.country", "Country", str),
    _Kind("sponsorClass", "filter.sponsorClass", "Sponsor class", class_words),
    _Kind("hasResults", "filter.hasResults", "Results", _results_label, single=True),
)
_BY_FIELD = {kind.field: kind for kind in _KINDS}
_RANGES = {
    "filter.startDate": "Start",
    "filter.completionDate": "Completion",
    "filter.lastUpdatePostDate": "Last update",
}


def chosen_fields(address: Address) -> list[str]:
    """The fields of which values are chosen, whose other values could be chosen beside them."""
    return [kind.field for kind in _KINDS if kind.filter in address.parameters]


def filter_of(field: str) -> str:
    """The filter of a field of facets."""
    return _BY_FIELD[field].filter


def groups(facets: Sequence[Facet], address: Address) -> list[Group]:
    """The facets as groups of options, in a fixed order; one without any value is left out."""
    by_field = {facet.field: facet for facet in facets}
    out = []
    for kind in _KINDS:
        if facet := by_field.get(kind.field):
            options = _options(kind, facet, address)
            first = [one for place, one in enumerate(options) if place < _SHOWN or one.chosen]
            others = [one for place, one in enumerate(options) if place >= _SHOWN and not one.chosen]
            if options:
                out.append(Group(kind.title, first, others))
    return out


def years(facets: Sequence[Facet]) -> list[Year]:
    """How many trials of the list started in each year from the first to the last."""
    counts = {int(value.value): value.count for facet in facets if facet.field == "startYear" for value in facet.values}
    if not counts:
        return []
    most = max(counts.values())
    span = range(min(counts), max(counts) + 1)
    return [Year(year, counts.get(year, 0), counts.get(year, 0) / most) for year in span]


def chips(address: Address) -> list[Chip]:
    """The chosen filters."""
    out = []
    for kind in _KINDS:
        out += [
            Chip(kind.title, kind.label(_spelt(kind, value)), address.toggled(kind.filter, value))
            for value in address.values(kind.filter)
        ]
    if sex := address.parameters.get("filter.sex"):
        out.append(Chip("Open to", _SEXES.get(sex.upper(), sex), address.with_value("filter.sex", None)))
    if age := address.parameters.get("filter.age"):
        out.append(Chip("Age", f"{age} years", address.with_value("filter.age", None)))
    out += [
        Chip(title, _range_label(dates), address.with_value(name, None))
        for name, title in _RANGES.items()
        if (dates := address.parameters.get(name))
    ]
    known = {*(kind.filter for kind in _KINDS), "filter.sex", "filter.age", *_RANGES}
    out += [
        Chip(code_label(name.removeprefix("filter.")), value, address.with_value(name, None))
        for name, value in address.parameters.items()
        if name.startswith("filter.") and name not in known
    ]
    return out


def _options(kind: _Kind, facet: Facet, address: Address) -> list[Option]:
    chosen = {_spelt(kind, value) for value in address.values(kind.filter)}
    out = []
    for one in facet.values:
        value = _spelt(kind, str(one.value))
        out.append(Option(kind.label(value), one.count, value in chosen, _link(kind, value, address)))
    return out


def _link(kind: _Kind, value: str, address: Address) -> Address:
    if not kind.single:
        return address.toggled(kind.filter, value)
    is_chosen = address.parameters.get(kind.filter, "").casefold() == value.casefold()
    return address.with_value(kind.filter, None if is_chosen else value)


def _spelt(kind: _Kind, value: str) -> str:
    """A value as facets spell it."""
    if kind.field == "countries":
        return value
    if kind.single:
        return "true" if value.casefold() in ("true", "1", "yes", "on", "t", "y") else "false"
    return value.strip().upper().replace(" ", "" if kind.field == "phases" else "_")


def _range_label(text: str) -> str:
    first, dots, last = (part.strip() for part in text.partition(".."))
    if not dots:
        return first
    if first and last:
        return f"{first} to {last}"
    return f"from {first}" if first else f"to {last}"
