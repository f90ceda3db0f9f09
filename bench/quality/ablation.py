"""What each part of the ranking gives, and what it costs in time.

    python bench/quality/ablation.py TRUTH_DIR [--write docs/quality.md]

Takes one part away at a time from the current index's ranking, or changes it, ranks all queries of the truth sets, and
prints a Markdown table: one measure a set, and the median time of a query beside that of the whole ranking in turn.
"""

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path
from statistics import median

from systems import evaluate_run, ours
from tables import replace_block

from trialkin import Settings, TrialkinError
from trialkin.index import Index, Versions
from trialkin.index.measures import mean
from trialkin.index.opening import query_encoder
from trialkin.index.ranking import Ranking
from trialkin.index.truth import TruthSet, read_truth

WHOLE = Ranking()
ABLATIONS: dict[str, Ranking] = {
    "whole ranking": WHOLE,
    "without structured sections": replace(WHOLE, sections={}),
    "structured sections as much as profiles": replace(
        WHOLE, sections={section: weight / sum(WHOLE.sections.values()) for section, weight in WHOLE.sections.items()}
    ),
    "without words between trials": replace(WHOLE, words=0.0, topic=0.0),
    "without the cosine of topics": replace(WHOLE, topic=0.0),
    "without BM25": replace(WHOLE, words=0.0),
    "without shared concepts": replace(WHOLE, concepts=dict.fromkeys(WHOLE.concepts, 0.0)),
    "shared concepts doubled": replace(WHOLE, concepts={kind: 2 * weight for kind, weight in WHOLE.concepts.items()}),
    "without traits": replace(WHOLE, traits=dict.fromkeys(WHOLE.traits, 0.0)),
    "without design": replace(WHOLE, design=0.0),
    "design half as much": replace(WHOLE, design=WHOLE.design / 2),
    "without crowding": replace(WHOLE, crowding=0.0),
    "texts: without feedback": replace(WHOLE, feedback=0),
    "texts: without coverage": replace(WHOLE, text_coverage=0.0),
    "texts: without meaning": replace(WHOLE, text_meaning_short=0.0, text_meaning_long=0.0),
    "texts: long ones as short ones": replace(WHOLE, text_short=10_000),
}
SHOWN = {"related-lists": "R@20", "reviews": "R@50"}
OTHERWISE = "nDCG@10"
TIMED = 60


def main() -> None:
    parser = argparse.ArgumentParser(description="What each part of the ranking gives.")
    parser.add_argument("truth", type=Path, metavar="TRUTH_DIR")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="a page with the markers of the table")
    options = parser.parse_args()
    settings = Settings()
    folder = Versions(settings.home / "index").folder()
    whole = Index(folder, query_encoder(settings), ranking=WHOLE)
    restricted = (one.restricted(whole.__contains__) for one in read_truth(options.truth))
    truth_sets = [one for one in restricted if one.queries]
    names = [f"{one.name} {SHOWN.get(one.name, OTHERWISE)}" for one in truth_sets]
    lines = [f"| ranking | {' | '.join(names)} | time |", "|---" * (len(names) + 2) + "|"]
    for name, ranking in ABLATIONS.items():
        print(name, file=sys.stderr)
        index = Index(folder, query_encoder(settings), checksums=False, ranking=ranking)
        system = ours(index)
        run = evaluate_run(truth_sets, system.related, system.search)
        values = [mean(one, run[one.name])[SHOWN.get(one.name, OTHERWISE)] for one in truth_sets]
        cells = " | ".join(f"{value:.3f}" for value in values)
        lines.append(f"| {name} | {cells} | {_time_ratio(index, whole, truth_sets):.2f} |")
    text = "\n".join(lines)
    print(text)
    if options.write:
        replace_block(options.write, text, "ablation")


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
