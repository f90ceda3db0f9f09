"""``trialkin fetch``."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .cli_settings import settings
from .progress import TerminalProgress

if TYPE_CHECKING:
    from ..data.fetching import FetchReport

_SHOWN = 20
"""Ids that are named at most, of those that are absent or unknown."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(fetch)


def fetch(
    condition: Annotated[str | None, typer.Option("--condition", help="Words of the condition.")] = None,
    intervention: Annotated[str | None, typer.Option("--intervention", help="Words of the intervention.")] = None,
    term: Annotated[str | None, typer.Option("--term", help="Words of any part.")] = None,
    status: Annotated[
        list[str] | None, typer.Option("--status", help="RECRUITING, COMPLETED, ...; repeatable.")
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", help="Updated on this day or later: YYYY-MM-DD, or last: what is held.")
    ] = None,
    ids: Annotated[list[str] | None, typer.Option("--ids", help="NCT ids with commas between; repeatable.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="The whole registry.")] = False,
) -> None:
    """Fetch trials from the live registry into the local snapshot; a stopped fetch goes on where it was."""
    from stamina.instrumentation import set_on_retry_hooks

    from ..data.fetching import FetchRequest, data_day
    from ..data.fetching import fetch as fetch_trials
    from ..data.registry_client import Registry

    here = settings()
    set_on_retry_hooks([])  # they would write a line of log for each
    request = FetchRequest(
        condition=condition,
        intervention=intervention,
        term=term,
        statuses=tuple(status or ()),
        since=data_day(here.home / "snapshot") if since == "last" else since,
        ids=tuple(one for text in ids or () for one in text.split(",") if one.strip()),
        everything=everything,
    )
    with (
        TerminalProgress() as progress,
        Registry(here.registry, here.registry_pause, waiting=progress.waiting) as registry,
    ):
        progress.stage("fetching")
        report = fetch_trials(request, here.home, registry, progress.fetched, progress.imported)
    _tell(report, here.home)


def _tell(report: "FetchReport", home: Path) -> None:
    counts = report.counts
    typer.echo(str(counts))
    for old, live in report.moved.items():
        typer.echo(f"Moved: {old} is {live} now.")
    if report.absent:
        typer.echo(f"Gone from the registry, marked as absent: {_some(report.absent)}.")
    typer.echo(f"Source: ClinicalTrials.gov, data of {report.stamp}.")
    if counts.rejected:
        typer.echo(f"Why records were rejected: {home / 'snapshot' / 'rejected.jsonl'}", err=True)
    if report.unknown:
        typer.echo(f"The registry does not know {_some(report.unknown)}.", err=True)
    if report.missing:
        typer.echo(
            f"The registry announced {report.missing:,} studies more than it listed; none was marked as absent. "
            "Fetch again later.",
            err=True,
        )
    nothing_found = report.unknown and not counts.read and not report.absent
    if report.missing or nothing_found or (counts.rejected and counts.rejected == counts.read):
        raise typer.Exit(1)


def _some(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - _SHOWN:,} more" if len(ids) > _SHOWN else ""
    return ", ".join(ids[:_SHOWN]) + more
