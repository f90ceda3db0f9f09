"""A table of AACT as rows of cells, with ``|`` between them, or ``,`` where a spreadsheet saved it again."""

import csv
from collections.abc import Iterator
from typing import BinaryIO, Self

KEY = "nct_id"
"""The column by which tables are joined."""
_DELIMITERS = "|,"
_BOM = b"\xef\xbb\xbf"
_LINE_LIMIT = 1 << 20
"""The longest line that is held in memory, in bytes."""
_ROW_LIMIT = 1 << 17
"""The longest row, in bytes. The registry's limits on texts keep real ones below 100 KB; a row that goes on and on is
one that a missing quotation mark joins with those that follow."""


def header(line: bytes) -> tuple[str, list[str]] | None:
    """The delimiter and the columns that the first line of a table names, or None if it is no table of AACT."""
    text = line.removeprefix(_BOM).decode("utf-8", "replace").strip()
    for delimiter in _DELIMITERS:
        try:
            columns = [cell.strip().lower() for cell in next(csv.reader([text], delimiter=delimiter), [])]
        except csv.Error:
            continue
        if KEY in columns and len(columns) > 1:
            return delimiter, columns
    return None


class Lines:
    """The lines of a table as text, for the csv module; a row that goes on for too long ends with an error."""

    def __init__(self, stream: BinaryIO) -> None:
        """Read on from where `stream` stands."""
        self._stream = stream
        self._size = 0
        self.number = 0
        self.ended = False

    def first(self) -> bytes:
        """The first line, as it is."""
        self.number += 1
        return self._stream.readline(_LINE_LIMIT)

    def start_row(self) -> int:
        """Begin to count a row's bytes; the number of its first line."""
        self._size = 0
        return self.number + 1

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._stream.readline(_LINE_LIMIT)
        if not line:
            self.ended = True
            raise StopIteration
        self.number += 1
        self._size += len(line)
        if self._size > _ROW_LIMIT:
            raise csv.Error("the row is longer than 128 KiB")
        return line.decode("utf-8", "replace")


def rows_of(lines: Lines, delimiter: str, width: int) -> Iterator[tuple[str, list[str] | str]]:
    """Each row's place and its cells, or why it cannot be read. Empty rows, as spreadsheets leave them, are none."""
    reader = csv.reader(lines, delimiter=delimiter)
    number = 0
    while True:
        number += 1
        first = lines.start_row()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            cells = f"it cannot be read, perhaps for want of a quotation mark ({error})"
        if lines.ended:
            cells = "the table ends inside a quoted cell"
        elif not isinstance(cells, str) and len(cells) != width and any(cells):
            cells = f"it has {len(cells)} cells, and the header {width}"
        if any(cells):
            place = f"line {first}" if lines.number <= first else f"lines {first} to {lines.number}"
            yield f"row {number} ({place})", cells
