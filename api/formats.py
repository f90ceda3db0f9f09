"""Ranked answers as a table, JSON, CSV, NDJSON, references (RIS) or a TREC run."""

import csv
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import IO, Any

import orjson
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..index import Hit, Reason
from .labels import code_label, phase_label


class Format(StrEnum):
    """How answers are written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    NDJSON = "ndjson"
    RIS = "ris"
    TREC = "trec"


_ATTRIBUTES = {str(field.alias): name for name, field in Hit.model_fields.items()}
HIT_NAMES = list(_ATTRIBUTES)
"""The fields of a hit by the registry's names, in their order."""

Answers = Iterable[tuple[str, list[Hit]]]
"""A query's name and its hits."""


def write_table(title: str, hits: list[Hit], console: Console) -> None:
    """One answer as a table for people, under each title why it is there."""
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("#", justify="right")
    table.add_column("NCT id", no_wrap=True)
    table.add_column("Title", ratio=1)
    table.add_column("Phase", no_wrap=True)
    table.add_column("Status")
    table.add_column("Score", justify="right")
    for hit in hits:
        cells = (
            str(hit.rank),
            hit.nct_id,
            Text.assemble(hit.title, (f"\n{hit.why}" if hit.why else "", "dim")),
            phase_label(hit.phases),
            code_label(hit.overall_status),
            f"{hit.score:.2f}",
        )
        table.add_row(
            *(cell if isinstance(cell, Text) else Text(cell) for cell in cells)
        )  # as text: a title in brackets is no markup
    console.print(table)


def write_json(answers: Answers, about: Callable[[str], dict[str, Any]], out: IO[str]) -> None:
    """One JSON object an answer, one a line: what is told about a query, its name, its hits."""
    for query, hits in answers:
        answer = {**about(query), "query": query, "hits": [hit_object(hit) for hit in hits]}
        out.write(orjson.dumps(answer).decode() + "\n")


def write_ndjson(answers: Answers, about: dict[str, Any], out: IO[str]) -> None:
    """One JSON object a hit, one a line: what answered, the query, the hit's fields."""
    for query, hits in answers:
        out.writelines(orjson.dumps({**about, "query": query, **hit_object(hit)}).decode() + "\n" for hit in hits)


def hit_object(hit: Hit, fields: Sequence[str] | None = None) -> dict[str, Any]:
    """A hit by the registry's names: all of its fields, or some in that order."""
    whole = hit.model_dump(by_alias=True, mode="json")
    return whole if fields is None else {name: whole[name] for name in fields}


def write_csv(answers: Answers, out: IO[str]) -> None:
    """One row a hit, lists joined by ``|`` as the registry's downloads do; of reasons the codes alone."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["query", *HIT_NAMES])
    for query, hits in answers:
        writer.writerows([query, *hit_cells(hit)] for hit in hits)


def hit_cells(hit: Hit, fields: Sequence[str] | None = None) -> list[Any]:
    """The cells of a hit's row, for all of its fields or for some in that order."""
    return [_cell(getattr(hit, _ATTRIBUTES[name])) for name in fields or HIT_NAMES]


def write_trec(answers: Answers, out: IO[str]) -> None:
    """A TREC run: ``qid Q0 nctId rank score trialkin``; spaces of a query's name become ``_``, for they part fields."""
    for query, hits in answers:
        qid = "_".join(query.split())
        out.writelines(f"{qid} Q0 {hit.nct_id} {hit.rank} {hit.score!r} trialkin\n" for hit in hits)


def _cell(value: Any) -> Any:  # noqa: ANN401 - any field of a hit
    if not isinstance(value, tuple):
        return value
    return "|".join(one.code if isinstance(one, Reason) else one for one in value)
