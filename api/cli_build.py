"""``trialkin import`` and ``trialkin build``."""

from pathlib import Path
from typing import Annotated

import typer

from .cli_settings import settings
from .giving_way import give_way
from .progress import TerminalProgress


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("import")(import_)
    app.command()(build)


def import_(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="Files, folders, quoted patterns, or - for standard input: JSON of any age, XML, CSV downloads, AACT "
            "tables, trial pages; plain, .gz, .zst or zip.",
            show_default=False,
        ),
    ],
) -> None:
    """Read trials from files into the local snapshot; of two records of one trial the newer stays."""
    from ..data import read_trials, upsert
    from ..data.files import home_lock

    home = settings().home
    give_way()
    with home_lock(home), TerminalProgress() as progress:
        counts = upsert(
            home / "snapshot",
            read_trials(*paths),
            ", ".join(path.name or str(path) for path in paths),
            progress.imported,
        )
    typer.echo(str(counts))
    if counts.rejected:
        typer.echo(f"Why records were rejected: {home / 'snapshot' / 'rejected.jsonl'}", err=True)
    if counts.rejected and counts.rejected == counts.read:
        raise typer.Exit(1)


def build(
    force: Annotated[bool, typer.Option("--force", help="Build even if nothing has changed.")] = False,
) -> None:
    """Embed and index the snapshot, offline, and publish the new version."""
    from ..data.files import home_lock
    from ..index import build as build_index

    here = settings()
    give_way()
    with home_lock(here.home), TerminalProgress() as progress:
        report = build_index(here, progress, force=force)
    if report.unchanged:
        typer.echo(f"Nothing has changed: version {report.version} with {report.trials:,} trials is current.")
    else:
        typer.echo(
            f"Published version {report.version}: {report.trials:,} trials, {report.sections:,} sections; "
            f"{report.texts_encoded:,} texts of {report.tokens_encoded:,} tokens newly embedded."
        )
