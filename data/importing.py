"""Trials into a snapshot: the newest record of an id wins, what cannot be read is set aside."""
# pyarrow.compute makes its functions when it is imported, where type checkers do not see them:
# pyright: reportAttributeAccessIssue=false

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ..errors import SnapshotError
from .files import sha256, sync, write_atomically, write_json, writing_to
from .records import Rejection
from .schema import STORED_SCHEMA
from .snapshot import MANIFEST, REJECTED, Snapshot, SnapshotFile
from .trial import Trial

_GROUP = 1000
"""Rows a Parquet row group: small enough that one record is read in milliseconds."""
_FILE = 50_000
"""Rows a Parquet file."""
_SMALL = 2_000
"""Files of fewer rows are folded into the next import's, so that nightly updates do not pile up."""


@dataclass
class ImportCounts:
    """What became of the records of an import; `kept` are new ids, `replaced` had an older record."""

    read: int = 0
    kept: int = 0
    replaced: int = 0
    unchanged: int = 0
    rejected: int = 0

    def __str__(self) -> str:
        return ", ".join(f"{count:,} {name}" for name, count in asdict(self).items())


def upsert(
    folder: Path,
    records: Iterable[Trial | Rejection],
    source: str,
    progress: Callable[[ImportCounts], None] = lambda _: None,
) -> ImportCounts:
    """Put records into the snapshot in `folder`, which is made if there is none.

    Of two records of one NCT id the one with the newer ``lastUpdatePostDate`` stays; a dated record beats an
    undated one; with equal dates the one read last stays. An older or equal record leaves the snapshot as it
    was and counts as unchanged. The snapshot changes in one step at the end: an import that fails or is
    killed leaves it as it was. Keep other writers away with `home_lock`.

    Raises:
        SnapshotError: the present snapshot is damaged.
        StorageError: the disk refuses.
    """
    counts = ImportCounts()
    with writing_to(folder):
        folder.mkdir(parents=True, exist_ok=True)
        present = Snapshot.open(folder) if (folder / MANIFEST).exists() else Snapshot(folder, (), None, ())
        for killed in folder.glob(".import-*"):
            shutil.rmtree(killed, ignore_errors=True)
        with tempfile.TemporaryDirectory(prefix=".import-", dir=folder) as aside:
            staged = _Stage(Path(aside), present)
            rejected: list[Rejection] = []
            for record in records:
                counts.read += 1
                if isinstance(record, Rejection):
                    counts.rejected += 1
                    rejected.append(record)
                else:
                    outcome = staged.add(record)
                    setattr(counts, outcome, getattr(counts, outcome) + 1)
                progress(counts)
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


class _Stage:
    """Accepted records beside a snapshot, until both are merged into new files."""

    def __init__(self, aside: Path, present: Snapshot) -> None:
        self._aside = aside
        self._present = present
        known = present.frame(["nctId", "lastUpdatePostDate", "digest"])
        self._known: dict[str, tuple[str, str]] = {
            nct: (date or "", digest)
            for nct, date, digest in zip(
                known["nctId"], known["lastUpdatePostDate"].fillna(""), known["digest"], strict=True
            )
        }
        self._present_ids = frozenset(self._known)
        self._accepted: dict[str, int] = {}
        self._order = 0
        self._writer = _Writer(aside, "staged")

    def add(self, trial: Trial) -> str:
        """Stage a trial if it is news; returns the count that it belongs to."""
        digest = hashlib.blake2b(trial.model_dump_json(by_alias=True).encode(), digest_size=16).hexdigest()
        date = trial.last_update_post_date or ""
        known = self._known.get(trial.nct_id)
        if known is not None and (date < known[0] or digest == known[1]):
            return "unchanged"
        self._known[trial.nct_id] = (date, digest)
        self._accepted[trial.nct_id] = self._order
        self._order += 1
        self._writer.add(trial.model_dump(by_alias=True) | {"digest": digest})
        return "kept" if known is None else "replaced"

    def merge(self) -> list[tuple[Path, SnapshotFile]]:
        """The files of the merged snapshot: untouched ones as they are, the others written anew."""
        writer = _Writer(self._aside, "merged")
        files: list[tuple[Path, SnapshotFile]] = []
        superseded = pa.array(sorted(self._present_ids & self._accepted.keys()), pa.string())
        for entry in self._present.files:
            path = self._present.folder / entry.name
            ids = pq.read_table(path, columns=["nctId"])["nctId"]
            if entry.rows >= _SMALL and not pc.any(pc.is_in(ids, superseded)).as_py():
                files.append((path, entry))
                continue
            self._present.verify_file(entry)
            for batch in pq.ParquetFile(path).iter_batches(_GROUP):
                writer.add_batch(batch.filter(pc.invert(pc.is_in(batch["nctId"], superseded))))
        first = 0
        for path in self._writer.close():
            for batch in pq.ParquetFile(path).iter_batches(_GROUP):
                latest = [self._accepted[nct] == first + row for row, nct in enumerate(batch["nctId"].to_pylist())]
                first += batch.num_rows
                writer.add_batch(batch.filter(pa.array(latest)))
            path.unlink()
        return files + [(path, _entry(path)) for path in writer.close()]


def _entry(path: Path) -> SnapshotFile:
    digest = sha256(path)
    rows = pq.ParquetFile(path).metadata.num_rows
    return SnapshotFile(f"trials-{digest[:16]}.parquet", rows, path.stat().st_size, digest)


class _Writer:
    """Rows into Parquet files of bounded size."""

    def __init__(self, folder: Path, stem: str) -> None:
        self._folder, self._stem = folder, stem
        self._rows: list[dict[str, Any]] = []
        self._batches: list[pa.RecordBatch] = []
        self._paths: list[Path] = []
        self._open: pq.ParquetWriter | None = None
        self._written = 0

    def add(self, row: dict[str, Any]) -> None:
        self._rows.append(row)
        if len(self._rows) >= _GROUP:
            self._flush_rows()

    def add_batch(self, batch: pa.RecordBatch) -> None:
        if batch.num_rows:
            self._batches.append(batch)
        if sum(one.num_rows for one in self._batches) >= _GROUP:
            self._flush_batches()

    def close(self) -> list[Path]:
        self._flush_rows()
        self._flush_batches()
        if self._open is not None:
            self._open.close()
        return self._paths

    def _flush_rows(self) -> None:
        if self._rows:
            self._write(pa.Table.from_pylist(self._rows, schema=STORED_SCHEMA))
            self._rows = []

    def _flush_batches(self) -> None:
        if self._batches:
            self._write(pa.Table.from_batches(self._batches, schema=STORED_SCHEMA).combine_chunks())
            self._batches = []

    def _write(self, table: pa.Table) -> None:
        if self._open is None or self._written >= _FILE:
            if self._open is not None:
                self._open.close()
            self._paths.append(self._folder / f"{self._stem}-{len(self._paths)}.parquet")
            self._open = pq.ParquetWriter(self._paths[-1], STORED_SCHEMA, compression="zstd")
            self._written = 0
        self._open.write_table(table)
        self._written += table.num_rows
