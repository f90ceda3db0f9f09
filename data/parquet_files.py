"""Rows of trials into Parquet files of bounded size."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from .files import sha256
from .schema import STORED_SCHEMA
from .snapshot import SnapshotFile

GROUP = 1000
"""Rows a Parquet row group: small enough that one record is read in milliseconds."""
_FILE = 50_000
"""Rows a Parquet file."""


def entry_of(path: Path) -> SnapshotFile:
    """A finished file as a snapshot's manifest names it: by its content."""
    digest = sha256(path)
    rows = pq.ParquetFile(path).metadata.num_rows
    return SnapshotFile(f"trials-{digest[:16]}.parquet", rows, path.stat().st_size, digest)


class RowWriter:
    """Writes rows of `STORED_SCHEMA`, one by one or in batches, into as many files as they take."""

    def __init__(self, folder: Path, stem: str) -> None:
        self._folder, self._stem = folder, stem
        self._rows: list[dict[str, Any]] = []
        self._batches: list[pa.RecordBatch] = []
        self._paths: list[Path] = []
        self._open: pq.ParquetWriter | None = None
        self._written = 0

    def add(self, row: dict[str, Any]) -> None:
        """Take one row."""
        self._rows.append(row)
        if len(self._rows) >= GROUP:
            self._flush_rows()

    def add_batch(self, batch: pa.RecordBatch) -> None:
        """Take rows of another file as they are."""
        if batch.num_rows:
            self._batches.append(batch)
        if sum(one.num_rows for one in self._batches) >= GROUP:
            self._flush_batches()

    def close(self) -> list[Path]:
        """Finish; the files, in order."""
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
