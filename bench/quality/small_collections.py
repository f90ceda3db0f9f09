"""What the background does for small collections.

    python bench/quality/small_collections.py TRUTH_DIR [--write docs/quality.md]

Draws small collections from the index in TRIALKIN_HOME, which holds a whole registry or much of one: for each of some
fields the first trials that it finds, and for each set of texts some of the trials that were judged. Builds each twice,
alone and beside the background, and looks for the trials that the registry's weak signals and the truth sets call kin.
Prints three Markdown tables. Embeds nothing: vectors are those of the home.
"""

import argparse
import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray
from systems import evaluate_run, ours
from tables import replace_block
from weak_signals import Kin, naming, sharing_headings

from trialkin import Index, Settings, TrialkinError, open_index
from trialkin.data import upsert
from trialkin.index.background import Background
from trialkin.index.build import build
from trialkin.index.measures import mean
from trialkin.index.truth import TruthSet, read_truth

FIELDS = (
    *("breast cancer", "asthma", "HIV infection", "schizophrenia", "type 2 diabetes", "immune thrombocytopenia"),
    *("rheumatoid arthritis", "malaria", "heart failure", "depression", "multiple myeloma", "hepatitis C", "stroke"),
    *("psoriasis", "prostate cancer", "glaucoma", "cystic fibrosis", "smoking cessation", "preterm infants"),
    "chronic kidney disease",
)
SIZES = (100, 300, 1000)
PARTS_SIZE = 300
"""Trials of the collections in which parts of the background are told apart."""
MOST_LOOKED_AT = 8000
"""Trials of a field among which records with all sections are looked for."""
DEPTH, FIRST = 400, 10
RELEVANT, OTHERS = 400, 200
"""Trials of a collection for texts: judged relevant to some text, and judged to none."""


class Quiet:
    """A build that nobody watches."""

    def stage(self, name: str) -> None:
        """A new stage begins."""

    def trials(self, done: int, total: int) -> None:
        """So many trials of so many have gone through."""

    def encoded(self, texts: int, tokens: int) -> None:
        """So many texts were encoded."""


def main() -> None:
    parser = argparse.ArgumentParser(description="What the background does for small collections.")
    parser.add_argument("truth", type=Path, metavar="TRUTH_DIR")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="a page with the markers of the tables")
    options = parser.parse_args()
    whole = open_index()
    truth_sets = [one.restricted(whole.__contains__) for one in read_truth(options.truth)]
    signals = _signals(whole, [one for one in truth_sets if one.kind == "trials"])
    tables = {
        "small-trials": _trials_table(whole, signals),
        "small-parts": _parts_table(whole, signals),
        "small-texts": _texts_table(whole, [one for one in truth_sets if one.kind != "trials"]),
    }
    print(*tables.values(), sep="\n\n")
    if options.write:
        for name, table in tables.items():
            replace_block(options.write, table, name)


def _signals(whole: Index, truth_sets: list[TruthSet]) -> dict[str, Kin]:
    """The trials that belong together, by what says so."""
    signals: dict[str, Kin] = {"naming each other": naming(whole), "rare headings": sharing_headings(whole)}
    for truth in truth_sets:
        kin: Kin = {}
        for qid, asks in truth.queries.items():
            kin.setdefault(asks, set()).update(one for one, grade in truth.qrels[qid].items() if grade)
        signals[truth.name] = kin
    return signals


def _trials_table(whole: Index, signals: dict[str, Kin]) -> str:
    lines = [
        "| trials | signal | queries | R@10 alone | beside | listed alone | beside | depth beside / alone "
        "| score is off by, alone | beside |",
        "|---" * 10 + "|",
    ]
    for size, complete in (*((size, False) for size in SIZES), (PARTS_SIZE, True)):
        found: dict[str, list[NDArray[np.float64]]] = {name: [] for name in signals}
        for field in FIELDS:
            ids = _drawn(whole, field, size, complete=complete)
            label = f"{size}, all sections" if complete else str(size)
            print(label, field, file=sys.stderr)
            with TemporaryDirectory() as folder:
                alone, beside = (_built(whole, ids, Path(folder), background=one) for one in (False, True))
                for name, kin in signals.items():
                    found[name] += _compared(whole, alone, beside, kin, set(ids))
        lines += [_trials_row(label, name, np.asarray(rows)) for name, rows in found.items() if len(rows) > 1]
    return "\n".join(lines)


def _drawn(whole: Index, field: str, size: int, *, complete: bool) -> list[str]:
    """The first trials found for a field; only records with conditions, interventions and criteria if complete."""
    ids = [hit.nct_id for hit in whole.search(field, MOST_LOOKED_AT if complete else size, explain=False)]
    if complete:
        trials = whole.trials(ids, ["conditions", "interventions", "eligibilityCriteria"])
        ids = [one.nct_id for one in trials if one.conditions and one.interventions and one.eligibility_criteria]
    return ids[:size]


