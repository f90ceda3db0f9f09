"""Files that are either whole or absent: checksums, atomic writes, the lock of a home."""

import errno
import hashlib
import os
import re
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import filelock
import orjson

from ..errors import Busy, StorageError

_REFUSALS = {
    errno.ENOSPC: ("The disk is full", "Free some space and run the same command again; nothing was lost."),
    errno.EDQUOT: ("The disk quota is used up", "Free some space and run the same command again; nothing was lost."),
    errno.EROFS: ("The disk is read-only", "Set TRIALKIN_HOME to a folder that can be written."),
    errno.EACCES: ("Writing is not permitted", "Set TRIALKIN_HOME to a folder that you may write."),
    errno.ENOTDIR: ("A part of the path is a file, not a folder", "Set TRIALKIN_HOME to a folder."),
    errno.EEXIST: ("A part of the path is a file, not a folder", "Set TRIALKIN_HOME to a folder."),
    errno.EPERM: ("Writing is not permitted", "Set TRIALKIN_HOME to a folder that you may write."),
}


_FULL = re.compile(r"No space left|\d+ requested and \d+ written|iostream error")
"""How FAISS, numpy and OpenVINO say that a write came up short, without an error number."""


def disk_refusal(error: BaseException, where: Path) -> StorageError | None:
    """The `StorageError` behind an exception of any library that writes files, or None if it is not one."""
    number = getattr(error, "errno", None)
    if number is None and _FULL.search(str(error)):
        number = errno.ENOSPC
    if number not in _REFUSALS:
        return None
    what, hint = _REFUSALS[number]
    return StorageError(f"{what}: {where}.", hint)


@contextmanager
def writing_to(where: Path) -> Generator[None]:
    """Turn the refusals of a disk (full, read-only, not permitted) into a `StorageError`."""
    try:
        yield
    except Exception as error:
        if (refusal := disk_refusal(error, where)) is not None:
            raise refusal from error
        raise


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Force a file or a folder's entries to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file in one step: whoever reads it sees the old content or the new, never a part."""
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    with writing_to(path):
        try:
            with aside.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            aside.replace(path)
            sync(path.parent)
        finally:
            aside.unlink(missing_ok=True)


def write_json(path: Path, value: object) -> None:
    """Replace a JSON file in one step, indented for people, keys in the order given."""
    write_atomically(path, orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


@contextmanager
def home_lock(home: Path) -> Generator[None]:
    """Keep two writers of one home apart. The lock is the kernel's, so a dead holder's is free again.

    Raises:
        Busy: another process holds it.
    """
    with writing_to(home):
        home.mkdir(parents=True, exist_ok=True)
        lock = filelock.FileLock(home / ".lock")
        try:
            lock.acquire(timeout=0)
        except filelock.Timeout:
            raise Busy(
                f"Another import or build is running in {home}.", "Wait until it has finished, then try again."
            ) from None
    try:
        yield
    finally:
        lock.release()
