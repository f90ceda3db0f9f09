"""Files of trials in any of the registry's formats, to a stream of records.

What a file holds is found from its first bytes, never from its name. Everything streams, whatever a file's size.
"""

import io
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from .aact import AactTables, is_table
from .csv_download import is_csv_download, read_csv
from .json_studies import read_json
from .legacy_json import is_legacy, read_legacy
from .legacy_xml import read_xml
from .records import Read, Rejection
from .sources import Source, sources
from .trial_page import is_trial_page, read_page
from .unpack import unpack

_BOM = b"\xef\xbb\xbf"
_MARKS = (_BOM, b"\xff\xfe", b"\xfe\xff\x00")
"""Of byte order, as files of UTF-8 and UTF-16 begin."""
_SIGNS = (b"<", b"[", b"{")
"""What XML and JSON begin with."""
_HEAD = 4096
"""Bytes that tell a format."""


def read_trials(*paths: str | Path) -> Iterator[Read]:
    """Read every trial of files, folders, globs and standard input (``-``), in order.

    A file may be, plain, gzip, zstandard or in a zip: API v2 studies (one, a search page, a list, JSON lines), the
    older JSON and XML, a CSV download of either form, a trial page as plain text, or a table of AACT, whose tables are
    joined with the others of the same path, at its end. What cannot be read comes as a `Rejection`; a file that is cut
    short gives what stands before the cut, and a `Rejection` for the rest.

    Raises:
        ReadError: a path does not exist, a folder holds no file, or a file cannot be opened.
    """
    for source in sources(paths):
        yield from _read_source(source)


def _read_source(source: Source) -> Iterator[Read]:
    with ExitStack() as opened:
        tables: AactTables | None = None
        for file, stream in source.streams():
            for name, content in unpack(stream, file):
                if isinstance(content, str):
                    yield Rejection(name, "end", None, content)
                elif _starts(content) not in _SIGNS and is_table(content.peek(_HEAD)):
                    tables = tables or opened.enter_context(AactTables())
                    yield from tables.add(content, name)
                else:
                    yield from _read_plain(content, name)
        if tables is not None:
            yield from tables.records()


def _read_plain(stream: io.BufferedReader, name: str) -> Iterator[Read]:
    first, head = _starts(stream), stream.peek(_HEAD)
    if not first:
        yield Rejection(name, "whole file", None, "the file is empty")
    elif first == b"<":
        yield from read_xml(stream, name)
    elif first in _SIGNS:
        if head.startswith(_BOM):
            stream.read(len(_BOM))
        yield from (read_legacy if is_legacy(head) else read_json)(stream, name)
    elif is_csv_download(head):
        yield from read_csv(stream, name)
    elif is_trial_page(head):
        yield from read_page(stream, name)
    else:
        yield Rejection(name, "whole file", None, "it is in no format of the registry that is known")


def _starts(stream: io.BufferedReader) -> bytes:
    """The first byte that is no blank, and no mark of byte order."""
    head = stream.peek(_HEAD)
    for mark in _MARKS:
        head = head.removeprefix(mark)
    return head.lstrip()[:1]
