"""How good the lists are when a trial is described rather than named: by its title, or title and summary, as a text.

    python bench/quality/descriptions.py TRUTH_DIR [--write docs/quality.md]

Prints a Markdown table for the sets whose queries are trials: the trial itself, a draft of the same words, the words as
a text. The trial is left out of its own list.
"""

import argparse
import sys
from pathlib import Path

from systems import Lists, ours
from tables import replace_block

from trialkin import TrialkinError, open_index
from trialkin.data import DRAFT_ID, Trial
from trialkin.index import Index
from trialkin.index.measures import mean, measure
from trialkin.index.truth import TruthSet, read_truth

DEPTH = 100


def _drafts(index: Index, trials: list[Trial], *, summary: bool) -> Lists:
    out = {}
    for one in trials:
        draft = Trial(nct_id=DRAFT_ID, brief_title=one.title, brief_summary=one.brief_summary if summary else None)
        out[one.nct_id] = [hit.nct_id for hit in index.related_to(draft, DEPTH + 1, explain=False)]
    return out


def _texts(index: Index, trials: list[Trial], *, summary: bool) -> Lists:
    texts = [(one.nct_id, f"{one.title}.\n{one.brief_summary or ''}" if summary else one.title) for one in trials]
    return {nct_id: [hit.nct_id for hit in hits] for nct_id, hits in index.search_many(texts, DEPTH + 1, explain=False)}


def _row(name: str, truth_sets: list[TruthSet], lists: Lists) -> str:
    without = {nct_id: [one for one in found if one != nct_id][:DEPTH] for nct_id, found in lists.items()}
    means = [mean(one, measure(one, one.by_query(without))) for one in truth_sets]
    values = [f"{found[name]:.3f}" for one, found in zip(truth_sets, means, strict=True) for name in one.measures]
    return f"| {name} | {' | '.join(values)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description="Trials described by texts.")
    parser.add_argument("truth", type=Path, metavar="TRUTH_DIR")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="a page with the markers of the table")
    options = parser.parse_args()
    index = open_index()
    found = (one.restricted(index.__contains__) for one in read_truth(options.truth) if one.kind == "trials")
    truth_sets = [one for one in found if one.queries]
    asking = sorted({nct_id for one in truth_sets for nct_id in one.trials()})
    trials = [one for one in index.trials(asking) if one.title.strip()]
    heads = [f"{one.name} {name}" for one in truth_sets for name in one.measures]
    table = "\n".join(
        (
            f"| asked by | {' | '.join(heads)} |",
            "|---" * (len(heads) + 1) + "|",
            _row("the trial", truth_sets, ours(index).related(asking)),
            _row("a draft with its title", truth_sets, _drafts(index, trials, summary=False)),
            _row("a text, its title", truth_sets, _texts(index, trials, summary=False)),
            _row("a draft with title and summary", truth_sets, _drafts(index, trials, summary=True)),
            _row("a text, title and summary", truth_sets, _texts(index, trials, summary=True)),
        )
    )
    print(table)
    if options.write:
        replace_block(options.write, table, "descriptions")


if __name__ == "__main__":
    try:
        main()
    except TrialkinError as error:
        sys.exit(str(error))
