"""The flat files of AACT, a table each, joined to trials."""

import heapq
import re
import sqlite3
import tempfile
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO, Self

from ..errors import ReadError, StorageError
from .aact_rows import KEY, Lines, header, rows_of
from .aact_study import Row, countries_of, study_of
from .aact_tables import TABLES, Table, table_of
from .nct_id import is_nct_id, normalise_nct_id
from .records import Part, Read, Rejection, read_study

_BATCH = 200
"""Rows that are written at once."""
_CACHE = 32 << 10
"""KiB of the database in memory."""
_MORE_ROOM = "They take as much room as unpacked; set TMPDIR to a folder that has it."
_PLAIN_KEY = re.compile(r"NCT([0-9]{8})")
_LONGEST_ID = 18
"""Digits of a row's id that are sure to fit an integer of SQLite."""

_Inserted = tuple[int, int | None, *tuple[str | None, ...]]


def is_table(head: bytes) -> bool:
    """Whether the first bytes of a file are the header of a table that says which trial each row is of."""
    return header(head.split(b"\n", 1)[0]) is not None


class AactTables:
    """AACT's tables in a temporary database: each is added as it is read, then all are joined.

    Any of them may be absent, and so may columns: a trial's record is a `Part` with the fields that are known from
    those that are there. A trial is kept even if it has no row in `studies`: what the other tables say of it is as
    true. Such a trial, and any other without a row in a table that names every trial (`studies`, `conditions`, ...),
    shows that the tables are an excerpt, and only those of its fields are known for which it has rows. Elsewhere a
    trial without a row (in `keywords`) is known to have none.

    In memory are a batch of rows, 32 MiB of the database, and one trial at a time. The database takes about as much
    disk as the tables that are read take unpacked (those of results are not), in a folder of the system's for temporary
    files (``TMPDIR``) or in one inside `folder`.

    Raises:
        StorageError: the disk refuses, in any of the methods.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._parent = folder
        self._files: dict[str, str] = {}
        self._columns: dict[str, frozenset[str]] = {}
        self._passed_over: str | None = None

    def __enter__(self) -> Self:
        try:
            self._folder = tempfile.TemporaryDirectory(prefix="aact-", dir=self._parent)
        except OSError as error:
            raise StorageError(f"There is no room for the tables of AACT: {error}.", _MORE_ROOM) from error
        with self._writing():
            self._database = sqlite3.connect(Path(self._folder.name, "tables"), isolation_level=None)
            for setting in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{_CACHE}"):
                self._database.execute(f"PRAGMA {setting}")
            self._database.execute("BEGIN")
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()
        self._folder.cleanup()

    def add(self, stream: BinaryIO, name: str) -> Iterator[Rejection]:
        """Take a table, or the next part of one.

        Args:
            stream: its content, plain; undecodable bytes are replaced.
            name: of its file, for reports, and to tell tables apart that have the same columns.

        Yields:
            A row that cannot be read or is of no trial, or the whole file if it cannot be told which table it is.
        """
        lines = Lines(stream)
        found = header(lines.first())
        if found is None:
            yield Rejection(name, "whole file", None, f"not a table of AACT: its first line names no column {KEY}")
            return
        delimiter, columns = found
        try:
            table = table_of(frozenset(columns), name)
        except ReadError as error:
            yield Rejection(name, "whole file", None, str(error))
            return
        if table is None:
            self._passed_over = name
            return
        with self._writing():
            self._make(table, columns, name)
            yield from self._insert(table, columns, rows_of(lines, delimiter, len(columns)), name)

    def records(self) -> Iterator[Read]:
        """The trials of all tables that were added, by NCT id, and a `Rejection` for each table that is left over."""
        tables = [table for table in TABLES if table.name in self._files]
        joined = [table for table in tables if all(other in self._files for other in table.joins)]
        for table in tables:
            if table not in joined:
                missing = " or ".join(other for other in table.joins if other not in self._files)
                yield Rejection(
                    self._files[table.name], "whole file", None, f"it says nothing without the table {missing}"
                )
        if not tables and self._passed_over is not None:
            yield Rejection(self._passed_over, "whole file", None, "it holds nothing that is kept of a trial")
        with self._writing():
            for table in joined:
                self._database.execute(f"CREATE INDEX IF NOT EXISTS {table.name}_rows ON {table.name} (nct, place)")
            trials = 0
            for record in self._join(joined):
                trials += 1
                yield record
        if joined and not trials:
            yield Rejection(self._files[joined[0].name], "whole file", None, "none of its rows tells of a trial")

    def _make(self, table: Table, columns: list[str], file: str) -> None:
        if table.name not in self._files:
            self._files[table.name] = file
            self._database.execute(f"CREATE TABLE {table.name} (nct, place, {', '.join(_held(table))})")
        self._columns[table.name] = self._columns.get(table.name, frozenset()) | frozenset(columns)

    def _insert(
        self, table: Table, columns: list[str], rows: Iterable[tuple[str, list[str] | str]], file: str
    ) -> Iterator[Rejection]:
        key, order = columns.index(KEY), columns.index("id") if "id" in columns else None
        places = [columns.index(column) if column in columns else None for column in _held(table)]
        insert = f"INSERT INTO {table.name} VALUES (?, ?{', ?' * len(places)})"  # noqa: S608 - no name is from outside
        batch: list[_Inserted] = []
        for where, cells in rows:
            position = f"{table.name}, {where}"
            if isinstance(cells, str):
                yield Rejection(file, position, None, cells)
            elif (nct := _number(cells[key])) is None:
                yield Rejection(file, position, cells[key][:40] or None, f"{cells[key][:40]!r} is no NCT id")
            else:
                texts = (cells[place] or None if place is not None else None for place in places)
                batch.append((nct, None if order is None else _place(cells[order]), *texts))
            if len(batch) >= _BATCH:
                self._database.executemany(insert, batch)
                batch.clear()
        self._database.executemany(insert, batch)

    def _join(self, tables: list[Table]) -> Iterator[Read]:
        without_study = 0
        groups = [self._groups(table) for table in tables]
        for number, found in groupby(heapq.merge(*groups, key=itemgetter(0)), key=itemgetter(0)):
            rows = {table: of_trial for _, table, of_trial in found}
            without_study += "studies" not in rows
            yield self._record(f"NCT{number:08d}", rows, tables)
        if without_study and "studies" in self._files:
            reason = f"{without_study} trials of other tables have no row here; what those say of them is read"
            yield Rejection(self._files["studies"], "whole file", None, reason)

    def _groups(self, table: Table) -> Iterator[tuple[int, str, list[Row]]]:
        """The rows of a table by trial, in order. A row that stands twice, as in a file given twice, is given once."""
        columns = _held(table)
        select = f"SELECT nct, place, {', '.join(columns)} FROM {table.name} ORDER BY nct, place, rowid"  # noqa: S608
        for number, found in groupby(self._database.execute(select), key=itemgetter(0)):
            once = {(n if row[1] is None else None, row): row for n, row in enumerate(found)}
            yield number, table.name, [dict(zip(columns, row[2:], strict=True)) for row in once.values()]

    def _record(self, nct_id: str, rows: dict[str, list[Row]], tables: list[Table]) -> Read:
        needed = {table.name for table in tables if table.names_every_trial}
        needed.update(other for table in tables if table.name in rows for other in table.joins)
        known = [table for table in tables if table.name in rows or needed <= rows.keys()]
        told = frozenset().union(*(table.known(self._columns[table.name]) for table in known))
        file = self._files["studies" if "studies" in rows else next(iter(rows))]
        if not told:
            return Rejection(file, nct_id, nct_id, "its rows say nothing without those of other tables")
        fields = told | {"nct_id"}
        study = study_of(nct_id, rows)
        if "has_results" not in fields:
            study["hasResults"] = None
        record = read_study(study, file, nct_id, fields)
        if isinstance(record, Part) and not record.trial.countries and (countries := countries_of(rows)):
            return Part(record.trial.model_copy(update={"countries": countries}), fields)
        return record

    @contextmanager
    def _writing(self) -> Generator[None]:
        try:
            yield
        except sqlite3.Error as error:
            where = f"The tables of AACT cannot be kept in {self._folder.name} ({error})."
            raise StorageError(where, _MORE_ROOM) from error


def _held(table: Table) -> tuple[str, ...]:
    """The columns of a table in the database."""
    return tuple(table.fields)


def _number(cell: str) -> int | None:
    """The number of an NCT id, by which trials are joined and ordered; None for what is none."""
    plain = _PLAIN_KEY.fullmatch(cell)
    if plain is None or plain[1] == "00000000":
        return int(normalise_nct_id(cell)[3:]) if is_nct_id(cell) else None
    return int(plain[1])


def _place(cell: str) -> int | None:
    """A row's id, by which rows are ordered; rows without one stay in the order of the file, before others."""
    return int(cell) if cell.isascii() and cell.isdigit() and len(cell) <= _LONGEST_ID else None
