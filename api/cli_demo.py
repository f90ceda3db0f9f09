"""``trialkin demo``: the bundled sample, from files to a related list."""

import sys
from pathlib import Path

import typer
from rich.console import Console

from .cli_settings import settings
from .formats import write_table
from .progress import TerminalProgress

SAMPLE = Path(__file__).resolve().parent.parent / "data" / "sample"
_QUERY = "NCT07057778"
_WIDTH = 100
"""Columns where the output is no terminal."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)


def demo() -> None:
    """Index the bundled sample in a folder of its own and list the trials related to NCT07057778."""
    from ..data import read_trials, upsert
    from ..data.files import home_lock
    from ..index import build, open_index

    here = settings()
    here = here.model_copy(update={"home": here.home / "demo"})
    console = Console(width=None if sys.stdout.isatty() else _WIDTH)
    with home_lock(here.home), TerminalProgress() as progress:
        source = SAMPLE / "trials.jsonl"
        counts = upsert(here.home / "snapshot", read_trials(source), source.name, progress.imported)
        report = build(here, progress)
    index = open_index(settings=here)
    console.print(f"Sample: {counts}. Index version {report.version} of {report.trials:,} trials in {here.home}.\n")
    ranking = index.related(_QUERY, top=len(index))
    write_table(f"Related to {_QUERY}  {index.trial(_QUERY).title}", ranking[:10], console)
    ranks = {hit.nct_id: hit.rank for hit in ranking}
    console.print("A public trial site lists five trials beside this one. Here they stand at:")
    for related in reference_lists()[_QUERY]:
        place = f"rank {ranks[related]:>3}" if related in ranks else "not near"
        console.print(f"  {place}  {related}  {index.trial(related).title}", highlight=False, soft_wrap=True)
    console.print("\nServe it:", style="bold")
    console.print(f"  TRIALKIN_HOME={here.home} {sys.argv[0]} serve", highlight=False, soft_wrap=True)
    console.print("  curl http://127.0.0.1:8000/api/v1/trials/NCT07057778/related", highlight=False, soft_wrap=True)


def reference_lists() -> dict[str, list[str]]:
    """The related trials that a public trial site lists, by the trial that it lists them for, in its order."""
    lists: dict[str, list[str]] = {}
    for line in (SAMPLE / "reference_lists.tsv").read_text().splitlines()[1:]:
        query, _, related = line.split("\t")
        lists.setdefault(query, []).append(related)
    return lists