def _parts_table(whole: Index, signals: dict[str, Kin]) -> str:
    """How deep kin stand beside parts of the background, over how deep alone."""
    full = Background.bundled(whole.manifest.model.fingerprint)
    parts = {
        "words": replace(full, traits=None, spreads={}),
        "words and traits": replace(full, spreads={}),
        "words, traits and vectors": full,
    }
    found: dict[str, dict[str, list[float]]] = {part: {name: [] for name in signals} for part in parts}
    for field in FIELDS:
        ids = _drawn(whole, field, PARTS_SIZE, complete=False)
        print("parts", field, file=sys.stderr)
        with TemporaryDirectory() as folder:
            alone = _built(whole, ids, Path(folder), background=False)
            for part, background in parts.items():
                with patch.object(Background, "bundled", lambda _, given=background: given):
                    beside = _built(whole, ids, Path(folder), background=True)
                for name, kin in signals.items():
                    found[part][name] += [row[4] for row in _compared(whole, alone, beside, kin, set(ids))]
    lines = [f"| beside | {' | '.join(signals)} |", "|---" * (len(signals) + 1) + "|"]
    for part, depths in found.items():
        lines.append(f"| {part} | {' | '.join(_depth(np.asarray(one)) for one in depths.values())} |")
    return "\n".join(lines)


def _compared(whole: Index, alone: Index, beside: Index, kin: Kin, inside: set[str]) -> Iterator[NDArray[np.float64]]:
    """For each trial with kin in a collection: found in the first ten, listed, depth, error of scores."""
    for asks in sorted(inside & kin.keys()):
        wanted = sorted(kin[asks] & inside)
        if not wanted:
            continue
        lists = [{hit.nct_id: hit for hit in one.related(asks, DEPTH, explain=False)} for one in (alone, beside, whole)]
        last = min(len(inside), DEPTH + 1)
        ranks = np.asarray([[one[other].rank if other in one else last for other in wanted] for one in lists[:2]])
        listed = [sum(other in one for other in wanted) / len(wanted) for one in lists[:2]]
        known = [other for other in wanted if other in lists[2]]
        scores = [[one[other].score if other in one else 0.0 for other in known] for one in lists]
        errors = [np.abs(np.subtract(one, scores[2])).mean() if known else np.nan for one in scores[:2]]
        first = (ranks <= FIRST).mean(axis=1)
        yield np.asarray([*first, *listed, np.log(ranks[1] / ranks[0]).mean(), *errors])


def _trials_row(label: str, name: str, rows: NDArray[np.float64]) -> str:
    means = np.nanmean(rows, axis=0)
    numbers = " | ".join(f"{one:.3f}" for one in means[:4])
    return f"| {label} | {name} | {len(rows)} | {numbers} | {_depth(rows[:, 4])} | {means[5]:.2f} | {means[6]:.2f} |"


def _depth(logs: NDArray[np.float64]) -> str:
    """How many times as deep, with a standard error, from logarithms of ratios of ranks."""
    ratio = np.exp(logs.mean())
    return f"{ratio:.2f} ± {ratio * logs.std(ddof=1) / len(logs) ** 0.5:.2f}"


def _texts_table(whole: Index, truth_sets: list[TruthSet]) -> str:
    lines = ["| set | trials | measure | alone | beside |", "|---" * 5 + "|"]
    draw = random.Random(1)
    for truth in truth_sets:
        relevant = {one for grades in truth.qrels.values() for one, grade in grades.items() if grade}
        others = {one for grades in truth.qrels.values() for one in grades} - relevant
        parts = ((relevant, RELEVANT), (others, OTHERS))
        ids = [one for part, most in parts for one in draw.sample(sorted(part), min(most, len(part)))]
        with TemporaryDirectory() as folder:
            within = truth.restricted(set(ids).__contains__)
            runs = [
                mean(within, evaluate_run([within], ours(one).related, ours(one).search)[within.name])
                for one in (_built(whole, ids, Path(folder), background=part) for part in (False, True))
            ]
        for place, measure in enumerate(within.measures):
            cells = " | ".join(f"{one[measure]:.3f}" for one in runs)
            lines.append(
                f"| {truth.name if place == 0 else ''} | {len(ids) if place == 0 else ''} | {measure} | {cells} |"
            )
    return "\n".join(lines)


def _built(whole: Index, ids: list[str], folder: Path, *, background: bool) -> Index:
    """An index of some trials, alone or beside the background; built once more where there is one of them."""
    home = Settings().home
    if not (folder / "snapshot").exists():
        for name in ("vectors", "models"):
            (folder / name).symlink_to((home / name).resolve())
        upsert(folder / "snapshot", whole.trials(ids), "a small collection")
    build(Settings(home=folder, background=background, keep_versions=10), Quiet(), force=True)
    return open_index(folder)


if __name__ == "__main__":
    try:
        main()
    except TrialkinError as error:
        sys.exit(str(error))
