"""Whether a single altered byte of a home is found.

    python bench/faults/flipped.py [--places 4] [--home DIR] [--seed 1]

Publishes two versions of the bundled sample and then alters one byte at a time, in each file of the second version, of
the snapshot, and in the pointer: the first byte, the last one, and others at random. Each time, in a fresh process:

- of a version: checking its files, as `trialkin verify` does, names that very file, opening it refuses, and both say
  what to do; once for each file `trialkin verify`, `trialkin related` and `trialkin rollback` themselves are run, and
  after the rollback the first version gives its own answer;
- of the snapshot: what a build does first, opening and verifying it, names that very file; its manifest is altered at
  every byte; `rejected.jsonl` is for people alone and is left out;
- of the pointer: it is said to be damaged, or names a version that is whole.

Prints a Markdown table, and each failure as it comes; exits with 1 if there was any.
"""

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from homes import ASKED, changed, new_home
from runs import forked, preload, run

from trialkin import open_index
from trialkin.data import Snapshot
from trialkin.errors import TrialkinError
from trialkin.index import Versions
from trialkin.index.manifest import check_files, read_manifest


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--places", type=int, default=4, help="bytes altered in each file")
    options.add_argument("--home", type=Path, help="folder to work in; kept")
    options.add_argument("--seed", type=int, default=1)
    given = options.parse_args()
    preload()
    with tempfile.TemporaryDirectory(prefix="trialkin-flipped-") as temporary:
        folder = given.home or Path(temporary)
        home = new_home(folder, folder / "models")
        for number in range(2):
            for arguments in (("import", changed(folder, number)), ("build",)):
                if (ended := run(home, *arguments)).code:
                    sys.exit(f"The sample cannot be built: {ended}")
        failed = sum(alter_all(home, given.places, random.Random(given.seed)))
    sys.exit(1 if failed else 0)


def alter_all(home: Path, places: int, chance: random.Random) -> Iterator[int]:
    """Alter everything; prints each failure, and yields how many of each kind of file. A table comes last."""
    versions = Versions(home / "index")
    version, snapshot = versions.folder("0002"), home / "snapshot"
    first = _first_answer(home)
    rows = ["\n| files | bytes altered | failures |", "|---|---|---|"]
    for name, files, check in (
        ("version", sorted(one for one in version.rglob("*") if one.is_file()), lambda path: _of_version(home, path)),
        ("snapshot", [*snapshot.glob("*.parquet"), snapshot / "manifest.json"], lambda path: _of_snapshot(home, path)),
        ("pointer", [home / "index" / "CURRENT"], lambda _: _of_pointer(home)),
    ):
        altered = failures = 0
        for path in files:
            for place, flip in _every(path) if path == snapshot / "manifest.json" else _places(path, places, chance):
                with _altered(path, place, flip):
                    problems = _in_fresh_process(check, path)
                    if place == 0 and name == "version":
                        problems += _commands(home, path, first)
                for problem in problems:
                    print(f"- {path.relative_to(home)}, byte {place} with {flip:#04x}: {problem}", flush=True)
                altered += 1
                failures += bool(problems)
        rows.append(f"| {len(files)} of the {name} | {altered} | {failures} |")
        yield failures
    print("\n".join(rows))


def _of_version(home: Path, path: Path) -> list[str]:
    folder = Versions(home / "index").folder("0002")
    return [
        *_names("checking", path, lambda: check_files(folder, read_manifest(folder), checksums=True)),
        *_names("opening", path, lambda: open_index(home)),
    ]


def _of_snapshot(home: Path, path: Path) -> list[str]:
    return _names("verifying", path, lambda: Snapshot.open(home / "snapshot").verify())


def _of_pointer(home: Path) -> list[str]:
    try:
        open_index(home)
    except TrialkinError as error:
        return [] if "CURRENT" in str(error) and error.hint else [f"it says {error}"]
    return []


def _names(doing: str, path: Path, action: Callable[[], object]) -> list[str]:
    try:
        action()
    except TrialkinError as error:
        return [] if f"{path} is damaged" in error.what and error.hint else [f"{doing} says {error}"]
    return [f"{doing} does not notice"]


def _commands(home: Path, path: Path, first: str) -> list[str]:
    """What the commands say of a damaged version, and whether they lead out of it."""
    problems = []
    for arguments in (("verify",), ("related", ASKED)):
        ended = run(home, *arguments)
        words = " ".join(ended.err.split())
        if ended.code != 1 or str(path) not in words or "trialkin rollback" not in words or "Traceback" in words:
            problems.append(f"trialkin {arguments[0]}: {ended}")
    if (ended := run(home, "rollback")).code:
        problems.append(f"trialkin rollback: {ended}")
    elif (answer := run(home, "related", ASKED, "--json")).code or answer.out != first:
        problems.append(f"after the rollback: {answer}")
    Versions(home / "index").point("0002")
    return problems


def _first_answer(home: Path) -> str:
    versions = Versions(home / "index")
    versions.point("0001")
    answer = run(home, "related", ASKED, "--json")
    versions.point("0002")
    if answer.code:
        sys.exit(f"The first version does not answer: {answer}")
    return answer.out


def _in_fresh_process(check: Callable[[Path], list[str]], path: Path) -> list[str]:
    ended = forked(lambda: print(json.dumps(check(path))))
    return json.loads(ended.out) if ended.code == 0 else [f"it ends with {ended}"]


def _places(path: Path, count: int, chance: random.Random) -> Iterator[tuple[int, int]]:
    """Offsets, the first byte and the last among them, each with the bits to turn."""
    size = path.stat().st_size
    ends = [0, size - 1] if size > 1 else [0][:size]
    inner = [chance.randrange(size) for _ in range(count - len(ends))] if size else []
    for place in dict.fromkeys(ends + inner):
        yield place, 1 << chance.randrange(8)


def _every(path: Path) -> Iterator[tuple[int, int]]:
    for place in range(path.stat().st_size):
        yield place, 1 << place % 8


@contextmanager
def _altered(path: Path, place: int, flip: int) -> Iterator[None]:
    """Alter a byte where it lies, so that whatever is linked to the file is altered, too."""
    _turn(path, place, flip)
    try:
        yield
    finally:
        _turn(path, place, flip)


def _turn(path: Path, place: int, flip: int) -> None:
    with path.open("r+b") as stream:
        stream.seek(place)
        byte = stream.read(1)[0]
        stream.seek(place)
        stream.write(bytes([byte ^ flip]))


if __name__ == "__main__":
    main()
