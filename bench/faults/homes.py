"""Homes on the bundled sample that change a little from run to run, and what must hold of them whatever happens."""

import datetime
import json
import random
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import orjson
from runs import Ended, forked, run

import trialkin
from trialkin.data import Snapshot
from trialkin.errors import IndexMissing, TrialkinError
from trialkin.index import Versions
from trialkin.index.manifest import check_files, read_manifest

SAMPLE = Path(trialkin.__file__).parent / "data" / "sample" / "trials.jsonl"
ASKED = "NCT07057778"
CHANGED = 5
"""Trials that a change touches, besides the one that is asked for."""
LEFTOVERS = (".*.part", "*/.*.part", "index/.building-*", "index/.removing-*", "snapshot/.import-*")


def studies(number: int) -> list[dict]:
    """The sample with the title and description of a few trials changed, and dated later than any change before."""
    found = [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]
    picked = {ASKED, *random.Random(number).sample([_id_of(one) for one in found], CHANGED)}
    date = datetime.date(2026, 3, 1) + datetime.timedelta(days=number)
    for one in found:
        if number and _id_of(one) in picked:
            protocol = one["protocolSection"]
            names = protocol["identificationModule"]
            names["briefTitle"] = f"{names.get('briefTitle', '')} {mark(number)}".strip()
            protocol.setdefault("descriptionModule", {})["detailedDescription"] = f"Another text {mark(number)}."
            protocol.setdefault("statusModule", {})["lastUpdatePostDateStruct"] = {"date": date.isoformat()}
    return found


def mark(number: int) -> str:
    """What a changed title ends with; nothing for the sample as it is."""
    return f"(change {number})" if number else ""


def changed(folder: Path, number: int) -> Path:
    """A file of the sample with a change."""
    path = folder / "changed.jsonl"
    path.write_bytes(b"".join(orjson.dumps(one, option=orjson.OPT_APPEND_NEWLINE) for one in studies(number)))
    return path


def new_home(folder: Path, models: Path) -> Path:
    """An empty home in a folder, sharing the converted model, which another folder keeps."""
    folder.mkdir(parents=True, exist_ok=True)
    models.mkdir(parents=True, exist_ok=True)
    home = Path(tempfile.mkdtemp(prefix="home-", dir=folder))
    (home / "models").symlink_to(models.resolve())
    return home


@dataclass(frozen=True)
class State:
    """What a home answers.

    Attributes:
        current: the version that answers, None before the first.
        answer: its answer, as JSON.
        number: the change that its snapshot holds, None if there is no snapshot.
    """

    current: str | None
    answer: str
    number: int | None


@dataclass(frozen=True)
class Seen:
    """What a fresh process finds in a home.

    Attributes:
        current: the version that the pointer names, None if there is none.
        title: what that version calls the trial that is asked for.
        versions: what is wrong with each listed version, by name; empty if nothing is.
        snapshot: what is wrong with the snapshot; empty if nothing is.
        number: the last change that the snapshot holds, -1 if it holds a part of it, None if there is no snapshot.
    """

    current: str | None
    title: str
    versions: dict[str, str]
    snapshot: str
    number: int | None


def state_of(home: Path) -> State:
    """The state of a home in which nothing is wrong."""
    seen = _seen(home)
    return State(seen.current, run(home, "related", ASKED, "--json").out if seen.current else "", seen.number)


def broken(home: Path, before: State, number: int) -> Iterator[str]:
    """What does not hold of a home after something went wrong while it went from one state on to a change."""
    seen = _seen(home)
    newer = [name for name in seen.versions if name > (before.current or "")]
    if seen.current is None:
        if before.current is not None:
            yield f"version {before.current} answered, and none does any more"
        yield from _said(run(home, "related", ASKED), "There is no index")
    elif seen.current not in (before.current, *newer):
        yield f"version {seen.current} answers after {before.current}"
    else:
        yield from _answers(home, before, seen.current)
    for name, problem in seen.versions.items():
        if problem:
            yield f"version {name} is listed and not whole: {problem}"
    if seen.snapshot:
        yield f"the snapshot is not whole: {seen.snapshot}"
    elif seen.number not in (before.number, number):
        yield f"the snapshot holds change {seen.number}, neither {before.number} nor {number}"


def unfinished(home: Path, number: int, *, built: bool) -> Iterator[str]:
    """What is missing in a home in which the next run has gone through."""
    for pattern in LEFTOVERS:
        for path in home.glob(pattern):
            yield f"{path.relative_to(home)} is left"
    seen = _seen(home)
    if seen.snapshot or seen.number != number:
        yield f"the snapshot holds change {seen.number} instead of {number} {seen.snapshot}".strip()
    if built and mark(number) not in seen.title:
        yield f"the new version does not hold change {number}: its title is {seen.title!r}"
    if any(seen.versions.values()):
        yield f"not every version is whole: {seen.versions}"


def _answers(home: Path, before: State, current: str) -> Iterator[str]:
    if (ended := run(home, "verify")).code:
        yield f"trialkin verify: {ended}"
    answered = run(home, "related", ASKED, "--json")
    if answered.code or not json.loads(answered.out or "{}").get("hits"):
        yield f"trialkin related: {answered}"
    elif current == before.current and answered.out != before.answer:
        yield f"version {current} answers otherwise than before"


def _said(ended: Ended, words: str) -> Iterator[str]:
    if ended.code != 1 or words not in ended.err or "Traceback" in ended.err or "Unexpected" in ended.err:
        yield f"expected {words!r}, got {ended}"


def _seen(home: Path) -> Seen:
    ended = forked(lambda: print(json.dumps(vars(_look(home)))))
    if ended.code:
        return Seen(None, "", {}, f"it cannot be looked at: {ended}", None)
    return Seen(**json.loads(ended.out))


def _look(home: Path) -> Seen:
    versions = Versions(home / "index")
    problems = {name: _problem(partial(_check_version, versions.folder(name))) for name in versions.names()}
    try:
        current = versions.current()
    except IndexMissing:
        current = None
    title = trialkin.open_index(home).trial(ASKED).title if current else ""
    if not (home / "snapshot" / "manifest.json").exists():
        return Seen(current, title, problems, "", None)
    snapshot = Snapshot.open(home / "snapshot")
    return Seen(current, title, problems, _problem(snapshot.verify), _number(snapshot))


def _problem(check: Callable[[], object]) -> str:
    try:
        check()
    except TrialkinError as error:
        return str(error)
    return ""


def _check_version(folder: Path) -> None:
    check_files(folder, read_manifest(folder), checksums=True)


def _number(snapshot: Snapshot) -> int:
    titles = {row["nctId"]: row["briefTitle"] or "" for row in snapshot.rows(["nctId", "briefTitle"])}
    number = max(int((re.findall(r"\(change (\d+)\)$", title) or ["0"])[0]) for title in titles.values())
    wanted = [_id_of(one) for one in studies(number) if _title_of(one).endswith(mark(number))]
    return number if all(titles.get(one, "").endswith(mark(number)) for one in wanted) else -1


def _id_of(study: dict) -> str:
    return study["protocolSection"]["identificationModule"]["nctId"]


def _title_of(study: dict) -> str:
    return study["protocolSection"]["identificationModule"].get("briefTitle", "")
