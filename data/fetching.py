"""`fetch`: trials from the live registry into the snapshot, going on where a killed fetch stopped.

Answers are kept in a `Journal` as they come. When nothing is left to ask, all go into the snapshot in one step.
"""
# pyarrow.compute makes its functions when it is imported, where type checkers do not see them:
# pyright: reportAttributeAccessIssue=false

import datetime
import hashlib
import shutil
import time
from collections.abc import Callable, Collection, Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from ..errors import Busy, ReadError, SnapshotError, UsageError
from .fetch_journal import Journal, Outcome, id_of
from .files import home_lock
from .gathering import Fetched, gather_ids, gather_listing
from .importing import ImportCounts, upsert
from .nct_id import normalise_nct_id
from .records import Read, read_study
from .registry_client import RECORD, Registry
from .schema import TRIAL_SCHEMA
from .snapshot import MANIFEST, Snapshot
from .trial import Trial

_FOLDER = ".fetch"
_RECORDS = ("pages", "ids", "singles")
"""The series of a journal that hold records."""
_FORGOTTEN = 30 * 24 * 3600
"""Seconds after which the answers to a request that was never finished are dropped."""


@dataclass(frozen=True)
class FetchRequest:
    """What to fetch: ids, or everything, or what meets all of the other conditions.

    Attributes:
        condition, intervention, term: words, as in the registry's own search.
        statuses: any of these overall statuses, ``RECRUITING``.
        since: the day, YYYY-MM-DD, of the last update at the earliest.
        ids: NCT ids.
        everything: the whole registry.

    Raises:
        UsageError: nothing is asked for, or what contradicts itself, or a value that cannot be meant.
    """

    condition: str | None = None
    intervention: str | None = None
    term: str | None = None
    statuses: tuple[str, ...] = ()
    since: str | None = None
    ids: tuple[str, ...] = ()
    everything: bool = False

    def __post_init__(self) -> None:
        narrowed = self.parameters()
        ways = bool(narrowed) + bool(self.ids) + self.everything
        if ways == 0:
            raise UsageError(
                "Nothing says what to fetch.",
                "Give --condition, --intervention, --term, --status, --since, --ids, or --all for the whole registry.",
            )
        if ways > 1:
            raise UsageError(
                "--all, --ids and the conditions of a search exclude one another.", "Fetch them one after the other."
            )
        object.__setattr__(self, "ids", tuple(dict.fromkeys(map(normalise_nct_id, self.ids))))

    def parameters(self) -> dict[str, str]:
        """The conditions as parameters of ``GET /studies``."""
        words = {"cond": self.condition, "intr": self.intervention, "term": self.term}
        found = {f"query.{area}": _words(text) for area, text in words.items() if text is not None}
        if self.statuses:
            found["filter.overallStatus"] = ",".join(map(_status, self.statuses))
        if self.since is not None:
            found["filter.advanced"] = f"AREA[LastUpdatePostDate]RANGE[{_day(self.since)},MAX]"
        return found


@dataclass(frozen=True)
class FetchReport:
    """What became of a fetch.

    Attributes:
        counts: of the records fetched.
        stamp: when the registry's data were last refreshed, as it writes it.
        moved: ids asked for that have another id now.
        absent: ids of the snapshot that are marked from now on: the registry does not have them any more.
        unknown: ids asked for that the registry does not have.
        missing: how many studies the registry announced and then did not list; then nothing is marked.
    """

    counts: ImportCounts
    stamp: str
    moved: dict[str, str]
    absent: tuple[str, ...]
    unknown: tuple[str, ...]
    missing: int


def fetch(
    request: FetchRequest,
    home: Path,
    registry: Registry,
    fetched: Fetched = lambda _, __: None,
    imported: Callable[[ImportCounts], None] = lambda _: None,
) -> FetchReport:
    """Fetch what is asked for into the snapshot of a home.

    A trial of the snapshot that the registry has no longer is marked with today's date (UTC) in `absent_since`: of a
    request for everything each that is not listed, of one for ids each that is not found. A trial that has moved to
    another id takes the place of the record under its former id.

    Raises:
        ReadError: the registry cannot be reached or refuses. The answers so far are kept.
        Busy: another fetch, import or build is running. The answers so far are kept.
        SnapshotError: the snapshot is damaged.
        StorageError: the disk refuses.
    """
    with _only_fetch(home) as folder:
        _forget(folder)
        journal = Journal(folder / _digest(request, registry.address))
        outcome = journal.outcome()
        if outcome is None:
            outcome = (
                gather_ids(request.ids, registry, journal, fetched)
                if request.ids
                else gather_listing(request.parameters(), registry, journal, fetched)
            )
            if request.everything and not journal.dates(outcome.listed or "pages"):
                journal.remove()
                raise ReadError("The registry lists no studies at all.", "Nothing was changed; try again later.")
            journal.complete(outcome)
        with home_lock(home):
            report = _into_snapshot(request, journal, outcome, home / "snapshot", registry.host, imported)
        journal.remove()
    return report


def data_day(folder: Path) -> str:
    """The day of the newest update in a snapshot, YYYY-MM-DD, for a request of what has changed since.

    Raises:
        SnapshotError: there is none, it is damaged, or no trial in it has a date.
    """
    date = Snapshot.open(folder).data_date
    if date is None:
        raise SnapshotError("No trial of the snapshot says when it was last updated.", "Give --since a date.")
    return _day(date)


