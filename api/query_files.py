"""Files of many queries."""

import sys
from collections.abc import Iterator
from pathlib import Path

from ..errors import ReadError, UsageError


def read_ids(path: Path) -> list[tuple[int, str]]:
    """Line number and text of every line that is not blank; ``-`` is standard input.

    Raises:
        ReadError, UsageError
    """
    found = list(_lines(path))
    if not found:
        raise UsageError(f"{path} holds no NCT ids.", "Write one a line.")
    return found


def read_queries(path: Path) -> list[tuple[str, str]]:
    """Name and text of every query, from lines ``qid<TAB>text``; ``-`` is standard input.

    Raises:
        ReadError, UsageError: a line without a tab or without text, or with the name of another; says which.
    """
    found: dict[str, str] = {}
    for number, line in _lines(path):
        name, tab, text = line.partition("\t")
        if not tab or not name.strip() or not text.strip():
            raise UsageError(f"{path}, line {number}: not a name, a tab and a text.", "Write qid<TAB>text.")
        if (name := name.strip()) in found:
            raise UsageError(f"{path}, line {number}: {name[:40]!r} is another query, too.", "Give each its own name.")
        found[name] = text.strip()
    if not found:
        raise UsageError(f"{path} holds no queries.", "Write one a line: qid<TAB>text.")
    return list(found.items())


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        if str(path) == "-":  # in some locales bytes that are no text come through, escaped
            text = sys.stdin.read().encode("utf-8", "surrogateescape").decode("utf-8-sig")
        else:
            text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ReadError(f"{path}: {error.strerror or error}.") from None
    except UnicodeDecodeError as error:
        raise ReadError(f"{path} is not UTF-8 text (byte {error.start}).") from None
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        if line.strip():
            yield number, line
