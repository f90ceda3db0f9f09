"""Files of trials in any of the registry's formats, to a stream of records.

What a file holds is found from its first bytes, never from its name. Everything streams, whatever a file's size.
"""

import io
from collections.abc import Iterator
from pathlib import Path

from .json_studies import read_json
from .records import Read, Rejection
from .sources import Source, sources
from .unpack import unpack

_BOM = b"\xef\xbb\xbf"
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
    for file, stream in source.streams():
        for name, content in unpack(stream, file):
            if isinstance(content, str):
                yield Rejection(name, "end", None, content)
            else:
                yield from _read_plain(content, name)


def _read_plain(stream: io.BufferedReader, name: str) -> Iterator[Read]:
    if stream.peek(len(_BOM)).startswith(_BOM):
        stream.read(len(_BOM))
    head = stream.peek(_HEAD)
    first = head.lstrip()[:1]
    if not first:
        yield Rejection(name, "whole file", None, "the file is empty")
    elif first in b"[{":
        yield from read_json(stream, name)
    else:
        yield Rejection(name, "whole file", None, "it is in no format of the registry that is known")
