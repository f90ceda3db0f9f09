"""``trialkin related`` and ``trialkin search``."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from ..data.nct_id import is_nct_id, normalise_nct_id
from ..errors import InvalidNctId, TrialkinError, UsageError
from ..index import Filters, Index, open_index, parse_weights
from . import formats
from .cli_settings import settings
from .formats import Answers, Format
from .options import (
    Age,
    Completion,
    Country,
    HasResults,
    Phase,
    Sex,
    SponsorClass,
    Start,
    Status,
    StudyType,
    Top,
    Updated,
    WeightsText,
    make_filters,
)
from .query_files import read_ids, read_queries

FormatOption = Annotated[Format, typer.Option("--format", "-f", help="How to write the answer.")]
_NARROW = 100
"""Columns of a table that is not written to a terminal."""


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(related)
    app.command()(search)


def related(
    nct_id: Annotated[list[str] | None, typer.Argument(help="The trial's NCT id.", show_default=False)] = None,
    top: Top = 10,
    weights: WeightsText = "",
    status: Status = None,
    phase: Phase = None,
    study_type: StudyType = None,
    country: Country = None,
    sponsor_class: SponsorClass = None,
    sex: Sex = None,
    age: Age = None,
    start: Start = None,
    completion: Completion = None,
    updated: Updated = None,
    has_results: HasResults = None,
    ids_file: Annotated[Path | None, typer.Option(help="A file of NCT ids, one a line; - is standard input.")] = None,
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's name
) -> None:
    """List the trials most like one trial, or like each trial of a file."""
    filters = make_filters(
        status=status, phase=phase, study_type=study_type, country=country, sponsor_class=sponsor_class, sex=sex,
        age=age, start=start, completion=completion, updated=updated, has_results=has_results,
    )  # fmt: skip
    asked = _joined(nct_id)
    if bool(asked.strip()) == (ids_file is not None):
        raise UsageError("Give one NCT id, or --ids-file.", "For instance: trialkin related NCT07057778")
    chosen = parse_weights(weights)
    if ids_file is None:
        index = open_index(settings=settings())
        _explain_if_no_id(index, asked)
        hits = index.related(asked, top, filters, chosen)
        canonical = normalise_nct_id(asked)
        _write(index, [(canonical, hits)], format, f"Related to {canonical}  {index.trial(canonical).title}", filters)
        return
    lines = read_ids(ids_file)
    index = open_index(settings=settings())
    known, complaints = _known(index, lines, str(ids_file))
    _write(index, index.related_many(known, top, filters, chosen), format, "Related to {}", filters)
    if complaints:
        raise TrialkinError(
            f"{len(complaints):,} of {len(lines):,} ids had no answer: {'; '.join(complaints[:5])}"
            f"{'; ...' if len(complaints) > 5 else ''}.",
            "All the others were answered.",
        )


def search(
    words: Annotated[list[str] | None, typer.Argument(help="What to look for.", show_default=False)] = None,
    top: Top = 10,
    weights: WeightsText = "",
    status: Status = None,
    phase: Phase = None,
    study_type: StudyType = None,
    country: Country = None,
    sponsor_class: SponsorClass = None,
    sex: Sex = None,
    age: Age = None,
    start: Start = None,
    completion: Completion = None,
    updated: Updated = None,
    has_results: HasResults = None,
    queries_file: Annotated[
        Path | None, typer.Option(help="A file of queries, one a line as qid<TAB>text; - is standard input.")
    ] = None,
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's name
) -> None:
    """List the trials most like a text: key words, a question, a synopsis, a patient's story."""
    filters = make_filters(
        status=status, phase=phase, study_type=study_type, country=country, sponsor_class=sponsor_class, sex=sex,
        age=age, start=start, completion=completion, updated=updated, has_results=has_results,
    )  # fmt: skip
    if (words is not None) == (queries_file is not None):
        raise UsageError("Give words to look for, or --queries-file.", 'For instance: trialkin search "ITP, anti-CD20"')
    chosen = parse_weights(weights)
    if queries_file is None:
        text = _joined(words)
        index = open_index(settings=settings())
        shown = text if len(text) <= 60 else f"{text[:57]}..."
        _write(index, [(text, index.search(text, top, filters, chosen))], format, f"Trials for “{shown}”", filters)
        return
    queries = read_queries(queries_file)
    index = open_index(settings=settings())
    _write(index, index.search_many(queries, top, filters, chosen), format, "Trials for {}", filters)


def _joined(words: list[str] | None) -> str:
    """The words of a command line as one text; bytes that are not UTF-8 are replaced."""
    return " ".join(words or []).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _explain_if_no_id(index: Index, asked: str) -> None:
    """Where words were given instead of an id, say which trials they may mean."""
    if is_nct_id(asked) or not any(char.isalpha() for char in asked.upper().replace("NCT", "")):
        return
    nearest = "; ".join(f"{hit.nct_id} {hit.title}" for hit in index.search(asked, top=3))
    raise InvalidNctId(f"{asked[:80]!r} is not an NCT id.", f"Nearest trials: {nearest}.")


def _known(index: Index, lines: list[tuple[int, str]], path: str) -> tuple[list[str], list[str]]:
    """The ids that can be answered, and for each other one what is wrong with it."""
    known, complaints = [], []
    for number, text in lines:
        if not is_nct_id(text):
            complaints.append(f"{path} line {number}: {text.strip()[:40]!r} is not an NCT id")
        elif text not in index:
            complaints.append(f"{path} line {number}: {normalise_nct_id(text)} is not in the index")
        else:
            known.append(text)
    return known, complaints


def _write(index: Index, answers: Answers, format: Format, title: str, filters: Filters) -> None:  # noqa: A002
    about = {"indexVersion": index.version, "dataDate": index.manifest.snapshot.data_date}
    if format is Format.JSON:
        formats.write_json(answers, about, sys.stdout)
    elif format is Format.CSV:
        formats.write_csv(answers, sys.stdout)
    elif format is Format.TREC:
        formats.write_trec(answers, sys.stdout)
    else:
        console = Console(width=None if sys.stdout.isatty() else _NARROW)
        for query, hits in answers:
            formats.write_table(title.format(query) if "{}" in title else title, hits, console)
            if not hits:
                console.print("No trial meets the filters." if filters else "The index holds no other trial.")
        console.print(
            f"Index {about['indexVersion']}, {len(index):,} trials, data of {about['dataDate'] or 'unknown date'}. "
            "Score: standard deviations above the average trial.",
            style="dim",
        )
