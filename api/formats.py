"""Ranked answers as a table, JSON, CSV or a TREC run."""

import csv
from collections.abc import Iterable
from enum import StrEnum
from typing import IO, Any

import orjson
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..index import Hit
from .labels import code_label, phase_label


class Format(StrEnum):
    """How answers are written."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    TREC = "trec"


Answers = Iterable[tuple[str, list[Hit]]]
"""A query's name and its hits."""


def write_table(title: str, hits: list[Hit], console: Console) -> None:
    """One answer as a table for people."""
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
            hit.title,
            phase_label(hit.phases),
            code_label(hit.overall_status),
            f"{hit.score:.2f}",
        )
        table.add_row(*(Text(cell) for cell in cells))  # as text: a title in brackets is no markup
    console.print(table)


def write_json(answers: Answers, about: dict[str, Any], out: IO[str]) -> None:
    """One JSON object an answer, one a line: what answered, the query, its hits."""
    for query, hits in answers:
        answer = {**about, "query": query, "hits": [hit.model_dump(by_alias=True, mode="json") for hit in hits]}
        out.write(orjson.dumps(answer).decode() + "\n")


def write_csv(answers: Answers, out: IO[str]) -> None:
    """One row a hit, lists joined by ``|`` as the registry's downloads do."""
    writer = csv.writer(out, lineterminator="\n")
    columns = [name for name in Hit.model_fields if name != "likeness"]
    aliases = [Hit.model_fields[name].alias for name in columns]
    writer.writerow(["query", *aliases])
    for query, hits in answers:
        for hit in hits:
            values = (getattr(hit, name) for name in columns)
            writer.writerow([query, *("|".join(one) if isinstance(one, tuple) else one for one in values)])


def write_trec(answers: Answers, out: IO[str]) -> None:
    """A TREC run: ``qid Q0 nctId rank score trialkin``; spaces of a query's name become ``_``, for they part fields."""
    for query, hits in answers:
        qid = "_".join(query.split())
        out.writelines(f"{qid} Q0 {hit.nct_id} {hit.rank} {hit.score:.6f} trialkin\n" for hit in hits)
