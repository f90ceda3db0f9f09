"""JSON of API v2 studies, streamed: one study is in memory at a time, whatever the file's size."""

import io
import itertools
import re
from collections.abc import Iterable, Iterator
from typing import Any

import ijson
import orjson

from .legacy_json import is_legacy_study, read_legacy_study
from .records import Read, Rejection, read_study
from .rejoined import Rejoined

_LINE_LIMIT = 64 << 20
"""The longest line or single study that is held in memory, in bytes; the largest real study is about 20 MB."""
_FIRST_KEY = re.compile(rb'\s*\{\s*"(\w+)"')
_PAGE_KEYS = {b"studies", b"nextPageToken", b"totalCount"}


def read_json(stream: io.BufferedReader, name: str) -> Iterator[Read]:
    """Read one study, a search page, a list, or JSON lines of studies or pages.

    Args:
        stream: at its first bracket or brace, or blanks before it.
        name: of the file, for rejections.
    """
    if stream.peek(4096).lstrip().startswith(b"["):
        yield from _stream_items(stream, "item", name)
    else:
        yield from _read_objects(stream, name)


def _read_objects(stream: io.BufferedReader, name: str) -> Iterator[Read]:
    """An object over many lines (one study or one page), or one object a line."""
    number, lines = 1, iter(lambda: stream.readline(_LINE_LIMIT), b"")
    while not (first := next(lines)).strip():
        number += 1
    if _loads(first) is not None:
        yield from _read_lines(itertools.chain([first], lines), number, name)
        return
    key = _FIRST_KEY.match(first[:4096] + stream.peek(4096))  # an opening brace may stand alone on its line
    if key is not None and key[1] in _PAGE_KEYS:
        yield from _stream_items(Rejoined(first, stream), "studies.item", name)
        return
    second = next(lines, b"")
    if _stands_alone(second) or (key is not None and first.rstrip().endswith(b"}")):  # only the first line is broken
        yield from _read_lines(itertools.chain([first, second], lines), number, name)
    else:
        text = Rejoined(first + second, stream).read(_LINE_LIMIT + 1)
        whole = _loads(text) if len(text) <= _LINE_LIMIT else None
        if whole is None:
            yield Rejection(name, "whole file", None, "not valid JSON, or cut short")
        else:
            yield from _studies(whole, name, "study 1")


def _read_lines(lines: Iterable[bytes], first: int, name: str) -> Iterator[Read]:
    for number, line in enumerate(lines, start=first):
        if line.strip():
            value = _loads(line)
            if value is None:
                reason = "not valid JSON" if len(line) < _LINE_LIMIT else "the line is too long"
                yield Rejection(name, f"line {number}", None, reason)
            else:
                yield from _studies(value, name, f"line {number}")


def _stream_items(stream: object, prefix: str, name: str) -> Iterator[Read]:
    number = 0
    try:
        for study in ijson.items(stream, prefix, use_float=True):
            number += 1
            yield from _studies(study, name, f"study {number}")
    except (ijson.JSONError, UnicodeDecodeError) as error:
        reason = str(error).splitlines()[0]
        yield Rejection(name, f"after study {number}", None, f"the rest is not valid JSON, or cut short ({reason})")


def _studies(value: Any, name: str, position: str) -> Iterator[Read]:  # noqa: ANN401 - any JSON
    if isinstance(value, dict) and isinstance(value.get("studies"), list):
        for number, study in enumerate(value["studies"], start=1):
            yield from _studies(study, name, f"{position}, study {number}")
        return
    yield (read_legacy_study if is_legacy_study(value) else read_study)(value, name, position)


def _loads(line: bytes) -> Any:  # noqa: ANN401 - any JSON
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None


def _stands_alone(line: bytes) -> bool:
    """Whether a line is a study or a page by itself, as in JSON lines."""
    value = _loads(line)
    return isinstance(value, dict) and ("protocolSection" in value or "studies" in value)
