"""Ranking quality of the current index and of four plain baselines, on judgements made by others.

    python bench/quality TRUTH_DIR [--write docs/quality.md]

TRUTH_DIR is what ``trialkin evaluate`` reads. Every system ranks the same trials of the same index. Prints two Markdown
tables: means with their 95% intervals, and the paired difference to the best baseline; ``--write`` also puts
them between the markers of a page. The best baseline is chosen after the fact for each measure, which is in its favour.
"""

import argparse
import sys
from pathlib import Path

from baselines import baselines
from systems import evaluate_all, ours
from tables import differences_table, replace_block, values_table

from trialkin import TrialkinError, open_index
from trialkin.index.truth import read_truth


def main() -> None:
    parser = argparse.ArgumentParser(prog="python bench/quality", description="Ranking quality beside baselines.")
    parser.add_argument("truth", type=Path, metavar="TRUTH_DIR")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="a page with the markers of the tables")
    options = parser.parse_args()
    index = open_index()
    restricted = (one.restricted(index.__contains__) for one in read_truth(options.truth))
    truth_sets = [one for one in restricted if one.queries]
    runs = evaluate_all(truth_sets, (ours(index), *baselines(index)))
    first, *others = runs
    sizes = ", ".join(f"{one.name} {len(one.queries):,} in {len(one.groups):,}" for one in truth_sets)
    text = "\n\n".join(
        [
            f"{len(index):,} trials; model {index.manifest.model.name}, {index.manifest.model.precision}. "
            f"Queries in groups: {sizes}.",
            values_table(truth_sets, runs),
            f"How much better {first} is than the best baseline, measure by measure:",
            differences_table(truth_sets, runs[first], {name: runs[name] for name in others}),
        ]
    )
    print(text)
    if options.write:
        replace_block(options.write, text)


if __name__ == "__main__":
    try:
        main()
    except TrialkinError as error:
        sys.exit(str(error))
