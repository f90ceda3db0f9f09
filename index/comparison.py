"""Two trials side by side: what `compare` answers."""

from enum import StrEnum
from typing import Generic, TypeVar

from pydantic import Field

from ..data import Record
from ..data.trial import ArmGroup, Intervention, Outcome

T = TypeVar("T")
Value = str | int | bool


class Relation(StrEnum):
    """How what one trial says stands to what the other says."""

    SAME = "SAME"
    OVERLAPPING = "OVERLAPPING"
    DIFFERENT = "DIFFERENT"
    FIRST_ONLY = "FIRST_ONLY"
    SECOND_ONLY = "SECOND_ONLY"


class Fact(Record):
    """One field of both; a field that neither states is left out of a comparison.

    Attributes:
        field: the registry's name; ``leadSponsor.class`` is a part of a field, ``sites`` the number of locations.
        first, second: the values, none where the trial does not state the field.
    """

    field: str
    relation: Relation
    first: tuple[Value, ...]
    second: tuple[Value, ...]


class Span(Record):
    """A part of a text: characters from `start` up to, but without, `end`."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)


class Threshold(Record):
    """A number, with its sign and unit, in one or both of two paired texts.

    Attributes:
        part: the part of the items that holds the text, such as ``text``, ``measure`` or ``timeFrame``.
        relation: SAME or DIFFERENT where both texts have it, whatever its spelling.
        first, second: where it stands in the part of either item.
    """

    part: str
    relation: Relation
    first: Span | None
    second: Span | None


class Pair(Record, Generic[T]):
    """Two items that say the like.

    Attributes:
        likeness: 0 to 1, by the words that both share.
        relation: SAME where they differ in nothing but wording that carries no meaning; else DIFFERENT.
        differing: the parts that differ, in the registry's names.
    """

    likeness: float
    relation: Relation
    first: T
    second: T
    differing: tuple[str, ...] = ()
    thresholds: tuple[Threshold, ...] = ()


class Section(Record, Generic[T]):
    """The items of one kind: pairs in the first trial's order, then what only one of the two lists."""

    pairs: tuple[Pair[T], ...] = ()
    first_only: tuple[T, ...] = ()
    second_only: tuple[T, ...] = ()


class CriterionKind(StrEnum):
    """What a criterion does; OTHER where no heading says it."""

    INCLUSION = "INCLUSION"
    EXCLUSION = "EXCLUSION"
    OTHER = "OTHER"


class Criterion(Record):
    """One criterion of eligibility.

    Attributes:
        text: as it stands in the record, line breaks included.
        start: where it stands in ``eligibilityCriteria``, in characters.
        heading: the nearest heading above it besides "Inclusion Criteria" and its like.
    """

    kind: CriterionKind
    text: str
    start: int = Field(ge=0)
    heading: str | None = None


class Compared(Record):
    """One of the two trials."""

    nct_id: str
    title: str


class Summary(Record):
    """The most telling likenesses and differences, a plain sentence each."""

    likenesses: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()


class Comparison(Record):
    """Two trials, section by section."""

    first: Compared
    second: Compared
    summary: Summary
    basics: tuple[Fact, ...]
    conditions: Section[str]
    interventions: Section[Intervention]
    arms: Section[ArmGroup]
    primary_outcomes: Section[Outcome]
    secondary_outcomes: Section[Outcome]
    eligibility: Section[Criterion]
