"""The registry's CSV downloads, the one of today and the older one that starts with a rank, to a stream of records."""

import csv
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from ..errors import ReadError
from .csv_columns import fields_of, filled_fields, is_header, study_from
from .nct_id import is_nct_id
from .records import Read, Rejection, read_study

_LIMIT = 4 << 20
"""The longest row that is held in memory, in characters; the longest real one, of thousands of sites, has a tenth."""
_ROW = re.compile(r'(?:"?\d+"?[,\t])?"?NCT\d{8}"?(?:[,\t](?=\S)|\r?\n|$)')
"""How the first line of a row starts. In running text a blank would follow the comma."""


def is_csv_download(head: bytes) -> bool:
    """Whether a file that starts with these bytes is a CSV download, or a tab-separated one: told by its header."""
    lines = head.decode("utf-8-sig", errors="replace").lstrip("\r\n").splitlines()
    return bool(lines) and _header(lines[0]) is not None


def read_csv(stream: BinaryIO, name: str) -> Iterator[Read]:
    """Read a download row by row, one row in memory at a time.

    The fields that a row is said to carry follow from the columns of the header. A row without an NCT number, with
    more or fewer cells than the header, with a quote that is not closed, or longer than 4 MiB comes as a `Rejection`
    with its number, as a spreadsheet counts; the next is read all the same. Bytes that are no UTF-8 are replaced.

    Args:
        stream: the file, which stays open.
        name: of the file, for the report of a rejection.
    """
    csv.field_size_limit(max(csv.field_size_limit(), _LIMIT))
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")
    try:
        yield from _read_rows(text, name)
    finally:
        text.detach()


def _read_rows(text: io.TextIOWrapper, name: str) -> Iterator[Read]:
    first, line = 1, text.readline(_LIMIT)
    while line and not line.strip():
        first, line = first + 1, text.readline(_LIMIT)
    if (header := _header(line)) is None:
        yield Rejection(name, "whole file", None, "it does not start with the columns of a download (NCT Number, ...)")
        return
    delimiter, names = header
    number = first
    for number, row in enumerate(_rows(text, delimiter), first + 1):
        if isinstance(row, str):
            yield Rejection(name, f"row {number}", None, row)
        elif row and [cell.strip().lstrip("\ufeff") for cell in row] != names:  # downloads may be joined
            yield _record(row, names, name, f"row {number}")
    if number == first:
        yield Rejection(name, "whole file", None, "there is a header and no row")


def _header(line: str) -> tuple[str, list[str]] | None:
    """The delimiter and the names of the columns, if the line is a header."""
    for delimiter in (",", "\t"):
        try:
            names = [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
        except csv.Error:
            continue
        if is_header(_without_blank_end(names, 0)):
            return delimiter, _without_blank_end(names, 0)
    return None


def _record(row: list[str], names: list[str], file: str, position: str) -> Read:
    cells = _without_blank_end(row, len(names))
    found = dict(zip(names, cells, strict=False))
    number = found.get("NCT Number", "").strip()
    known = number if is_nct_id(number) else None
    if len(cells) != len(names):
        return Rejection(file, position, known, f"the row has {len(cells)} cells, the header {len(names)}")
    if known is None:
        return Rejection(file, position, number[:80] or None, f"its NCT Number is {number[:80]!r}, which is no NCT id")
    try:
        study = study_from(found)
    except ReadError as error:
        return Rejection(file, position, known, str(error))
    return read_study(study, file, position, fields_of(names) | filled_fields(study))


def _without_blank_end(cells: list[str], shortest: int) -> list[str]:
    """Cells without the empty ones that spreadsheets add at the end."""
    end = len(cells)
    while end > shortest and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


def _rows(text: io.TextIOWrapper, delimiter: str) -> Iterator[list[str] | str]:
    """The rows, each as its cells or as the reason why it has none; an empty line is a row without cells."""
    lines = _RowLines(text)
    reader = csv.reader(lines, delimiter=delimiter, strict=delimiter == ",")
    while True:
        lines.begin()
        try:
            row = next(reader, None)
        except csv.Error as error:
            row = f"the row is damaged ({error}), and left out up to the next one that starts with an NCT number"
        if lines.cut:
            yield "a quote in the row is not closed, or the row is cut short"
        elif lines.too_long:
            lines.skip()
            yield "the row is longer than 4 MiB, or a quote in it is not closed"
        elif row is None:
            return
        else:
            if isinstance(row, str):
                lines.skip()
            yield row


class _RowLines:
    """The lines of a file for a CSV reader, which asks for another one of the same row while a quote is open.

    A row ends at the latest where the next one starts, so that a quote which is not closed costs one row.
    """

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._kept = ""
        self._size = 0
        self.cut = self.too_long = False

    def begin(self) -> None:
        """Say that the next line is the first of a row."""
        self._size = 0
        self.cut = self.too_long = False

    def skip(self) -> None:
        """Pass over lines until one starts a row."""
        while (line := self._text.readline(_LIMIT)) and not _ROW.match(line):
            pass
        self._kept = line

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._kept or self._text.readline(_LIMIT)
        self._kept = ""
        if self._size and (not line or _ROW.match(line)):
            self._kept, self.cut = line, True
            raise StopIteration
        self._size += len(line)
        self.too_long = self._size >= _LIMIT
        if not line or self.too_long:
            raise StopIteration
        return line
