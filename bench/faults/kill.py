"""What `kill -9` leaves of imports, fetches and builds.

    python bench/faults/kill.py [--times 200] [--home DIR] [--seed 1]

Kills `trialkin import`, `trialkin build` (publishing included) and, where there is one, `trialkin fetch` on the bundled
sample, of which a few trials change before each run. Two of three are killed at a random moment of the time that the
command was measured to take, half of these in its last quarter, where publishing is. The third is killed just before it
changes a file or a folder, chosen at random with most weight on renames and what follows them: that hits the instants
between two steps of publishing, which no clock does. Now and then a home begins empty.

After each kill, in fresh processes: the version that answered still does, with the same answer, or the next one does;
`trialkin verify` passes, of every listed version; the snapshot is whole and holds either the change or what it held
before. Then the same command runs to its end, and nothing is left over.

Prints a Markdown table, and each failure as it comes. Exits with 1 if there was any. The processes are forked
(see runs.py); with --home everything is kept in that folder, else in a temporary one.
"""

import argparse
import importlib.util
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from homes import State, broken, changed, new_home, state_of, studies, unfinished
from runs import Ended, command, forked, preload, run

from trialkin.index import Versions

FAKE_REGISTRY = Path(__file__).parents[2] / "tests" / "support" / "fake_registry.py"
FRESH = 10
"""Every so many rounds begin with an empty home."""
MEASURED = 3
TRIES = 5
"""How often a command that was too quick for its kill is tried again."""


@dataclass
class Tally:
    """What became of a command's kills."""

    seconds: float = 0.0
    operations: list[str] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)
    failures: int = 0

    @property
    def kills(self) -> int:
        """All of them."""
        return len(self.moments) + len(self.places)


class Rounds:
    """Changes the sample, runs a command, kills it, checks, and lets it finish."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.random = folder, random.Random(seed)
        self.tallies = {name: Tally() for name in ("import", "fetch", "build")}
        self.number = 0
        self.home = new_home(folder, folder / "models")

    def empty_home(self) -> None:
        """Go on without snapshot and index, as if nothing had ever been imported; what was embedded stays."""
        shutil.rmtree(self.home / "snapshot")
        shutil.rmtree(self.home / "index")

    def measure(self, name: str) -> None:
        """Learn how long a command takes, and how often it changes a file or a folder."""
        seconds = []
        for _ in range(MEASURED):
            with self.ready(name) as work:
                ended = forked(work)
            if ended.code:
                sys.exit(f"trialkin {name} fails by itself: {ended}")
            seconds.append(ended.seconds)
            self.tallies[name].operations = ended.operations
        self.tallies[name].seconds = sorted(seconds)[MEASURED // 2]

    @contextmanager
    def ready(self, name: str) -> Iterator[Callable[[], None]]:
        """The command, with something to do."""
        if name == "build":
            self.change()
            yield command(self.home, "build")
            return
        self.number += 1
        path = changed(self.folder, self.number)
        if name == "import":
            yield command(self.home, "import", path)
        else:
            with _registry(self.number) as address:
                yield command(self.home, "fetch", "--all", TRIALKIN_REGISTRY=address, TRIALKIN_REGISTRY_PAUSE="0")

    def change(self) -> None:
        """Import a change."""
        self.number += 1
        if (ended := run(self.home, "import", changed(self.folder, self.number))).code:
            sys.exit(f"trialkin import fails by itself: {ended}")

    def kill(self, name: str) -> None:
        """One kill, and all that follows it."""
        tally = self.tallies[name]
        for _ in range(TRIES):
            before = state_of(self.home)
            with self.ready(name) as work:
                if name == "build":
                    before = State(before.current, before.answer, self.number)
                names = Versions(self.home / "index").names()
                ended, where = self._killed(work, tally)
                if ended.killed:
                    tally.left[self._left(names)] += 1
                    problems = [*broken(self.home, before, self.number), *self._finish(name, work)]
                    for problem in problems:
                        print(f"- {name}, killed {where}: {problem}", flush=True)
                    tally.failures += bool(problems)
                    return
            if ended.code:
                print(f"- {name} failed by itself: {ended}", flush=True)
                tally.failures += 1
                return
        print(f"- {name} ended before its kill, {TRIES} times", flush=True)
        tally.failures += 1

    def _killed(self, work: Callable[[], None], tally: Tally) -> tuple[Ended, str]:
        if self.random.random() < 1 / 3:
            place = self._place(tally.operations)
            ended, where = forked(work, before=place), f"before its change {place} of {len(tally.operations)}"
            if ended.killed:
                tally.places.append(place)
        else:
            moment = tally.seconds * (1 - self.random.random() ** 2)  # half of the squares are below a quarter
            ended, where = forked(work, after=moment), f"after {moment:.3f} s of {tally.seconds:.3f}"
            if ended.killed:
                tally.moments.append(moment)
            else:
                tally.seconds *= 0.95  # it has become quicker
        return ended, where

    def _place(self, operations: list[str]) -> int:
        """The number of one of a command's changes, from 1; a rename and the change after it weigh ten times more."""
        after = ["", *operations[:-1]]
        weights = [10 if "os.rename" in pair else 1 for pair in zip(operations, after, strict=True)]
        return self.random.choices(range(1, len(operations) + 1), weights)[0]

    def _finish(self, name: str, work: Callable[[], None]) -> Iterator[str]:
        ended = forked(work)
        if ended.code:
            yield f"the next run fails: {ended}"
        else:
            yield from unfinished(self.home, self.number, built=name == "build")

    def _left(self, names: list[str]) -> str:
        versions = Versions(self.home / "index")
        if new := [name for name in versions.names() if name not in names]:
            pointer = versions.root / "CURRENT"
            is_current = pointer.exists() and versions.current() in new
            return "the new version, current" if is_current else "the new version, not yet current"
        if any(self.home.glob("index/.building-*")):
            return "half a version"
        if any(self.home.glob("snapshot/.import-*")):
            return "half an import"
        return "nothing to see"


