"""``trialkin search``."""

from pathlib import Path
from typing import Annotated

import typer

from ..errors import UsageError
from ..index import choose_weights, open_index
from .cli_answers import FormatOption, JsonFlag, ReasonsFlag, Wanted, choose_format, write_answers
from .cli_settings import settings
from .formats import Format
from .options import (
    Age,
    Completion,
    Country,
    HasResults,
    NearPlace,
    Phase,
    PresetName,
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
from .query_files import read_queries
from .words import joined, shortened


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(search)


def search(
    words: Annotated[list[str] | None, typer.Argument(help="What to look for.", show_default=False)] = None,
    top: Top = 10,
    preset: PresetName = "",
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
    near: NearPlace = None,
    queries_file: Annotated[
        Path | None, typer.Option(help="A file of queries, one a line as qid<TAB>text; - is standard input.")
    ] = None,
    reasons: ReasonsFlag = False,
    format: FormatOption = Format.TABLE,  # noqa: A002 - the option's name
    as_json: JsonFlag = False,
) -> None:
    """List the trials most like a text: key words, a question, a synopsis, a patient's story."""
    filters = make_filters(
        status=status, phase=phase, study_type=study_type, country=country, sponsor_class=sponsor_class, sex=sex,
        age=age, start=start, completion=completion, updated=updated, has_results=has_results, near=near,
    )  # fmt: skip
    if (words is not None) == (queries_file is not None):
        raise UsageError("Give words to look for, or --queries-file.", 'For instance: trialkin search "ITP, anti-CD20"')
    chosen = choose_weights(preset, weights)
    wanted = Wanted(choose_format(format, as_json), reasons, top, filters)
    if queries_file is None:
        text = joined(words)
        index = open_index(settings=settings())
        hits = index.search(text, top, filters, chosen)
        write_answers(index, [(text, hits)], lambda text: f"Trials for “{shortened(text)}”", wanted, index.sought)
        return
    queries = read_queries(queries_file)
    texts = dict(queries)
    index = open_index(settings=settings())
    write_answers(
        index,
        index.search_many(queries, top, filters, chosen, explain=wanted.format is not Format.TREC),
        lambda name: f"Trials for {name}: “{shortened(texts[name])}”",
        wanted,
        lambda name: index.sought(texts[name]),
    )
