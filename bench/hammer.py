"""Whether anything that a client can send breaks the HTTP API or a page.

    python bench/hammer.py [--requests 20000] [--seed 1]

Serves the bundled sample and two trials whose every text is hostile, and sends it (1) requests made from the OpenAPI
document by Schemathesis, half of them valid, half not, and (2) hostile requests for the pages, byte by byte. A status
of 500 or more, an answer that the document does not describe, or a script that comes back unescaped is wrong. Prints
Markdown tables, and the curl command of each kind of what was wrong; ends with 1 if anything was.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from contract import Tally, ask_by_document
from hostile import ask_pages
from hostile_input import HOSTILE_TRIALS, write_hostile_trials
from served import SAMPLE, built, served


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requests", type=int, default=20_000, help="Requests to the HTTP API.")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = _home(Path(folder))
        # neither overload nor slowness may answer 503 here: only a fault would
        with served(home, most_waiting=10_000, longest_wait=600, time_limit=0, precision="f32") as server:
            started = time.perf_counter()
            api = ask_by_document(server.url, chosen.requests, chosen.seed, ids=[*HOSTILE_TRIALS, *_some_ids()])
            _table("HTTP API, by its OpenAPI document", api, time.perf_counter() - started)
            started = time.perf_counter()
            pages = ask_pages(server)
            _table("Pages, hostile requests", pages, time.perf_counter() - started)
            log = server.log.read_text(errors="replace")
    traces = [line for line in log.splitlines() if '"traceback"' in line or "Traceback" in line]
    print(f"Pages on which a script stands as text: {pages.escaped:,}.\n")
    print(f"Errors in the server's log: {len(traces)}.\n")
    if traces:
        print(f"```\n{traces[0][:4000]}\n```\n")
    wrong = sum((api.wrong + pages.wrong).values())
    _show(api, pages)
    print(f"Seed {chosen.seed}. {'Nothing was wrong.' if not wrong and not traces else f'{wrong} answers were wrong.'}")
    sys.exit(1 if wrong or traces else 0)


def _home(folder: Path) -> Path:
    hostile = write_hostile_trials(folder / "hostile.jsonl")
    return built(folder / "home", SAMPLE, hostile, versions=2, precision="f32")


def _some_ids() -> list[str]:
    return ["NCT07057778", "NCT05281068", "NCT05302024", "nct 5302024", "NCT99999999"]


def _table(title: str, tally: Tally, seconds: float) -> None:
    classes = sorted({status // 100 for counts in tally.statuses.values() for status in counts})
    print(f"{title}: {tally.total:,} requests in {seconds:.0f} s\n")
    print(f"| asked | requests | {' | '.join(f'{one}xx' for one in classes)} | wrong |")
    print("|---" * (3 + len(classes)) + "|")
    for asked, counts in tally.statuses.items():
        by_class = Counter({one: sum(n for status, n in counts.items() if status // 100 == one) for one in classes})
        cells = " | ".join(f"{by_class[one]:,}" for one in classes)
        print(f"| {asked} | {sum(counts.values()):,} | {cells} | {tally.wrong[asked]:,} |")
    print(flush=True)


def _show(*tallies: Tally) -> None:
    for tally in tallies:
        for (asked, what), shown in tally.shown.items():
            print(f"**{asked}**: {what}\n\n```\n{shown}\n```\n")


if __name__ == "__main__":
    main()
