"""Files of API v2 studies, to a stream of `Trial`s and `Rejection`s.

What a file holds is found from its first bytes, never from its name. Everything streams: one study is in
memory at a time, whatever the file's size.
"""

import gzip
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import ijson
import orjson
import zstandard

from ..errors import ReadError
from .study_json import study_nct_id, trial_from_study
from .trial import Trial

_GZIP, _ZSTD, _ZIP = b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"PK\x03\x04"
_LINE_LIMIT = 64 << 20
"""The longest line or single study that is held in memory, in bytes; the largest real study is about 20 MB."""
_FIRST_KEY = re.compile(rb'\s*\{\s*"(\w+)"')
_PAGE_KEYS = {b"studies", b"nextPageToken", b"totalCount"}


@dataclass(frozen=True)
class Rejection:
    """A record that could not be read: where it stands, whose it is if known, and why."""

    file: str
    position: str
    nct_id: str | None
    reason: str


def read_trials(*paths: str | Path) -> Iterator[Trial | Rejection]:
    """Read every study of the files, and of the files in the folders, in order.

    A file may be one study, a search page, a list, JSON lines (of studies or pages), each plain, gzip or
    zstandard, or a zip of such files. A study or a line that cannot be read comes as a `Rejection`; a file
    that is cut short gives what stands before the cut, and a `Rejection` for the rest.

    Raises:
        ReadError: a path does not exist, a folder holds no file, or a file cannot be opened.
    """
    for path in _files(paths):
        try:
            with path.open("rb") as stream:
                yield from _read_stream(stream, str(path))
        except OSError as error:
            raise ReadError(f"{path}: {error.strerror or error}.") from None


def _files(paths: tuple[str | Path, ...]) -> list[Path]:
    """The files behind the paths, all checked before the first is read."""
    found: list[Path] = []
    for path in map(Path, paths):
        if path.is_dir():
            inside = sorted(one for one in path.rglob("*") if one.is_file() and not one.name.startswith("."))
            if not inside:
                raise ReadError(f"The folder {path} holds no files.")
            found.extend(inside)
        elif path.exists():
            found.append(path)
        else:
            raise ReadError(f"There is no file {path}.", "Check the path, or quote it if it holds spaces.")
    return found


def _read_stream(raw: IO[bytes], name: str) -> Iterator[Trial | Rejection]:
    stream = io.BufferedReader(cast("io.RawIOBase", raw), 1 << 20) if not hasattr(raw, "peek") else raw
    head = cast("io.BufferedReader", stream).peek(4)[:4]
    try:
        if head.startswith(_GZIP):
            yield from _read_json(cast("IO[bytes]", gzip.GzipFile(fileobj=stream)), name)
        elif head.startswith(_ZSTD):
            reader = zstandard.ZstdDecompressor().stream_reader(stream, read_across_frames=True)
            yield from _read_json(cast("IO[bytes]", reader), name)
        elif head.startswith(_ZIP):
            yield from _read_zip(stream, name)
        else:
            yield from _read_json(stream, name)
    except (EOFError, zstandard.ZstdError, gzip.BadGzipFile, zipfile.BadZipFile) as error:
        yield Rejection(name, "end", None, f"the compressed file is cut short or damaged ({error})")


def _read_zip(stream: IO[bytes], name: str) -> Iterator[Trial | Rejection]:
    with zipfile.ZipFile(stream) as archive:
        for member in archive.infolist():
            if member.is_dir() or member.filename.startswith("__MACOSX/"):
                continue
            try:
                with archive.open(member) as inside:
                    yield from _read_json(cast("IO[bytes]", inside), f"{name}/{member.filename}")
            except (RuntimeError, NotImplementedError, zipfile.BadZipFile, EOFError) as error:
                yield Rejection(f"{name}/{member.filename}", "whole file", None, f"cannot be unpacked ({error})")


def _read_json(raw: IO[bytes], name: str) -> Iterator[Trial | Rejection]:
    stream = io.BufferedReader(cast("io.RawIOBase", raw), 1 << 20)
    head = stream.peek(4096).removeprefix(b"\xef\xbb\xbf").lstrip()
    if not head:
        yield Rejection(name, "whole file", None, "the file is empty")
    elif head.startswith(b"["):
        yield from _stream_items(stream, "item", name)
    elif head.startswith(b"{"):
        yield from _read_objects(stream, name)
    else:
        yield Rejection(name, "whole file", None, "not JSON: it starts with neither an object nor a list")


def _read_objects(stream: io.BufferedReader, name: str) -> Iterator[Trial | Rejection]:
    """An object over many lines (one study or one page), or one object a line."""
    first = stream.readline(_LINE_LIMIT)
    value = _loads(first)
    key = _FIRST_KEY.match(first.removeprefix(b"\xef\xbb\xbf"))
    if value is not None:
        yield from _read_lines(stream, first, name)
        return
    rest = _Rejoined(first, stream)
    if key is None:  # an opening brace alone on its line: the key stands further down
        more = first + stream.read(4096)
        key, rest = _FIRST_KEY.match(more), _Rejoined(more, stream)
    if key is not None and key[1] in _PAGE_KEYS:
        yield from _stream_items(rest, "studies.item", name)
    elif key is not None and first.rstrip().endswith(b"}"):  # a broken first line among good ones
        yield from _read_lines(stream, first, name)
    else:
        text = rest.read(_LINE_LIMIT + 1)
        whole = _loads(text) if len(text) <= _LINE_LIMIT else None
        if whole is None:
            yield Rejection(name, "whole file", None, "not valid JSON, or cut short")
        else:
            yield from _studies(whole, name, "study 1")


def _read_lines(stream: IO[bytes], first: bytes, name: str) -> Iterator[Trial | Rejection]:
    line, number = first, 1
    while line:
        if line.strip():
            value = _loads(line)
            if value is None:
                reason = "not valid JSON" if len(line) < _LINE_LIMIT else "the line is too long"
                yield Rejection(name, f"line {number}", None, reason)
            else:
                yield from _studies(value, name, f"line {number}")
        line, number = stream.readline(_LINE_LIMIT), number + 1


def _stream_items(stream: object, prefix: str, name: str) -> Iterator[Trial | Rejection]:
    number = 0
    try:
        for study in ijson.items(stream, prefix, use_float=True):
            number += 1
            yield from _studies(study, name, f"study {number}")
    except ijson.JSONError as error:
        reason = str(error).splitlines()[0]
        yield Rejection(name, f"after study {number}", None, f"the rest is not valid JSON, or cut short ({reason})")


def _studies(value: Any, name: str, position: str) -> Iterator[Trial | Rejection]:  # noqa: ANN401 - any JSON
    if isinstance(value, dict) and isinstance(value.get("studies"), list):
        for number, study in enumerate(value["studies"], start=1):
            yield from _studies(study, name, f"{position}, study {number}")
        return
    try:
        yield trial_from_study(value)
    except ReadError as error:
        yield Rejection(name, position, study_nct_id(value) if isinstance(value, dict) else None, str(error))


def _loads(line: bytes) -> Any:  # noqa: ANN401 - any JSON
    try:
        return orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return None


class _Rejoined:
    """A stream whose first bytes have been read already, joined again for a reader."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self._head, self._rest = head, rest

    def read(self, size: int = -1) -> bytes:
        head, self._head = (self._head, b"") if size < 0 else (self._head[:size], self._head[size:])
        return head + self._rest.read(size if size < 0 else size - len(head))
