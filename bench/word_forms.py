"""Choose the forms of words that count as one word in the package, and write them.

    TRIALKIN_HOME=... python bench/word_forms.py data/names/word_forms.tsv

Stems bring together depressed and depression, but not asthmatic and asthma, metastases and metastasis, women and woman.
Words of Greek and Latin form their adjectives and plurals in a few ways; a form counts as its word if the trials that
use it are about what those are about that use the word. That leaves out what has come to mean something else: trials of
hypnotics are not about hypnosis.

The index in TRIALKIN_HOME should be of a whole registry, or of as much of one as there is.
"""

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path

import numpy as np
from contexts import Contexts, current_index, records
from numpy.typing import NDArray

from trialkin.index.spelling import american
from trialkin.index.word_parts import snowball
from trialkin.index.words import STOP, fold

_FIELDS = ["briefTitle", "officialTitle", "briefSummary"]
_WORD = re.compile(r"[a-z]{3,}")
_LEAST_TRIALS = 3
_LEAST_LIKENESS = 0.75
"""Cosine of the mean profiles of the trials with either word."""
_ENDINGS = """
ical ery | tic sis | tic sia | tic sy | istic ism | itic itis | atic a | iac ia | ic ia | eic ea | ic y | ctic xia
ic ism | ic is | atous a | ous osis | ous us | ented entia | ourished utrition | ant ancy | atic as
al um | al us | al a | al  | al e | eal us | ngeal nx | ial y | ian y
es is | a um | a on | i us | omata oma | ices ix | ices ex
"""
"""Ends of forms, and those of their words; of several the first that holds."""
_SHORTEST = 6
"""Letters of a form that is told by its end."""
_TOLD = """
children child | feet foot | men man | mice mouse | teeth tooth | women woman
chemo chemotherapy | kid child | preemie preterm | rehab rehabilitation | teen adolescent | teenager adolescent
"""
"""Plurals that no rule makes, and what people say for short."""


def main(out: Path) -> None:
    """Write a line a form and its word, and print how alike their trials are."""
    used = [(nct_id, _words(texts)) for nct_id, texts in records(_FIELDS)]
    trials = Counter(word for _, found in used for word in found)
    known = {word for word, count in trials.items() if count >= _LEAST_TRIALS} - STOP
    pairs = {form: words for form in known if (words := list(_words_of(form, known)))}
    looked_at = {one for form, words in pairs.items() for one in (form, *words)}
    about = _contexts(used, looked_at)
    kept = dict(map(str.split, _listed(_TOLD)))
    for form, words in sorted(pairs.items()):
        for word in words:
            if (likeness := float(about[form] @ about[word])) >= _LEAST_LIKENESS:
                kept.setdefault(form, word)
                print(f"{likeness:.2f}  {form} > {word}")
                break
    lines = [f"{form}\t{word}" for form, word in sorted(kept.items())]
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} forms, {out.stat().st_size:,} bytes")


def _contexts(used: list[tuple[str, set[str]]], looked_at: set[str]) -> dict[str, NDArray[np.float32]]:
    """What the trials are about that use each of some words, as `Contexts` gives it."""
    index = current_index()
    places = {nct_id: row for row, nct_id in enumerate(index.nct_ids())}
    rows: defaultdict[str, list[int]] = defaultdict(list)
    for nct_id, found in used:
        for word in found & looked_at:
            rows[word].append(places[nct_id])
    contexts = Contexts(index)
    return {word: contexts.of(found) for word, found in rows.items()}


def _listed(pairs: str) -> list[str]:
    return [pair for line in pairs.strip().splitlines() for pair in line.split(" | ")]


def _words(texts: list[str]) -> set[str]:
    return {american(word) for word in _WORD.findall(fold(" ".join(texts)))}


def _words_of(form: str, known: Collection[str]) -> Iterator[str]:
    """The known words of which a word may be a form, and has another stem."""
    for end, _, of_word in (ends.partition(" ") for ends in _listed(_ENDINGS)):
        word = form.removesuffix(end) + of_word
        if len(form) >= _SHORTEST and form.endswith(end) and word in known and snowball(word) != snowball(form):
            yield word


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
