"""How good the lists are when the same is asked in other words.

    python bench/quality/wordings.py TRUTH_DIR [--write docs/quality.md]

Judges were given topics in one form; users write sentences, forms, capitals. Prints a Markdown table a group of sets:
key words (a disease, then a gene, in topics of precision medicine) and stories. Each row asks every topic in one
wording.
"""

import argparse
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import mean as average
from textwrap import fill

from systems import evaluate_run, ours
from tables import replace_block

from trialkin import TrialkinError, open_index
from trialkin.index.ages import ages_told
from trialkin.index.framing import without
from trialkin.index.measures import mean
from trialkin.index.truth import TruthSet, read_truth

Wording = Callable[[str], str]
MEASURES = ("nDCG@10", "R@100")
_STORY = 30
"""Words that the topics of a set of stories have at least, in the mean."""
_GENE = re.compile(r" (?=\S*[A-Z]\S*[A-Z0-9])")
"""Before the first word that looks like a gene's name."""


def _parts(text: str) -> tuple[str, str]:
    """A disease and its gene; what has no gene is parted after its first word."""
    found = _GENE.search(text)
    first, _, second = (text[: found.start()], " ", text[found.end() :]) if found else text.partition(" ")
    return first, second


def _in(frame: str) -> Wording:
    """A wording with a disease and a gene in their places."""
    return lambda text: frame.format(*_parts(text))


def _without_ages(text: str) -> str:
    """A story of which nobody's age is known."""
    return without(text, [found.span() for found in ages_told(text)]).replace("\n", " ")


KEY_WORDS: Mapping[str, Wording] = {
    "as they are": str,
    "in capitals": str.upper,
    "the gene first": _in("{1} {0}"),
    "Are there trials for patients with melanoma and BRAF (V600E)?": _in(
        "Are there trials for patients with {0} and {1}?"
    ),
    "treatment options for melanoma with BRAF (V600E)": _in("treatment options for {0} with {1}"),
    "melanoma BRAF (V600E) mutation": _in("{0} {1} mutation"),
    "melanoma harboring BRAF (V600E)": _in("{0} harboring {1}"),
    "diagnosed with melanoma, BRAF (V600E)": _in("diagnosed with {0}, {1}"),
    "Disease: melanoma / Gene: BRAF (V600E)": _in("Disease: {0}\nGene: {1}"),
    "I have melanoma. Genetic testing revealed BRAF (V600E).": _in("I have {0}. Genetic testing revealed {1}."),
}
STORIES: Mapping[str, Wording] = {
    "as they are": str,
    "in capitals": str.upper,
    "in lines of 60 characters": lambda text: fill(text, 60),
    "a sentence a line": lambda text: re.sub(r"(?<=[.?!]) ", "\n", text),
    "without the ages of people": _without_ages,
    "Case report: ...": "Case report: {}".format,
    "Which trials could this patient join? ...": "Which trials could this patient join? {}".format,
    "... Which trials could this patient join?": "{} Which trials could this patient join?".format,
}


def _is_of_stories(truth: TruthSet) -> bool:
    return average(len(text.split()) for _, text in truth.texts()) >= _STORY


def main() -> None:
    parser = argparse.ArgumentParser(description="The same asked in other words.")
    parser.add_argument("truth", type=Path, metavar="TRUTH_DIR")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="a page with the markers of the tables")
    options = parser.parse_args()
    index = open_index()
    found = [one.restricted(index.__contains__) for one in read_truth(options.truth) if one.kind == "texts"]
    search = ours(index).search
    for name, stories, wordings in (("wordings", False, KEY_WORDS), ("wordings-stories", True, STORIES)):
        truth_sets = [one for one in found if one.queries and _is_of_stories(one) is stories]
        heads = [f"{one.name} {measure}" for one in truth_sets for measure in MEASURES]
        lines = [f"| wording | {' | '.join(heads)} |", "|---" * (len(heads) + 1) + "|"]
        for told, wording in wordings.items():
            run = evaluate_run(
                truth_sets,
                lambda _: {},
                lambda texts, wording=wording: search([(qid, wording(text)) for qid, text in texts]),
            )
            values = [mean(one, run[one.name])[measure] for one in truth_sets for measure in MEASURES]
            lines.append(f"| {told} | {' | '.join(f'{value:.3f}' for value in values)} |")
        table = "\n".join(lines)
        print(table, flush=True)
        if options.write:
            replace_block(options.write, table, name)


if __name__ == "__main__":
    try:
        main()
    except TrialkinError as error:
        sys.exit(str(error))
