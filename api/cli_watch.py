"""``trialkin watch``."""

import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..data import is_nct_id, normalise_nct_id
from ..errors import IndexDamaged, TrialkinError, UsageError
from ..index import Filters, Index, Versions
from ..index.opening import query_encoder
from ..index.watching import Cause, Change, Held, Move, watch
from .cli_settings import settings
from .options import (
    Age,
    Completion,
    Country,
    HasResults,
    NearPlace,
    Phase,
    Sex,
    SponsorClass,
    Start,
    Status,
    StudyType,
    Top,
    Updated,
    make_filters,
)
from .progress import TerminalProgress
from .query_files import read_ids

_NARROW = 100
"""Columns of a table that is not written to a terminal."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("watch")(watch_)


def watch_(
    nct_ids: Annotated[
        list[str] | None, typer.Argument(help="NCT ids of the trials whose lists are compared.", show_default=False)
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="The version to compare with; by default the one before the current.")
    ] = None,
    top: Top = 10,
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
    ids_file: Annotated[Path | None, typer.Option(help="A file of NCT ids, one a line; - is standard input.")] = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every trial of the current version; only lists that changed are written.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON, one object a trial.")] = False,
) -> None:
    """Tell which trials entered or left the related list of a trial since an earlier version of the index."""
    filters = make_filters(
        status=status, phase=phase, study_type=study_type, country=country, sponsor_class=sponsor_class, sex=sex,
        age=age, start=start, completion=completion, updated=updated, has_results=has_results, near=near,
    )  # fmt: skip
    if bool(nct_ids) + (ids_file is not None) + every != 1:
        raise UsageError("Give NCT ids, or --ids-file, or --all.", "For instance: trialkin watch NCT07057778")
    asked = [(normalise_nct_id(one), "") for one in nct_ids or ()]
    if ids_file is not None:
        asked = [(text, f"{ids_file} line {number}: ") for number, text in read_ids(ids_file)]
    before, after = _open(since)
    complaints: list[str] = []
    if every:
        ids = after.nct_ids()
    else:
        ids, complaints = _known(asked, before, after) if ids_file is not None else ([one for one, _ in asked], [])
    changes = _compared(before, after, ids, top, filters)
    _write(before, after, (one for one in changes if one.changed or not every), as_json=as_json)
    if complaints:
        raise TrialkinError(
            f"{len(complaints):,} of {len(asked):,} ids had no answer: {'; '.join(complaints[:5])}"
            f"{'; ...' if len(complaints) > 5 else ''}.",
            "All the others were answered.",
        )


def _open(since: str | None) -> tuple[Index, Index]:
    """The version to compare with, and the current one."""
    here = settings()
    found = Versions(here.home / "index")
    current = found.current()
    name = _before(found, current) if since is None else since
    if name not in found.names():
        raise UsageError(f"There is no version {name!r}.", f"Versions are {', '.join(found.names())}.")
    if name == current:
        raise UsageError(f"Version {name} is the current one itself.", "Give an earlier version with --since.")
    after = Index(found.folder(current), query_encoder(here))
    try:
        return Index(found.folder(name), query_encoder(here)), after
    except IndexDamaged as error:
        raise IndexDamaged(
            f"Version {name} cannot be compared with. {error.what}",
            f"Give another version with --since (there are {', '.join(found.names())}), or wait for the next build.",
        ) from error


def _before(found: Versions, current: str) -> str:
    older = [name for name in found.names() if int(name) < int(current)]
    if not older:
        raise TrialkinError(
            f"There is no version before {current}, so there is nothing to compare it with.",
            "Import newer records and run trialkin build; what it changes can be watched then.",
        )
    return older[-1]


def _known(asked: list[tuple[str, str]], before: Index, after: Index) -> tuple[list[str], list[str]]:
    """The ids that can be answered, and for each other one what is wrong with it."""
    known, complaints = [], []
    for text, where in asked:
        if not is_nct_id(text):
            complaints.append(f"{where}{text.strip()[:40]!r} is not an NCT id")
        elif text not in before and text not in after:
            complaints.append(f"{where}{normalise_nct_id(text)} is in neither version")
        else:
            known.append(text)
    return known, complaints


def _compared(before: Index, after: Index, ids: list[str], top: int, filters: Filters) -> Iterator[Change]:
    """The changes; progress is shown unless they themselves go to the terminal."""
    changes = watch(before, after, ids, top, filters)
    with nullcontext() if sys.stdout.isatty() else TerminalProgress() as progress:
        if progress:
            progress.stage("comparing")
        for done, change in enumerate(changes, start=1):
            yield change
            if progress:
                progress.trials(done, len(ids))


def _write(before: Index, after: Index, changes: Iterator[Change], *, as_json: bool) -> None:
    about = {
        "indexVersion": after.version,
        "dataDate": after.manifest.snapshot.data_date,
        "sinceVersion": before.version,
        "sinceDataDate": before.manifest.snapshot.data_date,
    }
    if as_json:
        for change in changes:
            answer = {**about, **change.model_dump(by_alias=True, mode="json")}
            sys.stdout.write(orjson.dumps(answer).decode() + "\n")
        return
    console = Console(width=None if sys.stdout.isatty() else _NARROW)
    written = 0
    for change in changes:
        _write_change(change, before if change.held is Held.BEFORE else after, about, console)
        written += 1
    if not written:
        console.print("No list has changed.")
    console.print(
        f"Version {before.version} (data of {before.manifest.snapshot.data_date or 'unknown date'}) "
        f"against {after.version} ({after.manifest.snapshot.data_date or 'unknown date'}).",
        style="dim",
    )


def _write_change(change: Change, index: Index, about: dict[str, Any], console: Console) -> None:
    console.print(Text.assemble((f"{change.nct_id}  {index.trial(change.nct_id).title}", "bold")))
    if change.held is Held.BEFORE:
        console.print(f"This trial is no longer in the index; its list of version {about['sinceVersion']} is gone.\n")
        return
    if change.held is Held.AFTER:
        console.print("This trial is new in the index, and so is its list.")
    if not change.changed:
        size = "1 trial" if change.stayed == 1 else f"{change.stayed} trials"
        console.print(f"Nothing entered and nothing left: {size}, as before.\n")
        return
    table = Table(box=None, show_header=False, pad_edge=False)
    for justify in ("left", "right"):
        table.add_column(justify=justify, no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    table.add_column(justify="right", no_wrap=True)
    for sign, moves in (("+", change.entered), ("-", change.left)):
        for move in moves:
            rank = move.rank_after if sign == "+" else f"was {move.rank_before}"
            what = Text.assemble(move.title, (f" ({_cause(move)})", "dim"))
            table.add_row(sign, str(rank), Text(move.nct_id), what, f"{move.score:.2f}")
    console.print(table)
    console.print()


def _cause(move: Move) -> str:
    """Why it entered or left, and where it stands in the other list."""
    if move.cause is Cause.MOVED_UP:
        return f"moved up from {move.rank_before}" if move.rank_before else "moved up from far below"
    if move.cause is Cause.MOVED_DOWN:
        return f"moved to {move.rank_after}" if move.rank_after else "moved far down"
    return _CAUSES[move.cause]


_CAUSES = {
    Cause.NEW_TRIAL: "new in the data",
    Cause.NEW_LIST: "known before",
    Cause.MEETS_FILTERS: "meets the filters now",
    Cause.GONE_TRIAL: "no longer in the index",
    Cause.GONE_LIST: "still in the index",
    Cause.FAILS_FILTERS: "no longer meets the filters",
}