@contextmanager
def _only_fetch(home: Path) -> Generator[Path]:
    """The folder of the journals, for one fetch at a time: two would ask the registry twice as often."""
    folder = home / "snapshot" / _FOLDER
    with ExitStack() as stack:
        try:
            stack.enter_context(home_lock(folder))
        except Busy:
            raise Busy(f"Another fetch is running in {home}.", "Wait until it has finished, then try again.") from None
        yield folder


def _forget(folder: Path) -> None:
    """Drop what a kill left of removed journals, and the journals of requests that nobody came back to."""
    for journal in (one for one in folder.iterdir() if one.is_dir()):
        if journal.name.startswith(".removed-") or time.time() - journal.stat().st_mtime > _FORGOTTEN:
            shutil.rmtree(journal, ignore_errors=True)


def _digest(request: FetchRequest, address: str) -> str:
    asked = [address, RECORD, sorted(request.parameters().items()), sorted(request.ids), request.everything]
    return hashlib.blake2b(orjson.dumps(asked), digest_size=16).hexdigest()


def _into_snapshot(
    request: FetchRequest,
    journal: Journal,
    outcome: Outcome,
    folder: Path,
    host: str,
    imported: Callable[[ImportCounts], None],
) -> FetchReport:
    by_id = [*journal.held("ids"), *journal.held("singles")] if request.ids else []
    moved = {old: live for held in by_id for old, live in held.moved.items()}
    unknown = {nct_id for held in by_id for nct_id in held.unknown}
    listed = None if outcome.listed is None else journal.dates(outcome.listed)
    gone: set[str] = set()
    if listed is None:
        gone = _held(folder, lambda nct_id, mark: mark is None and nct_id in unknown)
    elif request.everything and not outcome.missing:
        gone = _held(folder, lambda nct_id, mark: mark is None and nct_id not in listed)
    counts, absent = ImportCounts(), set[str]()
    if gone or any(held.studies for series in _RECORDS for held in journal.held(series)):
        source = f"{host}, data of {outcome.stamp}"
        counts = upsert(
            folder, chain(_records(journal, listed, source), _marked(folder, gone, today())), source, imported
        )
        absent = _held(folder, lambda nct_id, mark: mark is not None and nct_id in gone)
        counts.read -= len(gone)
        counts.replaced -= len(absent)
        counts.unchanged -= len(gone) - len(absent)  # an alias of a record that has taken its place
    return FetchReport(counts, outcome.stamp, moved, tuple(sorted(absent)), tuple(sorted(unknown)), outcome.missing)


def _records(journal: Journal, listed: Collection[str] | None, source: str) -> Iterator[Read]:
    """The records of a journal: of one that came twice the later, of those that a listing must name only these."""
    answers = [(series, n) for series in _RECORDS for n in range(1, len(journal.held(series)) + 1)]
    latest = {nct_id: (series, n) for series, n in answers for nct_id in journal.held(series)[n - 1].dates}
    for series, n in answers:
        for position, study in enumerate(journal.studies(series, n), start=1):
            nct_id = id_of(study)
            if nct_id is None or (latest[nct_id] == (series, n) and (listed is None or nct_id in listed)):
                yield read_study(study, source, f"{series} {n}, study {position}")


def _held(folder: Path, chosen: Callable[[str, str | None], bool]) -> set[str]:
    """The ids of a snapshot, if there is one, for which `chosen` holds of the id and its mark of absence."""
    if not (folder / MANIFEST).exists():
        return set()
    rows = Snapshot.open(folder).rows(["nctId", "absentSince"])
    return {row["nctId"] for row in rows if chosen(row["nctId"], row["absentSince"])}


def today() -> str:
    """The date in UTC, as YYYY-MM-DD."""
    return datetime.datetime.now(datetime.UTC).date().isoformat()


def _marked(folder: Path, ids: Collection[str], since: str) -> Iterator[Trial]:
    """The snapshot's records of these ids, as absent since a date."""
    wanted = pa.array(list(ids), pa.string())
    for batch in Snapshot.open(folder).batches(TRIAL_SCHEMA.names) if ids else ():
        for row in batch.filter(pc.is_in(batch["nctId"], wanted)).to_pylist():
            yield Trial.model_validate(row).model_copy(update={"absent_since": since})


def _words(text: str) -> str:
    words = " ".join(text.encode(errors="ignore").decode().split())
    if not words:
        raise UsageError("A condition, intervention or term is empty.", "Give it words, or leave it out.")
    return words


def _status(text: str) -> str:
    status = "_".join(text.upper().split())
    if not status.replace("_", "").isalpha() or not status.isascii():
        raise UsageError(f"{text!r} is no overall status.", "A status is such as RECRUITING; repeat --status for more.")
    return status


def _day(text: str) -> str:
    """A date of day, month or year precision, as its first day."""
    try:
        return datetime.date.fromisoformat(text + {4: "-01-01", 7: "-01"}.get(len(text), "")).isoformat()
    except ValueError:
        raise UsageError(f"{text!r} is no date.", "A date is YYYY-MM-DD, or last.") from None
