"""What a user names to be read: files, folders, globs, standard input."""

import io
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from ..errors import ReadError

STANDARD_INPUT = "-"
_GLOB = frozenset("*?[")


@dataclass(frozen=True)
class Source:
    """One thing that a user named: its files, in order.

    Attributes:
        name: as it was given.
        files: none for standard input.
    """

    name: str
    files: tuple[Path, ...]

    def streams(self) -> Iterator[tuple[str, io.BufferedReader]]:
        """Each file's name and its content, open until the next is asked for.

        Raises:
            ReadError: a file cannot be opened or read.
        """
        if self.name == STANDARD_INPUT and not self.files:
            with _standard_input() as stream:
                yield "standard input", stream
        for path in self.files:
            try:
                with path.open("rb") as stream:
                    yield str(path), stream
            except OSError as error:
                raise ReadError(f"{path}: {error.strerror or error}.") from None


def sources(given: Iterable[str | Path]) -> list[Source]:
    """What stands behind the paths, all checked before the first is read.

    A folder stands for all files in it and in its folders, but those whose names begin with a dot. A name with ``*``,
    ``?`` or ``[`` that is no file itself stands for the files that it matches (``**`` for folders of any depth), ``-``
    for standard input.

    Raises:
        ReadError: a path does not exist, a folder holds no file, a pattern matches none.
    """
    return [_source(str(one)) for one in given]


def _source(name: str) -> Source:
    path = Path(name)
    if name == STANDARD_INPUT:
        return Source(name, ())
    if path.is_dir():
        return Source(name, tuple(_inside(path)))
    if path.exists():
        return Source(name, (path,))
    if not _GLOB.isdisjoint(name):
        found = sorted(Path(path.anchor).glob(str(path.relative_to(path.anchor))))
        files = [file for one in found for file in (_inside(one) if one.is_dir() else [one])]
        if not files:
            raise ReadError(f"No file matches {name}.", "Check the pattern, and quote it so that it comes as it is.")
        return Source(name, tuple(dict.fromkeys(files)))
    raise ReadError(f"There is no file {name}.", "Check the path, or quote it if it holds spaces.")


def _inside(folder: Path) -> list[Path]:
    found = sorted(one for one in folder.rglob("*") if one.is_file() and not one.name.startswith("."))
    if not found:
        raise ReadError(f"The folder {folder} holds no files.")
    return found


@contextmanager
def _standard_input() -> Generator[io.BufferedReader]:
    """Standard input; a zip, which is read from its end, is first written to a temporary file."""
    stream = cast("io.BufferedReader", sys.stdin.buffer)
    if stream.peek(4)[:4] != b"PK\x03\x04" or stream.seekable():
        yield stream
        return
    with tempfile.TemporaryFile() as whole:
        shutil.copyfileobj(stream, whole)
        whole.seek(0)
        yield cast("io.BufferedReader", whole)