@contextmanager
def _registry(number: int) -> Iterator[str]:
    """A registry of the changed sample in a process of its own; its address."""
    import os
    import signal

    found = importlib.util.spec_from_file_location("fake_registry", FAKE_REGISTRY)
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    registry = module.FakeRegistry(studies(number), page_limit=50)
    registry.data_timestamp = f"2026-03-25T09:{number // 60 % 60:02d}:{number % 60:02d}"
    pid = os.fork()
    if pid == 0:
        registry.serve()
        os._exit(0)
    try:
        yield registry.address
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        registry._server.server_close()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--times", type=int, default=200, help="kills")
    options.add_argument("--home", type=Path, help="folder to work in; kept")
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    preload()
    with tempfile.TemporaryDirectory(prefix="trialkin-kill-") as temporary:
        failures = kill_all(given.home or Path(temporary), given.times, given.seed)
    sys.exit(1 if failures else 0)


def kill_all(folder: Path, times: int, seed: int) -> int:
    from trialkin.api.cli import app

    there = {one.name or one.callback.__name__.rstrip("_") for one in app.registered_commands if one.callback}
    fetches = "fetch" in there and FAKE_REGISTRY.exists()
    cycle = ["import", "build", "fetch", "build"] if fetches else ["import", "build"]
    started = time.perf_counter()
    rounds = Rounds(folder, seed)
    if (ended := run(rounds.home, "import", changed(folder, 0))).code or (ended := run(rounds.home, "build")).code:
        sys.exit(f"The sample cannot be built: {ended}")
    for name in dict.fromkeys(cycle):
        rounds.measure(name)
    done, position = 0, 0
    while done < times:
        if position and position % (FRESH * len(cycle)) == 0:
            rounds.empty_home()
        name = cycle[position % len(cycle)]
        rounds.kill(name)
        position += 1
        done += 1
    _print(rounds, time.perf_counter() - started, fetches=fetches)
    return sum(one.failures for one in rounds.tallies.values())


def _print(rounds: Rounds, seconds: float, *, fetches: bool) -> None:
    print("\n| command | kills | at moments | before changes of files | what the kills left | failures |")
    print("|---|---|---|---|---|---|")
    for name, one in rounds.tallies.items():
        if one.kills or one.failures:
            print(
                f"| {name} | {one.kills} | {_range(one.moments, '.2f')} of {one.seconds:.2f} s "
                f"| {_range(one.places, 'd')} of {len(one.operations)} "
                f"| {', '.join(f'{count} {what}' for what, count in one.left.most_common())} | {one.failures} |"
            )
    note = "" if fetches else " There is no trialkin fetch, or no registry to try it on."
    print(f"\n{sum(one.kills for one in rounds.tallies.values())} kills in {seconds:,.0f} s.{note}")


def _range(values: list, how: str) -> str:
    return f"{len(values)}: {min(values):{how}} to {max(values):{how}}" if values else "none"


if __name__ == "__main__":
    main()
