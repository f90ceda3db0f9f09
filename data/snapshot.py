"""`Snapshot`: the trials held locally, as Parquet files behind a manifest.

    snapshot/
      manifest.json             source, data date, counts, and every file with rows, bytes and SHA-256
      trials-<digest>.parquet   immutable, named by content
      rejected.jsonl            what the last import could not read

The manifest is replaced in one step, last; files that it does not name are leftovers.
"""

import hashlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from ..errors import SnapshotError
from .files import sha256
from .schema import DIGEST, TRIAL_SCHEMA
from .trial import Trial

if TYPE_CHECKING:
    import pandas as pd

MANIFEST = "manifest.json"
REJECTED = "rejected.jsonl"
FORMAT_VERSION = 2
_BATCH = 1000


@dataclass(frozen=True)
class SnapshotFile:
    """One Parquet file of a snapshot."""

    name: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Snapshot:
    """A snapshot opened for reading; nothing but the manifest is in memory.

    Attributes:
        folder: where it lies.
        sources: what was imported, oldest first.
        data_date: the newest ``lastUpdatePostDate`` of its trials, None where no trial has one.
        files: the Parquet files.
    """

    folder: Path
    sources: tuple[str, ...]
    data_date: str | None
    files: tuple[SnapshotFile, ...]

    @classmethod
    def open(cls, folder: Path) -> "Snapshot":
        """Open a snapshot.

        Raises:
            SnapshotError: there is none, or its manifest or one of its files is missing or damaged.
        """
        manifest = folder / MANIFEST
        try:
            value = orjson.loads(manifest.read_bytes())
            if value["formatVersion"] != FORMAT_VERSION:
                raise SnapshotError(
                    f"{manifest} has format {value['formatVersion']}; this trialkin reads format {FORMAT_VERSION}.",
                    "Import the trials again with this trialkin.",
                )
            if value["seal"] != _seal(value):
                raise SnapshotError(f"{manifest} is damaged.", "Restore it, or import the trials again.")
            opened = cls(
                folder,
                tuple(value["sources"]),
                value["dataDate"],
                tuple(SnapshotFile(**one) for one in value["files"]),
            )
        except FileNotFoundError:
            raise SnapshotError(f"There is no snapshot in {folder}.", "Run trialkin import FILE first.") from None
        except (orjson.JSONDecodeError, AttributeError, KeyError, TypeError):
            raise SnapshotError(f"{manifest} is damaged.", "Restore it, or import the trials again.") from None
        for one in opened.files:
            path = folder / one.name
            if not path.exists() or path.stat().st_size != one.bytes:
                raise _damaged(path, "it is missing or cut short")
        return opened

    def __len__(self) -> int:
        return sum(one.rows for one in self.files)

    def verify(self) -> None:
        """Check every file against its SHA-256.

        Raises:
            SnapshotError: a file differs; it is named.
        """
        for one in self.files:
            self.verify_file(one)

    def verify_file(self, one: SnapshotFile) -> None:
        """As `verify`, for one of the files."""
        path = self.folder / one.name
        if sha256(path) != one.sha256:
            raise _damaged(path, "its checksum differs from the manifest's")

    def trials(self) -> Iterator[Trial]:
        """Every trial, streamed."""
        names = TRIAL_SCHEMA.names
        for rows in self.batches(names):
            for row in rows.to_pylist():
                yield Trial.model_validate(row)

    def rows(self, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
        """The named columns of every trial, streamed."""
        for rows in self.batches(columns):
            yield from rows.to_pylist()

    def frame(self, columns: Sequence[str]) -> "pd.DataFrame":
        """The named columns of every trial; texts that are not named are not read."""
        import pandas as pd  # takes long to load, and few commands need it

        tables = [pa.Table.from_batches([rows]) for rows in self.batches(columns)]
        return pa.concat_tables(tables).to_pandas() if tables else pd.DataFrame(columns=list(columns))

    def batches(self, columns: Sequence[str], size: int = _BATCH) -> Iterator[pa.RecordBatch]:
        """The named columns of every trial as Arrow batches of `size` rows at most, streamed."""
        for one in self.files:
            with self._opened(one) as parquet:
                yield from parquet.iter_batches(batch_size=size, columns=list(columns))

    def chosen(self, wanted: NDArray[np.bool_]) -> Iterator[tuple[bytes, Trial]]:
        """Some trials with the digests of their records, streamed; groups of rows without any are not read.

        Args:
            wanted: bool, shape (trials,): which.
        """
        start = 0
        for one in self.files:
            with self._opened(one) as parquet:
                for group in range(parquet.num_row_groups):
                    end = start + parquet.metadata.row_group(group).num_rows
                    places = np.flatnonzero(wanted[start:end])
                    if len(places):
                        for row in parquet.read_row_group(group).take(pa.array(places)).to_pylist():
                            yield bytes.fromhex(row.pop(DIGEST.name)), Trial.model_validate(row)
                    start = end

    @contextmanager
    def _opened(self, one: SnapshotFile) -> Generator[pq.ParquetFile]:
        path = self.folder / one.name
        try:
            with pq.ParquetFile(path, memory_map=True) as parquet:
                yield parquet
        except (OSError, pa.ArrowException) as error:
            raise _damaged(path, str(error).splitlines()[0]) from error

    def manifest(self) -> dict[str, Any]:
        """The manifest as it is written, sealed by the SHA-256 of the rest, so that damage to itself is noticed."""
        value = {
            "formatVersion": FORMAT_VERSION,
            "sources": list(self.sources),
            "dataDate": self.data_date,
            "trials": len(self),
            "files": [vars(one) for one in self.files],
        }
        return value | {"seal": _seal(value)}


def _seal(value: Mapping[str, Any]) -> str:
    rest = {name: part for name, part in value.items() if name != "seal"}
    return hashlib.sha256(orjson.dumps(rest, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _damaged(path: Path, why: str) -> SnapshotError:
    return SnapshotError(
        f"The snapshot file {path} is damaged ({why}).",
        "Delete the snapshot folder and import the trials again; a published index keeps serving meanwhile.",
    )
