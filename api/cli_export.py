"""``trialkin export``."""

from pathlib import Path
from typing import Annotated

import typer

from ..embed.encoder import processors
from ..errors import UsageError
from ..index import Versions
from .cli_settings import settings
from .exporting import ListExport, first_line, list_lines, removed_lines
from .options import Top
from .progress import TerminalProgress
from .whole_files import whole_file

_WORTH_A_PROCESS = 500
"""Trials whose lists take longer than a process takes to start."""
_export = typer.Typer(help="Write what the index knows to files, for programs that need no service.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(_export, name="export")


@_export.callback()
def _about() -> None:
    """Write what the index knows to files, for programs that need no service."""


@_export.command()
def related(
    top: Top = 5,
    out: Annotated[
        Path | None,
        typer.Option(
            help="File to write, packed if its name ends in .gz or .zst; by default standard output, as is -."
        ),
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="Only lists that changed since this version of the index, and trials removed.")
    ] = None,
    no_evidence: Annotated[
        bool, typer.Option("--no-evidence", help="Reasons without the words of the records; a fifth of the size.")
    ] = False,
    processes: Annotated[
        int | None, typer.Option(min=1, max=256, help="Processes that work at once; by default one a processor.")
    ] = None,
) -> None:
    """Write the related list of every trial with its reasons, one JSON object a line."""
    if top < 1:
        raise UsageError(f"The number of hits is {top}.", "Ask for at least 1.")
    found = Versions(settings().home / "index")
    current = found.current()
    if since is not None and since not in found.names():
        raise UsageError(f"There is no version {since!r}.", f"Versions are {', '.join(found.names())}.")
    export = ListExport(found.folder(current), top, not no_evidence, None if since is None else found.folder(since))
    with TerminalProgress() as progress, whole_file(out) as stream:
        progress.stage("opening")
        index, before = export.open(checksums=True)
        stream.write(first_line(export, index, before))
        removed = [] if before is None else removed_lines(index, before)
        stream.write(b"".join(removed))
        progress.stage("listing")
        looked_at = written = 0
        for size, lines in list_lines(export, index.nct_ids(), processes or _enough(len(index))):
            stream.write(b"".join(lines))  # zstandard has no writelines
            looked_at, written = looked_at + size, written + len(lines)
            progress.trials(looked_at, len(index))
    where = "standard output" if out is None or str(out) == "-" else str(out)
    of = "" if before is None else f" of {len(index):,}, {len(removed):,} trials removed since {before.version}"
    typer.echo(f"{written:,} lists{of} of index {index.version} are in {where}.", err=True)


def _enough(trials: int) -> int:
    """One process a processor, but none that would be started longer than it works."""
    return min(processors(), 1 + trials // _WORTH_A_PROCESS)
