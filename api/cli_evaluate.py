"""``trialkin evaluate``."""

import sys
from pathlib import Path
from typing import Annotated, Any

import orjson
import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from .. import __version__
from ..errors import TrialkinError
from ..index import Index, choose_weights, open_index
from ..index.truth import TruthSet, read_truth
from .cli_settings import settings
from .evaluation import NOTHING_EARLIER, Earlier, Evaluation, answers, evaluate, read_earlier, write_evaluation
from .options import PresetName, WeightsText
from .progress import TerminalProgress

_WIDTH = 120
"""Columns of a table that is not written to a terminal."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("evaluate")(evaluate_)


def evaluate_(
    truth_dir: Annotated[
        Path,
        typer.Argument(
            help="Folder of related-lists.tsv, reviews.tsv, and sub-folders with topics.tsv and qrels.txt.",
            show_default=False,
        ),
    ],
    out: Annotated[
        Path | None, typer.Option(help="Folder for TREC runs, per-query values and a summary.", show_default=False)
    ] = None,
    against: Annotated[
        Path | None, typer.Option(help="An earlier --out to compare with, query by query.", show_default=False)
    ] = None,
    preset: PresetName = "",
    weights: WeightsText = "",
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON.")] = False,
) -> None:
    """Measure the index's ranking on judgements made by others, relative to the trials that it holds."""
    chosen = choose_weights(preset, weights)
    sets = read_truth(truth_dir)
    earlier = read_earlier(against) if against else NOTHING_EARLIER
    index = open_index(settings=settings())
    if out:
        out.mkdir(parents=True, exist_ok=True)  # before the work, so that a bad path is not found after it
    held = [whole.restricted(index.__contains__) for whole in sets]
    for whole, left in zip(sets, held, strict=True):
        _say_what_is_left_out(whole, left, index)
    asked = [one for one in held if one.queries]
    if not asked:
        raise TrialkinError(
            f"No query of {truth_dir} has a relevant trial in the index.", "Import the trials it judges, and build."
        )
    evaluations = []
    with TerminalProgress() as progress:
        for truth in asked:
            progress.stage(f"ranking: {truth.name}")
            total = len(truth.trials()) + len(truth.texts())
            answered = {}
            for query, hits in answers(index, truth, chosen):
                answered[query] = hits
                progress.trials(len(answered), total)
            evaluations.append(evaluate(truth, answered, earlier.values.get(truth.name, {})))
    if against:
        _say_what_is_not_compared(evaluations, earlier, against)
    summary = _summary(index, {"preset": preset, "weights": weights}, evaluations)
    if out:
        write_evaluation(out, evaluations, summary)
    if as_json:
        sys.stdout.write(orjson.dumps(summary, option=orjson.OPT_INDENT_2).decode() + "\n")
    else:
        _write_table(index, evaluations, compared=against is not None)


def _summary(index: Index, chosen: dict[str, str], evaluations: list[Evaluation]) -> dict[str, Any]:
    manifest = index.manifest
    return {
        "trialkin": __version__,
        "indexVersion": index.version,
        "dataDate": manifest.snapshot.data_date,
        "trials": len(index),
        "model": manifest.model.model_dump(by_alias=True, mode="json"),
        "ranking": manifest.ranking,
        **chosen,
        "sets": [one.summary() for one in evaluations],
    }


def _say_what_is_left_out(whole: TruthSet, held: TruthSet, index: Index) -> None:
    queries = len(whole.queries) - len(held.queries)
    relevant = whole.relevant
    missing = sum(nct_id not in index for nct_id in relevant)
    if queries or missing:
        why = "their trial or all that they should find" if whole.kind == "trials" else "all that they should find"
        typer.echo(
            f"{whole.name}: {missing:,} of {len(relevant):,} relevant trials are not in the index and do not count; "
            f"{queries:,} of {len(whole.queries):,} queries are left out, for {why} is not in the index.",
            err=True,
        )


def _say_what_is_not_compared(evaluations: list[Evaluation], earlier: Earlier, against: Path) -> None:
    for one in evaluations:
        name, now = one.truth.name, set(one.truth.queries)
        before = {qid for values in earlier.values.get(name, {}).values() for qid in values}
        if now != before:
            typer.echo(
                f"{name}: {len(now & before):,} queries are compared; {len(now - before):,} are new, "
                f"{len(before - now):,} are in {against} alone.",
                err=True,
            )
        elif earlier.relevant.get(name) != len(one.truth.relevant):
            typer.echo(
                f"{name}: {against} knew {earlier.relevant.get(name, 0):,} relevant trials, this index "
                f"{len(one.truth.relevant):,}; the difference is of trials, too, and not of ranking alone.",
                err=True,
            )


def _write_table(index: Index, evaluations: list[Evaluation], *, compared: bool) -> None:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for heading in ("Set", "Measure"):
        table.add_column(heading, overflow="fold")  # on a narrow terminal no part of a name is lost
    headings = ["Value", "95% interval", "Queries", "Groups", *(["Difference", "95% interval"] if compared else [])]
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    for one in evaluations:
        sizes = [f"{len(one.truth.queries):,}", f"{len(one.truth.groups):,}"]
        for place, row in enumerate(one.rows()):
            cells = [one.truth.name if place == 0 else "", row["measure"], f"{row['mean']:.3f}", _interval(row), *sizes]
            if compared:
                difference = row.get("difference")
                cells += [f"{difference['mean']:+.3f}", _interval(difference, "+")] if difference else ["–", "–"]
            table.add_row(*map(Text, cells))
    console = Console(width=None if sys.stdout.isatty() else _WIDTH)
    console.print(table)
    console.print(
        f"Index {index.version}, {len(index):,} trials, data of {index.manifest.snapshot.data_date or 'unknown date'}. "
        "Queries and relevant trials are those of the index.",
        style="dim",
    )


def _interval(row: dict[str, float], sign: str = "") -> str:
    return f"{row['low']:{sign}.3f} to {row['high']:{sign}.3f}"
