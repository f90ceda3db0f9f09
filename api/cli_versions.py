"""``trialkin versions``, ``verify`` and ``rollback``."""

import sys
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich import box
from rich.console import Console
from rich.table import Table

from ..data.files import home_lock
from ..errors import IndexDamaged, TrialkinError, UsageError
from ..index import Versions
from ..index.manifest import check_files, read_manifest
from .cli_settings import settings


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(versions)
    app.command()(verify)
    app.command()(rollback)


def versions(as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False) -> None:
    """List the published versions of the index."""
    found = Versions(settings().home / "index")
    try:
        current = found.current()
    except IndexDamaged as error:
        current = ""
        typer.echo(f"trialkin: {error}", err=True)
    rows = [_describe(found.folder(name), current=name == current) for name in found.names()]
    if as_json:
        sys.stdout.write(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode() + "\n")
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("Version", "Trials", "Data of", "Model", "Size", ""):
        table.add_column(heading, justify="right" if heading in ("Trials", "Size") else "left")
    for row in rows:
        if "problem" in row:
            table.add_row(row["version"], "", "", "", "", row["problem"])
        else:
            model = f"{row['model']} {row['precision']}"
            mark = "current" if row["current"] else ""
            table.add_row(
                row["version"],
                f"{row['trials']:,}",
                row["dataDate"] or "–",
                model,
                f"{row['bytes'] / 1e6:,.0f} MB",
                mark,
            )
    Console().print(table)


def verify(
    version: Annotated[str | None, typer.Argument(help="The version; by default the current one.")] = None,
) -> None:
    """Check every file of a version against its checksum."""
    found = Versions(settings().home / "index")
    name = found.current() if version is None else _existing(found, version)
    folder = found.folder(name)
    manifest = read_manifest(folder)
    check_files(folder, manifest, checksums=True)
    size = sum(entry.bytes for entry in manifest.files)
    typer.echo(f"Version {name} is whole: {len(manifest.files)} files, {size:,} bytes.")


def rollback(
    version: Annotated[str | None, typer.Argument(help="The version; by default the one before the current.")] = None,
) -> None:
    """Let an earlier version answer again; nothing is deleted."""
    home = settings().home
    found = Versions(home / "index")
    name = found.before_current() if version is None else _existing(found, version)
    with home_lock(home):
        folder = found.folder(name)
        check_files(folder, read_manifest(folder), checksums=True)
        found.point(name)
    typer.echo(f"Version {name} answers now.")


def _existing(found: Versions, version: str) -> str:
    if version not in found.names():
        raise UsageError(f"There is no version {version!r}.", f"Versions are {', '.join(found.names()) or 'none yet'}.")
    return version


def _describe(folder: Path, *, current: bool) -> dict[str, Any]:
    try:
        manifest = read_manifest(folder)
    except TrialkinError as error:
        return {"version": folder.name, "current": current, "problem": error.what}
    return {
        "version": folder.name,
        "current": current,
        "trials": manifest.snapshot.trials,
        "dataDate": manifest.snapshot.data_date,
        "sources": manifest.snapshot.sources,
        "model": manifest.model.name,
        "precision": manifest.model.precision,
        "countedBeside": manifest.counted_beside,
        "bytes": sum(entry.bytes for entry in manifest.files),
    }
