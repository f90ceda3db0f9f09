"""``trialkin compare``."""

import sys
from typing import Annotated

import orjson
import typer
from rich.console import Console

from ..errors import UsageError
from ..index import open_index
from ..index.comparing import compare as compare_trials
from .cli_settings import settings
from .comparison_tables import write_comparison

_NARROW = 120
"""Columns of tables that are not written to a terminal."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(compare)


def compare(
    first: Annotated[str, typer.Argument(metavar="NCTID", help="One trial.", show_default=False)],
    second: Annotated[str, typer.Argument(metavar="NCTID", help="The other trial.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
) -> None:
    """Set two trials side by side: what is the same, what differs, what only one of them says."""
    index = open_index(settings=settings())
    one, other = index.trial(first), index.trial(second)
    if one.nct_id == other.nct_id:
        raise UsageError(f"{one.nct_id} is given twice.", "Give two different trials.")
    comparison = compare_trials(one, other)
    date = index.manifest.snapshot.data_date
    if as_json:
        answer = {"indexVersion": index.version, "dataDate": date}
        answer |= comparison.model_dump(by_alias=True, mode="json")
        sys.stdout.write(orjson.dumps(answer).decode() + "\n")
        return
    console = Console(width=None if sys.stdout.isatty() else _NARROW)
    write_comparison(comparison, console)
    console.print(f"Index {index.version}, data of {date or 'unknown date'}.", style="dim")
