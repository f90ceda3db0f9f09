"""What it gives that processors share the scan of profiles.

    python bench/shared_scan.py [QUERIES]

Titles of trials drawn at random (seed 1) are searched for in the current index, in one process, in turn with the scan
by one processor and by all; then their related lists; then many related lists at once. Prints Markdown tables.
"""

import random
import sys
import time
from collections.abc import Callable, Sequence
from itertools import cycle
from statistics import median, quantiles
from typing import Any

from trialkin import Index, open_index

ONE, SHARED = 0, 1
"""FAISS's ways to scan the lists of an inverted file."""
MANY = 200
ROUNDS = 8


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1200
    index = open_index()
    index.warm_up()
    private: Any = index  # what is switched here is no part of the interface
    scan = private._channels.profiles._searched._index
    settings = {
        "scan by one": lambda: setattr(scan, "parallel_mode", ONE),
        "scan shared": lambda: setattr(scan, "parallel_mode", SHARED),
    }
    trials = random.Random(1).sample(index.nct_ids(), min(count, len(index)))
    titles = [index.trial(nct_id).title for nct_id in trials]
    print("| query | median ms | 95th percentile ms |\n|---|---|---|")
    in_turn("search", settings, index.search, titles)
    in_turn("related", settings, index.related, trials)
    print("\n| many related lists | least a second | most |\n|---|---|---|")
    many(index, settings)


def in_turn(
    kind: str, settings: dict[str, Callable[[], None]], ask: Callable[[str], object], queries: Sequence[str]
) -> None:
    """Ask every query once, the next one under the next setting: a question that was just asked is a faster one."""
    times: dict[str, list[float]] = {name: [] for name in settings}
    for query, name in zip(queries, cycle(settings), strict=False):
        settings[name]()
        started = time.perf_counter()
        ask(query)
        times[name].append((time.perf_counter() - started) * 1000)
    for name, found in times.items():
        print(f"| {kind}, {name} | {median(found):.1f} | {quantiles(found, n=20)[-1]:.1f} |")


def many(index: Index, settings: dict[str, Callable[[], None]]) -> None:
    """Related lists over all processors, other trials each round, which are under one setting and the other."""
    trials = random.Random(2).sample(index.nct_ids(), min(ROUNDS * MANY, len(index)))
    rates: dict[str, list[float]] = {name: [] for name in settings}
    for part, name in zip(range(ROUNDS), cycle(settings), strict=False):
        settings[name]()
        started = time.perf_counter()
        answered = sum(1 for _ in index.related_many(trials[part::ROUNDS]))
        rates[name].append(answered / (time.perf_counter() - started))
    for name, found in rates.items():
        print(f"| {name} | {min(found):.0f} | {max(found):.0f} |")


if __name__ == "__main__":
    main()
