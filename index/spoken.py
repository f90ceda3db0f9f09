"""The words in which a trial says what it is about: the names that it lists, its titles and its summary."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from ..data import Trial
from .dictionary import Kind
from .phrases import Tokens

_LISTED, _TITLE, _SUMMARY = 1.0, 1.0, 0.5
"""How surely a trial is about a concept that it lists, or that its title or summary mentions."""
ANY = -1
"""Stands for either kind."""
_WORDS = pa.list_(pa.dictionary(pa.int32(), pa.string()))
SPOKEN_SCHEMA = pa.schema(
    [
        ("words", _WORDS),
        ("capitals", pa.list_(pa.int32())),
        ("lengths", pa.list_(pa.int32())),
        ("sureness", pa.list_(pa.float32())),
        ("kinds", pa.list_(pa.int8())),
    ]
)
"""The texts of `spoken`, a row a trial.

``words``: of all its texts, one after the other. ``capitals``: the places among them of those that are written as
acronyms are. ``lengths``: words of each text. ``sureness``, ``kinds``: of each text, kinds as `number_of` gives them.
"""


@dataclass(frozen=True)
class Spoken:
    """One text.

    Attributes:
        tokens: of the text.
        sureness: how surely the trial is about what the text mentions, 0 to 1.
        kind: of which kind it lists a name; None for a text that may mention either.
    """

    tokens: Tokens
    sureness: float
    kind: Kind | None = None


def spoken(trial: Trial) -> Iterator[Spoken]:
    """The texts of a record."""
    for kind in Kind:
        for name in listed_names(trial, kind):
            yield Spoken(Tokens.of(name), _LISTED, kind)
    texts = ((trial.brief_title, _TITLE), (trial.official_title, _TITLE), (trial.brief_summary, _SUMMARY))
    for text, sureness in texts:
        if text:
            yield Spoken(Tokens.of(text), sureness)


def listed_names(trial: Trial, kind: Kind) -> list[str]:
    """The names that a record lists: the authors' own and MeSH headings."""
    if kind is Kind.CONDITION:
        return [*trial.conditions, *(one.term for one in trial.condition_meshes)]
    return [*(one.name for one in trial.interventions), *(one.term for one in trial.intervention_meshes)]


def number_of(kind: Kind | None) -> int:
    """A kind, or none, as `SPOKEN_SCHEMA` has it."""
    return ANY if kind is None else list(Kind).index(kind)


def spoken_row(trial: Trial) -> dict[str, Any]:
    """A trial's row of `SPOKEN_SCHEMA`."""
    row: dict[str, list[Any]] = {name: [] for name in SPOKEN_SCHEMA.names}
    for one in spoken(trial):
        row["capitals"] += [len(row["words"]) + place for place in one.tokens.capitals]
        row["words"] += one.tokens.words
        row["lengths"].append(len(one.tokens.words))
        row["sureness"].append(one.sureness)
        row["kinds"].append(number_of(one.kind))
    return row
