"""What each part of the ranking gives, and what it costs in time.

    python bench/quality/ablation.py TRUTH_DIR [--write docs/quality.md]

Takes one part away at a time from the current index's ranking, or changes it, and ranks all queries of the truth sets
and of the registry's own weak signals. Prints two Markdown tables: one measure a set, with the median time of a query
beside that of the whole ranking in turn; and, finer, how much deeper the trials to be found stand.
"""

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

import numpy as np
from systems import Lists, Run, evaluate_run, ours
from tables import replace_block
from weak_signals import weak_signals

from trialkin import Settings, TrialkinError
from trialkin.index import Index, Versions
from trialkin.index.measures import by_group, mean
from trialkin.index.opening import query_encoder
from trialkin.index.ranking import Ranking
from trialkin.index.truth import TruthSet, read_truth

WHOLE = Ranking()
OF_TRIALS: dict[str, Ranking] = {
    "without structured sections": replace(WHOLE, sections={}),
    "structured sections half as much": replace(WHOLE, sections={one: w / 2 for one, w in WHOLE.sections.items()}),
    "structured sections twice as much": replace(WHOLE, sections={one: 2 * w for one, w in WHOLE.sections.items()}),
    "without words between trials": replace(WHOLE, words=0.0, topic=0.0),
    "without the cosine of topics": replace(WHOLE, topic=0.0),
    "topics twice as much": replace(WHOLE, topic=2 * WHOLE.topic),
    "without BM25": replace(WHOLE, words=0.0),
    "without shared concepts": replace(WHOLE, concepts=dict.fromkeys(WHOLE.concepts, 0.0)),
    "shared concepts doubled": replace(WHOLE, concepts={kind: 2 * weight for kind, weight in WHOLE.concepts.items()}),
    "without shared classes": replace(WHOLE, classes=0.0),
    "shared classes doubled": replace(WHOLE, classes=2 * WHOLE.classes),
    "without traits": replace(WHOLE, traits=dict.fromkeys(WHOLE.traits, 0.0)),
    "without design": replace(WHOLE, design=0.0),
    "design half as much": replace(WHOLE, design=WHOLE.design / 2),
    "design twice as much": replace(WHOLE, design=2 * WHOLE.design),
    "without nearness in time": replace(WHOLE, registered=0.0),
    "nearness in time twice as much": replace(WHOLE, registered=2 * WHOLE.registered),
    "without crowding": replace(WHOLE, crowding=0.0),
}
OF_TEXTS: dict[str, Ranking] = {
    "texts: without feedback": replace(WHOLE, feedback=0),
    "texts: without other names": replace(
        WHOLE, text_genes=0.0, text_names_short=0.0, text_names_long=0.0, text_drugs_long=0.0
    ),
    "texts: without other names of genes": replace(WHOLE, text_genes=0.0),
    "texts: other names of conditions half as much": replace(WHOLE, text_names_short=0.5, text_names_long=0.25),
    "texts: without members of classes": replace(WHOLE, text_classes=0.0),
    "texts: connecting words in full": replace(WHOLE, text_connecting=1.0),
    "texts: without the phase they name": replace(WHOLE, text_design=0.0),
    "texts: without coverage": replace(WHOLE, text_coverage=0.0),
    "texts: without meaning": replace(WHOLE, text_meaning_short=0.0, text_meaning_long=0.0),
    "texts: without the standing of conditions": replace(WHOLE, text_conditions=0.0),
    "texts: without whom they ask for": replace(WHOLE, text_person=0.0),
    "texts: long ones as short ones": replace(WHOLE, text_short=10_000),
}
SHOWN = {"related-lists": "R@20", "reviews": "R@50", "naming each other": "R@10", "rare headings": "R@10"}
OTHERWISE = "nDCG@10"
DEPTH = 400
TIMED = 60


