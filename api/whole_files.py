"""Output that is written as a stream and appears under its name only once it is whole."""

import gzip
import io
import os
import re
import sys
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast

import zstandard

from ..data.files import PART, replacing
from ..errors import StorageError, UsageError


@contextmanager
def whole_file(path: Path | None) -> Generator[BinaryIO]:
    """A stream to write to: standard output if there is no path, or it is ``-``.

    A file is compressed where its name ends in ``.gz`` or ``.zst``. It is written aside, and takes its name in one step
    when the block has ended well; what a killed run left aside is removed by the next.

    Raises:
        UsageError: the folder of the file is missing, or the path is a folder.
        StorageError: the disk is full, read-only or refuses.
    """
    if path is None or str(path) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    if path.is_dir() or not path.parent.is_dir():
        what = f"{path} is a folder" if path.is_dir() else f"There is no folder {path.parent}"
        raise UsageError(f"{what}.", "Name a file in a folder that exists.")
    _remove_left(path)
    try:
        with replacing(path) as stream, _packed(stream, path.suffix) as packed:
            yield packed
    except StorageError as error:
        raise StorageError(error.what, "Name another file; nothing was left half written.") from error


@contextmanager
def _packed(stream: io.BufferedWriter, suffix: str) -> Generator[BinaryIO]:
    with ExitStack() as stack:
        if suffix == ".gz":  # without a time inside, the same lists are the same file
            yield cast("BinaryIO", stack.enter_context(gzip.GzipFile(fileobj=stream, mode="wb", mtime=0, filename="")))
        elif suffix == ".zst":
            packer = zstandard.ZstdCompressor(level=9, write_checksum=True)
            yield cast("BinaryIO", stack.enter_context(packer.stream_writer(stream, closefd=False)))
        else:
            yield stream


def _remove_left(path: Path) -> None:
    """Remove what runs that no longer live left aside."""
    for left in path.parent.glob(f".{path.name}.*{PART}"):
        found = re.fullmatch(rf".*\.(\d+){re.escape(PART)}", left.name)
        if found and not _lives(int(found[1])):
            with suppress(OSError):
                left.unlink()


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # another's, or too large a number
        return True
    return True
