"""Ask the index in TRIALKIN_HOME for headings of medicine by each of their names, and count the trials about them.

    TRIALKIN_HOME=... python bench/asked_by_name.py [HEADINGS]

Draws HEADINGS conditions and as many interventions (200) with several names that the index knows for one thing and ten
trials or more about it. Each name is asked twice: by its words alone, and with its other names. Prints, of the first 20
trials, or of as many as there are, the share about what is asked for; then the names of which fewest are.
"""

import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import mean

import numpy as np
from contexts import without_and_with

from trialkin.index import Index
from trialkin.index.dictionary import Kind
from trialkin.index.headings import headings
from trialkin.index.naming import concepts_of
from trialkin.index.other_names import terms_of_name

TOP, FEWEST, SHOWN = 20, 10, 10


@dataclass(frozen=True)
class Thing:
    """What some names are names of, and the ids of the trials about it."""

    names: Sequence[str]
    trials: frozenset[str]


def main(most: int = 200) -> None:
    """Print the shares of each kind, without other names and with them, and its names that find least."""
    indexes = without_and_with(text_names_short=0.0)
    for kind in Kind:
        things = list(islice(_things(indexes[0], kind), most))
        rows = [
            (*(_share(index, name, thing.trials) for index in indexes), name)
            for thing in things
            for name in thing.names
        ]
        alone, with_others = (mean(row[column] for row in rows) for column in (0, 1))
        print(f"{kind}: {len(things)} by {len(rows)} names: {alone:.3f} by words alone, {with_others:.3f} with others")
        for _, share, name in sorted(rows, key=lambda row: row[1])[:SHOWN]:
            print(f"    {share:.2f}  {name}")


def _things(index: Index, kind: Kind) -> Iterator[Thing]:
    """Headings of a kind in random order, the same each time."""
    channels = index._channels
    thesaurus, table = channels.thesauri[kind], channels.concepts[kind]
    rows = np.arange(len(index), dtype=np.int32)
    told = headings(kind)
    for names in random.Random(0).sample(told, len(told)):
        apart = {frozenset(terms_of_name(name)): name for name in reversed(names) if "," not in name}  # nobody inverts
        known = {name: tuple(concepts_of(name, thesaurus)) for name in apart.values()}
        alone = {name: found[0] for name, found in known.items() if len(found) == 1}
        if len(alone) < 2 or len(set(alone.values())) > 1:
            continue
        about = rows[table.cosines(table.of_concepts({next(iter(alone.values())): 1.0}), rows) > 0]
        if len(about) >= FEWEST:
            yield Thing(list(alone), frozenset(index._store.nct_id(row) for row in about.tolist()))


def _share(index: Index, name: str, trials: frozenset[str]) -> float:
    found = [hit.nct_id for hit in index.search(name, TOP, explain=False)]
    return sum(one in trials for one in found) / min(TOP, len(trials))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
