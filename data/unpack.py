"""Compressed files, told by their first bytes and unpacked as streams: gzip, zstandard, zip."""

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import IO, Any, cast

import zstandard

_BUFFER = 1 << 20
_DEEPEST = 4
"""Packings inside each other: a small file may hold itself for ever."""
_PACKED = 4 << 10
"""Compressed bytes that are unpacked at once: few, because a few of them may hold megabytes."""
_DAMAGE = (
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    lzma.LZMAError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
    zstandard.ZstdError,
)
"""What the libraries raise for files that are cut short, altered, encrypted or packed in a way they do not know."""


def unpack(stream: io.BufferedReader, name: str, depth: int = 0) -> Iterator[tuple[str, io.BufferedReader | str]]:
    """The plain files inside a file, in order; a plain file is its own only one.

    Args:
        stream: the file.
        name: of the file.
        depth: how many packings it was taken out of already.

    Yields:
        The name of a file with its content, to be read before the next is asked for; or with the reason why it,
        or what was to follow of it, cannot be unpacked. All that stands before a cut or damage is given.
    """
    head = stream.peek(4)[:4]
    if depth > _DEEPEST:
        yield name, "too many compressed files inside each other"
    elif head.startswith(b"\x1f\x8b"):
        yield from _inside(_frames(stream, lambda: zlib.decompressobj(wbits=31)), name, depth)
    elif head == b"\x28\xb5\x2f\xfd":
        yield from _inside(_frames(stream, lambda: zstandard.ZstdDecompressor().decompressobj()), name, depth)
    elif head == b"PK\x03\x04":
        yield from _members(stream, name, depth)
    else:
        yield name, stream


def _inside(blocks: Iterator[bytes], name: str, depth: int) -> Iterator[tuple[str, io.BufferedReader | str]]:
    unpacked = _Unpacked(blocks)
    yield from unpack(io.BufferedReader(unpacked, _BUFFER), name, depth + 1)
    if unpacked.damage is not None:
        yield name, f"the compressed file is cut short or damaged ({unpacked.damage})"


def _members(stream: io.BufferedReader, name: str, depth: int) -> Iterator[tuple[str, io.BufferedReader | str]]:
    if not stream.seekable():
        yield name, "a zip inside another compressed file is not read"
        return
    try:
        archive = zipfile.ZipFile(stream)
    except _DAMAGE as error:
        yield name, f"the compressed file is cut short or damaged ({error})"
        return
    for member in archive.infolist():
        if not member.is_dir() and not member.filename.startswith("__MACOSX/"):
            yield from _inside(_member(archive, member), f"{name}/{member.filename}", depth)


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with cast("zipfile.ZipExtFile", archive.open(member)) as inside:
        while block := inside.read1(_PACKED):
            yield block


def _frames(stream: IO[bytes], start: Callable[[], Any]) -> Iterator[bytes]:
    """Unpack frames that follow each other; `start` gives the decompressor of the next."""
    data = stream.read(_PACKED)
    while data:
        frame = start()
        while not frame.eof:
            if not data:
                raise EOFError("it ends too early")
            yield frame.decompress(data)
            data = frame.unused_data if frame.eof else stream.read(_PACKED)
        data = data or stream.read(_PACKED)


class _Unpacked(io.RawIOBase):
    """Blocks as a stream. Damage is its end, and is kept to be told afterwards, so that no block before it is lost."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._block = memoryview(b"")
        self.damage: Exception | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401 - any writable buffer
        while not self._block:
            try:
                self._block = memoryview(next(self._blocks))
            except StopIteration:
                return 0
            except _DAMAGE as error:
                self.damage = error
                return 0
        part, self._block = self._block[: len(buffer)], self._block[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)
