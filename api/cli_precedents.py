"""``trialkin precedents``."""

import sys
from typing import Annotated

import orjson
import typer
from rich.console import Console

from ..data import normalise_nct_id
from ..errors import UsageError
from ..index import choose_weights, open_index
from ..index.precedents import FIELDS
from ..index.precedents import precedents as summarise
from .cli_settings import settings
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
    Updated,
    WeightsText,
    make_filters,
)
from .precedents_tables import write_precedents

_NARROW = 100
"""Columns of tables that are not written to a terminal."""
_MOST = 200


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(precedents)


def precedents(
    nct_id: Annotated[str, typer.Argument(metavar="NCTID", help="The trial's NCT id.", show_default=False)],
    top: Annotated[int, typer.Option("--top", "-n", help="How many of the closest trials count, 1 to 200.")] = 50,
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
    near: NearPlace = None,
    has_results: HasResults = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
) -> None:
    """Tell how the trials most like one trial were built: size, length, design, endpoints, early ends."""
    filters = make_filters(
        status=status, phase=phase, study_type=study_type, country=country, sponsor_class=sponsor_class, sex=sex,
        age=age, start=start, completion=completion, updated=updated, has_results=has_results, near=near,
    )  # fmt: skip
    if not 1 <= top <= _MOST:
        raise UsageError(f"--top is {top}.", f"Give 1 to {_MOST}.")
    chosen = choose_weights(preset, weights)
    index = open_index(settings=settings())
    hits = index.related(nct_id, top, filters, chosen, explain=False)
    found = summarise(index.trials([hit.nct_id for hit in hits], FIELDS))
    date = index.manifest.snapshot.data_date
    if as_json:
        answer = {"indexVersion": index.version, "dataDate": date, "nctId": normalise_nct_id(nct_id)}
        answer |= found.model_dump(by_alias=True, mode="json")
        sys.stdout.write(orjson.dumps(answer).decode() + "\n")
        return
    console = Console(width=None if sys.stdout.isatty() else _NARROW)
    write_precedents(f"The {found.n} trials most like {normalise_nct_id(nct_id)}", found, console)
    console.print(f"Index {index.version}, data of {date or 'unknown date'}.", style="dim")
