"""Ranked answers on standard output, as the command line was asked for them."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

import typer
from rich.console import Console

from ..errors import UsageError
from ..index import Filters, Hit, Index
from ..index.sought import Sought
from . import formats
from .formats import Answers, Format
from .reading import as_read, lines_as_read
from .reasons_list import write_reasons
from .ris import reference_of_hit, source_note, write_ris

FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to write the answer.")]
JsonFlag = Annotated[bool, typer.Option("--json", help="The same as --format json.")]
ReasonsFlag = Annotated[
    bool, typer.Option("--reasons", help="For people: each hit's reasons, and what both records say.")
]
_NARROW = 100
"""Columns of a table that is not written to a terminal."""


@dataclass(frozen=True)
class Wanted:
    """How answers are to be shown, and what was asked of each.

    Attributes:
        format: how to write them.
        reasons: whether people see the reasons, in place of a table.
        top: hits that were asked for.
        filters: that the hits meet.
    """

    format: Format
    reasons: bool
    top: int
    filters: Filters


def choose_format(format: Format, as_json: bool) -> Format:  # noqa: A002 - the options' names
    """The format of both options.

    Raises:
        UsageError: they contradict one another.
    """
    if as_json and format not in (Format.TABLE, Format.JSON):
        raise UsageError(f"--json and --format {format} contradict one another.", "Give one of them.")
    return Format.JSON if as_json else format


def write_answers(
    index: Index,
    answers: Answers,
    title_of: Callable[[str], str],
    wanted: Wanted,
    read: Callable[[str], Sought] = Sought,
) -> None:
    """Write the answers, and below tables what they come from.

    Args:
        index: what answered.
        answers: to queries, by their names.
        title_of: the title of a table, from the name.
        wanted: how to write them.
        read: how the text of a query was read, from the name; what is no text tells nothing.
    """
    about = {"indexVersion": index.version, "dataDate": index.manifest.snapshot.data_date}
    if wanted.format is Format.JSON:
        formats.write_json(answers, lambda query: about | as_read(read(query)), sys.stdout)
    elif wanted.format is Format.CSV:
        formats.write_csv(answers, sys.stdout)
    elif wanted.format is Format.NDJSON:
        formats.write_ndjson(answers, about, sys.stdout)
    elif wanted.format is Format.RIS:
        references = (reference_of_hit(hit) for _, hits in answers for hit in hits)
        write_ris(references, source_note(index.version, about["dataDate"]), sys.stdout)
    elif wanted.format is Format.TREC:
        formats.write_trec(answers, sys.stdout)
    else:
        console = Console(width=None if sys.stdout.isatty() else _NARROW)
        for query, hits in answers:
            write = write_reasons if wanted.reasons else formats.write_table
            write("\n".join([title_of(query), *lines_as_read(read(query))]), hits, console)
            if len(hits) < wanted.top:
                console.print(_why_no_more(hits, wanted.filters))
        console.print(
            f"Index {about['indexVersion']}, {len(index):,} trials, data of {about['dataDate'] or 'unknown date'}. "
            "Score: 0 to 1, how surely a kin; see docs/ranking.md.",
            style="dim",
        )


def _why_no_more(hits: list[Hit], filters: Filters) -> str:
    if hits:
        return "Nothing else is close and meets the filters." if filters else "Nothing else is close."
    return "No close trial meets the filters." if filters else "Nothing is close."
