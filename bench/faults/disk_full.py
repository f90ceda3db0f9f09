"""What a full disk does to imports and builds.

    python bench/faults/disk_full.py [--times 20] [--models DIR]

Makes a home on a small file system in memory (tmpfs, which takes root; without it this says so and ends), publishes the
bundled sample, and then fills the disk up, so that the next import, and the next build, find some room but not enough:
from none to a little more than they were measured to need, in even steps.

Each that fails must say that the disk is full, with exit code 1 and no traceback. While the disk is still full the
version that answered verifies and gives the same answer, in fresh processes; once there is room the same command
finishes. Prints a Markdown table, and each failure as it comes; exits with 1 if there was any.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from homes import State, broken, changed, new_home, state_of, unfinished
from runs import Ended, command, forked, preload, run

SIZE = 256 << 20
"""Bytes of the disk: the versions that are kept, the caches, and one more version."""
BLOCK = 4096
_MOST = 1.1
"""The most room that is left, as a share of what is needed."""


@dataclass
class Tally:
    """What became of a command on a disk with too little room."""

    need: int = 0
    refused: list[int] = field(default_factory=list)
    enough: list[int] = field(default_factory=list)
    failures: int = 0


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--times", type=int, default=20, help="amounts of free space for each command")
    options.add_argument("--models", type=Path, help="folder of converted models, to spare the conversion")
    given = options.parse_args()
    preload()
    with tempfile.TemporaryDirectory(prefix="trialkin-full-") as folder, _small_disk(Path(folder) / "disk") as disk:
        tallies = fill(disk, Path(folder), given.models or Path(folder) / "models", given.times)
    print("\n| command | runs | needs KB | refused with KB free | went through with KB free | failures |")
    print("|---|---|---|---|---|---|")
    for name, one in tallies.items():
        print(
            f"| {name} | {len(one.refused) + len(one.enough)} | {one.need >> 10:,} | {_range(one.refused)} "
            f"| {_range(one.enough)} | {one.failures} |"
        )
    sys.exit(1 if any(one.failures for one in tallies.values()) else 0)


def fill(disk: Path, folder: Path, models: Path, times: int) -> dict[str, Tally]:
    home = new_home(disk, models)
    tallies = {"import": Tally(), "build": Tally()}
    for number in range(5):  # as many versions as are kept, and one more, so that the use of the disk is steady
        path = changed(folder, number)
        for name, arguments in (("import", ("import", path)), ("build", ("build",))):
            tallies[name].need = _through(disk, command(home, *arguments))
    for step in range(times):
        number = 5 + step
        path = changed(folder, number)
        for name, arguments in (("import", ("import", path)), ("build", ("build",))):
            before = state_of(home)
            tally = tallies[name]
            free = round(_MOST * tally.need * step / max(1, times - 1))
            with _filled(disk, free):
                ended = run(home, *arguments)
                problems = [*_refusal(ended, free, tally), *broken(home, _reached(before, name, number), number)]
            if (finished := run(home, *arguments)).code:
                problems.append(f"the next run fails: {finished}")
            else:
                problems += unfinished(home, number, built=name == "build")
            for problem in problems:
                print(f"- {name} with {free >> 10:,} KB free: {problem}", flush=True)
            tally.failures += bool(problems)
    return tallies


def _reached(before: State, name: str, number: int) -> State:
    return State(before.current, before.answer, number if name == "build" else before.number)


def _refusal(ended: Ended, free: int, tally: Tally) -> Iterator[str]:
    if ended.code == 0:
        tally.enough.append(free)
        return
    tally.refused.append(free)
    if ended.code != 1 or "full" not in ended.err or "Traceback" in ended.err or "Unexpected" in ended.err:
        yield f"expected to be told that the disk is full, got {ended}"


def _through(disk: Path, work: Callable[[], None]) -> int:
    """Run a command to its end; returns how many bytes more of the disk it used at its peak."""
    before = peak = _used(disk)

    def watch() -> None:
        nonlocal peak
        peak = max(peak, _used(disk))

    if (ended := forked(work, while_waiting=watch)).code:
        sys.exit(f"The sample cannot be built: {ended}")
    return peak - before


def _used(disk: Path) -> int:
    return shutil.disk_usage(disk).used


@contextmanager
def _filled(disk: Path, free: int) -> Iterator[None]:
    """Leave so many bytes of the disk free, rounded up to whole blocks."""
    filler = disk / "filler"
    left = shutil.disk_usage(disk).free - (free + BLOCK - 1) // BLOCK * BLOCK
    with filler.open("wb") as stream:
        os.posix_fallocate(stream.fileno(), 0, max(left, BLOCK))
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def _small_disk(at: Path) -> Iterator[Path]:
    at.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(at)]
    done = subprocess.run(mount, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"No small disk can be mounted here, nothing was tried: {done.stderr.strip()}")
        sys.exit(0)
    try:
        yield at
    finally:
        subprocess.run(["umount", "-l", str(at)], check=True)  # noqa: S607


def _range(values: list[int]) -> str:
    return f"{len(values)}: {min(values) >> 10:,} to {max(values) >> 10:,}" if values else "none"


if __name__ == "__main__":
    main()
