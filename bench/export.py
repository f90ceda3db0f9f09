"""How long it takes to write the related lists of all trials to a file.

    TRIALKIN_HOME=HOME python bench/export.py [--top 5] [--processes 1 2] [--no-evidence] [--ending .jsonl.zst]

Runs ``trialkin export related`` over the home once for each number of processes, reads every line back, and prints a
Markdown table: lists a second, seconds in all, the file's size as it lies and unpacked, and memory: the most that its
processes held together at once, without the pages of mapped files, which they share.
"""

import argparse
import gzip
import io
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import orjson
import psutil
import zstandard

COMMAND = str(Path(sys.executable).with_name("trialkin"))
EVERY = 0.25
"""Seconds between two looks at the memory."""


@dataclass(frozen=True)
class Export:
    """What one run took: seconds, and MB of memory of all its processes at most."""

    seconds: float
    memory: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--top", type=int, default=5)
    parser.add_argument("--processes", type=int, nargs="+", default=[len(os.sched_getaffinity(0))])
    parser.add_argument("--no-evidence", action="store_true")
    parser.add_argument("--ending", default=".jsonl.zst", help=".jsonl, .jsonl.gz or .jsonl.zst")
    chosen = parser.parse_args()
    print(
        "| processes | lists | lists/s | seconds | file MB | unpacked MB | memory MB |\n|---|---|---|---|---|---|---|"
    )
    with tempfile.TemporaryDirectory() as folder:
        for processes in chosen.processes:
            out = Path(folder) / f"related-{processes}{chosen.ending}"
            arguments = ["--top", str(chosen.top), "--processes", str(processes), "--out", str(out)]
            ran = _run([*arguments, *(["--no-evidence"] if chosen.no_evidence else [])])
            lists, unpacked = _read(out)
            print(
                f"| {processes} | {lists:,} | {lists / ran.seconds:.1f} | {ran.seconds:.1f} "
                f"| {out.stat().st_size / 1e6:.1f} | {unpacked / 1e6:.1f} | {ran.memory:.0f} |",
                flush=True,
            )


def _run(arguments: list[str]) -> Export:
    started = time.perf_counter()
    process = subprocess.Popen([COMMAND, "export", "related", *arguments], stderr=subprocess.PIPE, text=True)
    most = 0.0
    while process.poll() is None:
        most = max(most, _memory(process.pid))
        time.sleep(EVERY)
    if process.returncode:
        sys.exit(f"trialkin export failed: {process.stderr.read() if process.stderr else ''}")
    return Export(time.perf_counter() - started, most)


def _memory(pid: int) -> float:
    total = 0.0
    try:
        first = psutil.Process(pid)
        for one in [first, *first.children(recursive=True)]:
            now = one.memory_info()
            total += now.rss - getattr(now, "shared", 0)
    except psutil.NoSuchProcess:  # it ended meanwhile
        pass
    return total / 1e6


def _read(path: Path) -> tuple[int, int]:
    """How many lists a file holds, each of which is read; and its bytes unpacked."""
    lists = size = 0
    opened = {".zst": zstandard.open, ".gz": gzip.open}.get(path.suffix, open)
    with io.BufferedReader(opened(path, "rb")) as lines:  # zstandard gives no lines by itself
        for line in lines:
            size += len(line)
            lists += "hits" in orjson.loads(line)
    return lists, size


if __name__ == "__main__":
    main()