def main() -> None:
    parser = argparse.ArgumentParser(description="What each part of the ranking gives.")
    parser.add_argument("truth", type=Path, metavar="TRUTH_DIR")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="a page with the markers of the tables")
    options = parser.parse_args()
    settings = Settings()
    folder = Versions(settings.home / "index").folder()
    whole = Index(folder, query_encoder(settings), ranking=WHOLE)
    restricted = [one.restricted(whole.__contains__) for one in read_truth(options.truth)] + weak_signals(whole)
    truth_sets = [one for one in restricted if one.queries]
    lists, runs, times = {}, {}, {}
    for name, ranking in ({"whole ranking": WHOLE} | OF_TRIALS | OF_TEXTS).items():
        print(name, file=sys.stderr)
        index = Index(folder, query_encoder(settings), checksums=False, ranking=ranking)
        lists[name], runs[name] = _run(index, truth_sets)
        times[name] = _time_ratio(index, whole, truth_sets)
    of_trials = [one for one in truth_sets if one.kind == "trials"]
    measures = _measures_table(truth_sets, runs, times)
    depths = _depths_table(of_trials, {name: lists[name] for name in ("whole ranking", *OF_TRIALS)})
    print(measures, depths, sep="\n\n")
    if options.write:
        replace_block(options.write, measures, "ablation")
        replace_block(options.write, depths, "depths")


def _run(index: Index, truth_sets: list[TruthSet]) -> tuple[Lists, Run]:
    """The lists of all trials that ask, and every measure."""
    asking = sorted({nct_id for one in truth_sets for nct_id in one.trials()})
    lists = {nct_id: [hit.nct_id for hit in hits] for nct_id, hits in index.related_many(asking, DEPTH, explain=False)}
    return lists, evaluate_run(truth_sets, lambda _: lists, ours(index).search)


def _measures_table(truth_sets: list[TruthSet], runs: dict[str, Run], times: dict[str, float]) -> str:
    names = [f"{one.name} {SHOWN.get(one.name, OTHERWISE)}" for one in truth_sets]
    lines = [f"| ranking | {' | '.join(names)} | time |", "|---" * (len(names) + 2) + "|"]
    for name, run in runs.items():
        cells = " | ".join(f"{mean(one, run[one.name])[SHOWN.get(one.name, OTHERWISE)]:.3f}" for one in truth_sets)
        lines.append(f"| {name} | {cells} | {times[name]:.2f} |")
    return "\n".join(lines)


def _depths_table(truth_sets: list[TruthSet], lists: dict[str, Lists]) -> str:
    """How many times as deep the trials to be found stand as in the first lists, with a standard error."""
    (_, first), *others = lists.items()
    before = {one.name: _log_ranks(one, first) for one in truth_sets}
    lines = [f"| ranking | {' | '.join(one.name for one in truth_sets)} |", "|---" * (len(truth_sets) + 1) + "|"]
    for name, found in others:
        cells = []
        for one in truth_sets:
            logs = by_group(one, {qid: log - before[one.name][qid] for qid, log in _log_ranks(one, found).items()})
            cells.append(f"{np.exp(logs.mean()):.3f} ± {logs.std(ddof=1) / len(logs) ** 0.5:.3f}")
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _log_ranks(truth: TruthSet, lists: Lists) -> dict[str, float]:
    return {qid: _log_rank(lists[asks], truth.qrels[qid]) for qid, asks in truth.queries.items()}


def _log_rank(ranked: list[str], wanted: dict[str, int]) -> float:
    """Mean logarithm of the ranks of what is wanted; one place after the list for what is not in it."""
    ranks = {nct_id: rank for rank, nct_id in enumerate(ranked, start=1)}
    return float(np.mean([np.log(ranks.get(nct_id, DEPTH + 1)) for nct_id, grade in wanted.items() if grade]))


def _time_ratio(index: Index, whole: Index, truth_sets: list[TruthSet]) -> float:
    """Median time of a query of the index over that of the whole ranking, asked in turn."""
    trials = [nct_id for one in truth_sets for nct_id in one.trials()][:TIMED]
    texts = [text for one in truth_sets for _, text in one.texts()][:TIMED]
    times: dict[Index, list[float]] = {index: [], whole: []}
    for trial, text in zip(trials, texts, strict=False):
        for one, spent in times.items():
            started = time.perf_counter()
            one.related(trial)
            one.search(text)
            spent.append(time.perf_counter() - started)
    return median(times[index]) / median(times[whole])


if __name__ == "__main__":
    try:
        main()
    except TrialkinError as error:
        sys.exit(str(error))
