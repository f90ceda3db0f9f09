"""How much of what the systems find for texts was ever judged, and how good the judged part is.

    python bench/quality/judged.py TRUTH_DIR [--write docs/quality.md]

A trial that no judge saw counts as wrong in a measure, however good it is: one that is later than the judgements, or
was found by none of the systems from whose lists the judges read. Prints a Markdown table for the sets of texts and
every system of `bench/quality`: the share of the first ten that was judged, and nDCG of the lists as they are and
without the trials that were not (condensed lists, Sakai 2007), with 95% intervals.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from baselines import baselines
from systems import evaluate_all, ours
from tables import replace_block, values_table

from trialkin import TrialkinError, open_index
from trialkin.index.truth import read_truth

MEASURES = ("Judged@10", "nDCG@10", "nDCG(judged_only=True)@10")


def main() -> None:
    parser = argparse.ArgumentParser(description="The judged part of what is found for texts.")
    parser.add_argument("truth", type=Path, metavar="TRUTH_DIR")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="a page with the markers of the table")
    options = parser.parse_args()
    index = open_index()
    restricted = (one.restricted(index.__contains__) for one in read_truth(options.truth) if one.kind == "texts")
    truth_sets = [replace(one, measures=MEASURES) for one in restricted if one.queries]
    if not truth_sets:
        raise SystemExit(f"{options.truth} holds no set of texts about trials of this index.")
    runs = evaluate_all(truth_sets, (ours(index), *baselines(index)))
    table = values_table(truth_sets, runs)
    print(table)
    if options.write:
        replace_block(options.write, table, "judged")


if __name__ == "__main__":
    try:
        main()
    except TrialkinError as error:
        sys.exit(str(error))
