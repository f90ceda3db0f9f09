"""How long an answer takes on the current index.

    python bench/latency.py [QUERIES]

One process, one query at a time, after one warm-up query of each kind: `related` for trials drawn at random (seed 1),
`search` for their titles, alone and with a filter. Then whole commands from a cold start. Prints a Markdown table of
milliseconds: median and 95th percentile.
"""

import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median, quantiles

from trialkin import Index, open_index
from trialkin.index import Filters


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    started = time.perf_counter()
    index = open_index()
    opened = time.perf_counter() - started
    index.warm_up()
    trials = random.Random(1).sample(index.nct_ids(), min(count, len(index)))
    titles = [index.trial(nct_id).title for nct_id in trials]
    recruiting = Filters(status=("RECRUITING", "COMPLETED"))
    print(
        f"{len(index):,} trials, {len(trials)} queries of each kind; opened with checksums in {opened * 1000:.0f} ms\n"
    )
    print("| query | median ms | 95th percentile ms |\n|---|---|---|")
    row("related, top 10", index.related, trials)
    row("related, top 10, filtered by status", lambda trial: index.related(trial, filters=recruiting), trials)
    row("search by title, top 10", index.search, titles)
    row("search by title, top 10, filtered by status", lambda title: index.search(title, filters=recruiting), titles)
    cold(index)


def cold(index: Index) -> None:
    command = str(Path(sys.executable).with_name("trialkin"))
    some = index.nct_ids()[len(index) // 2]
    row("command `related`, cold", lambda _: run(command, "related", some), range(7))
    row("command `search`, cold", lambda _: run(command, "search", "steroid-resistant ITP, anti-CD20"), range(7))


def run(*command: str) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def row(name: str, ask: Callable[..., object], queries: Sequence[object]) -> None:
    ask(queries[0])
    times = []
    for query in queries:
        started = time.perf_counter()
        ask(query)
        times.append((time.perf_counter() - started) * 1000)
    print(f"| {name} | {median(times):.1f} | {quantiles(times, n=20)[-1]:.1f} |")


if __name__ == "__main__":
    main()
