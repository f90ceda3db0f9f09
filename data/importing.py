"""Trials into a snapshot: the newest record of an id wins, what cannot be read is set aside."""

import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from ..errors import SnapshotError
from .files import make_folder, sync, write_atomically, write_json, writing_to
from .records import Part, Read, Rejection
from .snapshot import MANIFEST, REJECTED, Snapshot, SnapshotFile
from .staging import Stage


@dataclass
class ImportCounts:
    """What became of the records of an import; `kept` are new ids, `replaced` had an older record."""

    read: int = 0
    kept: int = 0
    replaced: int = 0
    unchanged: int = 0
    rejected: int = 0

    def count(self, outcome: str) -> None:
        """Count one record more."""
        setattr(self, outcome, getattr(self, outcome) + 1)

    def __str__(self) -> str:
        return ", ".join(f"{count:,} {name}" for name, count in asdict(self).items())


def upsert(
    folder: Path,
    records: Iterable[Read],
    source: str,
    progress: Callable[[ImportCounts], None] = lambda _: None,
) -> ImportCounts:
    """Put records into the snapshot in `folder`, which is made if there is none.

    Of two records of one NCT id the one with the newer ``lastUpdatePostDate`` stays; a dated record beats an
    undated one; with equal dates the one read last stays. An older or equal record leaves the snapshot as it
    was and counts as unchanged. A part of a record never takes away what its source cannot carry: `combined`
    says how it joins the record that is there. A record takes the place of those under its aliases.

    The snapshot changes in one step at the end: an import that fails or is
    killed leaves it as it was. Keep other writers away with `home_lock`.

    Raises:
        SnapshotError: the present snapshot is damaged.
        StorageError: the disk refuses.
    """
    counts = ImportCounts()
    with writing_to(folder):
        make_folder(folder)
        present = Snapshot.open(folder) if (folder / MANIFEST).exists() else Snapshot(folder, (), None, ())
        for killed in folder.glob(".import-*"):
            shutil.rmtree(killed, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=".import-", dir=folder) as aside:
            staged = Stage(Path(aside), present)
            rejected: list[Rejection] = []
            for record in records:
                counts.read += 1
                if isinstance(record, Rejection):
                    counts.count("rejected")
                    rejected.append(record)
                elif isinstance(record, Part):
                    staged.add_part(record)
                else:
                    counts.count(staged.add(record))
                progress(counts)
            for outcome in staged.join_parts():
                counts.count(outcome)
            if counts.kept or counts.replaced:
                _publish(folder, staged.merge(), present, source)
            elif not present.files and not rejected:
                raise SnapshotError("Nothing was read.", "Check that the files hold studies.")
        write_atomically(folder / REJECTED, b"".join(map(_rejection_line, rejected)))
    return counts


def _rejection_line(one: Rejection) -> bytes:
    line = {"file": one.file, "position": one.position, "nctId": one.nct_id, "reason": one.reason}
    return orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE)


def _publish(folder: Path, files: list[tuple[Path, SnapshotFile]], present: Snapshot, source: str) -> None:
    for path, entry in files:
        sync(path)
        path.replace(folder / entry.name)
    sync(folder)
    entries = tuple(entry for _, entry in files)
    merged = Snapshot(folder, (*present.sources, source), None, entries)
    dates = merged.frame(["lastUpdatePostDate"])["lastUpdatePostDate"].dropna()
    latest = None if dates.empty else str(dates.max())
    write_json(folder / MANIFEST, Snapshot(folder, merged.sources, latest, entries).manifest())
    named = {entry.name for entry in entries}
    for leftover in folder.glob("trials-*.parquet"):
        if leftover.name not in named:
            leftover.unlink()
