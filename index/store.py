"""The stored fields: a card a trial for lists and filters, the facts that reasons quote, and the full records.

Cards and facts are Arrow files that are mapped, not loaded. Records are the snapshot's own Parquet files, linked
into the index, so a version answers with the records it was built from whatever is imported later.
"""
# pyarrow.compute makes its functions when it is imported, where type checkers do not see them:
# pyright: reportAttributeAccessIssue=false

import os
import shutil
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from numpy.typing import NDArray

from ..data import Snapshot, Trial
from ..data.schema import TRIAL_SCHEMA
from .arrow_file import read_table, write_table
from .warming import touch_table

CARDS = "cards.arrow"
FACTS = "facts.arrow"
RECORDS = "records"
LIES = ("file", "fileRow")
"""The columns of cards beside `CARD_SCHEMA`: in which of the files a record lies, and in which row of it."""
_TEXTS = ["briefTitle", "officialTitle", "briefSummary"]


def write_store(folder: Path, snapshot: Snapshot, cards: pa.Table, facts: pa.Table, order: NDArray[np.int64]) -> None:
    """Write cards and facts, and link the snapshot's files.

    Args:
        folder: exists.
        snapshot: what the cards were made from.
        cards: a table of `CARD_SCHEMA`, in the index's order.
        facts: a table of `FACT_SCHEMA`, likewise.
        order: int64, shape (trials,): positions in the snapshot, in the index's order.
    """
    records = folder / RECORDS
    records.mkdir()
    for one in snapshot.files:
        try:
            os.link(snapshot.folder / one.name, records / one.name)
        except OSError:
            shutil.copyfile(snapshot.folder / one.name, records / one.name)
    sizes = [one.rows for one in snapshot.files]
    lies = [np.repeat(np.arange(len(sizes)), sizes), np.concatenate([np.arange(rows) for rows in sizes])]
    for name, places in zip(LIES, lies, strict=True):
        cards = cards.append_column(name, pa.array(places[order], pa.int32()))
    write_table(folder / CARDS, cards)
    write_table(folder / FACTS, facts)


class Store:
    """The stored fields opened for reading."""

    def __init__(self, folder: Path, files: list[str]) -> None:
        # Mapped once and kept: a version that is removed meanwhile can still be read by those who opened it.
        self._files = [pa.memory_map(str(folder / RECORDS / name)).read_buffer() for name in files]
        self.cards = read_table(folder / CARDS)
        self._facts = read_table(folder / FACTS)
        self._ids = self.cards["nctId"].to_numpy().astype("U11")
        self._metadata = [pq.read_metadata(pa.BufferReader(one)) for one in self._files]

    def __len__(self) -> int:
        return len(self._ids)

    def warm(self) -> None:
        """Bring cards and facts into memory."""
        touch_table(self.cards)
        touch_table(self._facts)

    def row(self, nct_id: str) -> int | None:
        """The row of a canonical NCT id, None if it is not held. Rows are in the order of the ids."""
        row = int(np.searchsorted(self._ids, nct_id))
        return row if row < len(self._ids) and self._ids[row] == nct_id else None

    def successor(self, former: str) -> str | None:
        """The id of the trial that had a canonical NCT id before; None if no trial had."""
        return self._successors.get(former)

    @cached_property
    def _successors(self) -> dict[str, str]:
        """Current ids by former ones: two columns of all records, read when one is first asked for."""
        columns = ["nctId", "nctIdAliases"]
        tables = [pq.read_table(pa.BufferReader(file), columns=columns) for file in self._files]
        return {
            former: row["nctId"]
            for table in tables
            for row in table.filter(pc.greater(pc.list_value_length(table["nctIdAliases"]), 0)).to_pylist()
            for former in row["nctIdAliases"]
        }

    def nct_id(self, row: int) -> str:
        """The NCT id of a row."""
        return str(self._ids[row])

    def cards_of(self, rows: NDArray[np.int32], fields: Sequence[str]) -> list[dict[str, Any]]:
        """Some fields of the cards of some rows, in their order."""
        return self.cards.select(fields).take(pa.array(rows)).to_pylist()

    def facts_of(self, rows: NDArray[np.int32]) -> list[dict[str, Any]]:
        """What reasons quote of some rows, in their order."""
        return self._facts.take(pa.array(rows)).to_pylist()

    def texts_of(self, rows: NDArray[np.int32]) -> list[str]:
        """Titles and summaries of some rows, in their order."""
        facts = self._facts.select(_TEXTS).take(pa.array(rows)).to_pylist()
        return [text for row in facts for text in row.values() if text]

    def trial(self, row: int) -> Trial:
        """The full record of a row, read from its row group alone."""
        return self.trials([row], TRIAL_SCHEMA.names)[0]

    def trials(self, rows: Sequence[int], columns: Sequence[str]) -> list[Trial]:
        """The records of some rows, in their order, with the named columns alone; others are absent.

        Every row group is read once, however many of the rows lie in it.
        """
        where = self.cards.select(LIES).take(pa.array(rows, pa.int64()))
        lies = list(zip(*(where[name].to_pylist() for name in LIES), strict=True))
        found: dict[tuple[int, int], Trial] = {}
        for file in sorted({file for file, _ in lies}):
            wanted = sorted({place for one, place in lies if one == file})
            found |= {(file, place): one for place, one in self._read(file, wanted, columns)}
        return [found[one] for one in lies]

    def _read(self, file: int, places: list[int], columns: Sequence[str]) -> Iterator[tuple[int, Trial]]:
        """The records at some places of a file, in ascending order, with their places."""
        # A reader is not safe to share between threads; its metadata is, and makes opening one cheap.
        with pq.ParquetFile(pa.BufferReader(self._files[file]), metadata=self._metadata[file]) as parquet:
            first = 0
            for group in range(parquet.num_row_groups):
                after = first + parquet.metadata.row_group(group).num_rows
                if inside := [place for place in places if first <= place < after]:
                    table = parquet.read_row_group(group, columns=list(columns))
                    rows = table.take(pa.array([place - first for place in inside])).to_pylist()
                    yield from zip(inside, map(Trial.model_validate, rows), strict=True)
                first = after
