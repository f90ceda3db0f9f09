"""Accepted records beside a snapshot, until they become part of it."""
# pyarrow.compute makes its functions when it is imported, where type checkers do not see them:
# pyright: reportAttributeAccessIssue=false

import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from .combining import combined
from .parquet_files import GROUP, RowWriter, entry_of
from .parts import PartStore
from .records import Part
from .schema import TRIAL_SCHEMA
from .snapshot import Snapshot, SnapshotFile
from .trial import Trial

_SMALL = 2_000
"""Files of fewer rows are folded into the next import's, so that nightly updates do not pile up."""


class Stage:
    """Takes records one by one; in memory are only their ids, dates and digests."""

    def __init__(self, aside: Path, present: Snapshot) -> None:
        """Stage into the folder `aside` what is to join `present`."""
        self._aside = aside
        self._present = present
        known = present.frame(["nctId", "lastUpdatePostDate", "digest", "nctIdAliases"])
        self._known: dict[str, tuple[str, str]] = {
            nct: (date or "", digest)
            for nct, date, digest in zip(
                known["nctId"], known["lastUpdatePostDate"].fillna(""), known["digest"], strict=True
            )
        }
        self._aliases = {alias for aliases in known["nctIdAliases"] if aliases is not None for alias in aliases}
        self._present_ids = frozenset(self._known)
        self._moved: set[str] = set()
        self._accepted: dict[str, int] = {}
        self._order = 0
        self._paths: list[Path] = []
        self._writer = RowWriter(aside, "staged")
        self._parts = PartStore(aside / "parts.sqlite")

    def add(self, trial: Trial) -> str:
        """Stage a trial if it is news; returns the count of an import that it belongs to."""
        digest = hashlib.blake2b(trial.model_dump_json(by_alias=True).encode(), digest_size=16).hexdigest()
        date = trial.last_update_post_date or ""
        known = self._known.get(trial.nct_id)
        if trial.nct_id in self._aliases or (known is not None and (date < known[0] or digest == known[1])):
            return "unchanged"
        moved = self._leave_aliases(trial)
        self._known[trial.nct_id] = (date, digest)
        self._accepted[trial.nct_id] = self._order
        self._order += 1
        self._writer.add(trial.model_dump(by_alias=True) | {"digest": digest})
        return "kept" if known is None and not moved else "replaced"

    def add_part(self, part: Part) -> None:
        """Keep a part of a record until all is read."""
        self._parts.add(part)

    def join_parts(self) -> Iterator[str]:
        """Join the parts with the records that they are parts of; gives the count that each belongs to."""
        if len(self._parts):
            yield from self._join()
        self._parts.close()

    def _join(self) -> Iterator[str]:
        self._paths = self._writer.close()
        self._writer = RowWriter(self._aside, "joined")
        ids = pa.array(self._parts.nct_ids(), pa.string())
        present = [self._present.folder / one.name for one in self._present.files]
        for staged, paths in ((True, list(self._paths)), (False, present)):
            first = 0
            for batch in _batches(paths, TRIAL_SCHEMA.names):
                wanted = pc.is_in(batch["nctId"], ids).to_pylist()
                for row in [number for number, one in enumerate(wanted) if one]:
                    nct_id = batch["nctId"][row].as_py()
                    if (self._accepted.get(nct_id) == first + row) if staged else (nct_id not in self._accepted):
                        known = Trial.model_validate(batch.slice(row, 1).to_pylist()[0])
                        yield self.add(combined(known, self._parts.take(nct_id)))
                first += batch.num_rows
        for part in self._parts.rest():
            yield self.add(part.trial)

    def merge(self) -> list[tuple[Path, SnapshotFile]]:
        """The files of the merged snapshot: untouched ones as they are, the others written anew."""
        writer = RowWriter(self._aside, "merged")
        files: list[tuple[Path, SnapshotFile]] = []
        superseded = pa.array(sorted((self._present_ids & self._accepted.keys()) | self._moved), pa.string())
        for entry in self._present.files:
            path = self._present.folder / entry.name
            ids = pq.read_table(path, columns=["nctId"])["nctId"]
            if entry.rows >= _SMALL and not pc.any(pc.is_in(ids, superseded)).as_py():
                files.append((path, entry))
                continue
            self._present.verify_file(entry)
            for batch in _batches([path]):
                writer.add_batch(batch.filter(pc.invert(pc.is_in(batch["nctId"], superseded))))
        first = 0
        for path in (*self._paths, *self._writer.close()):
            for batch in _batches([path]):
                latest = [self._accepted.get(nct) == first + row for row, nct in enumerate(batch["nctId"].to_pylist())]
                first += batch.num_rows
                writer.add_batch(batch.filter(pa.array(latest)))
            path.unlink()
        return files + [(path, entry_of(path)) for path in writer.close()]

    def _leave_aliases(self, trial: Trial) -> bool:
        """Let a trial's record take the place of those under its former ids; whether there was one."""
        former = {one for one in trial.nct_id_aliases if one != trial.nct_id}
        self._aliases |= former
        held = former & self._known.keys()
        self._moved |= held & self._present_ids
        for nct_id in held:
            del self._known[nct_id]
            self._accepted.pop(nct_id, None)
        return bool(held)


def _batches(paths: Iterable[Path], columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
    for path in paths:
        with pq.ParquetFile(path) as parquet:
            yield from parquet.iter_batches(GROUP, columns=columns)
