"""Files that are either whole or absent: checksums, atomic writes, the lock of a home."""

import errno
import hashlib
import io
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
_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP}
PART = ".part"
"""Ends the names of files that are being written; one that is there while nobody writes was left by a killed run."""
_FULL = re.compile(r"No space left|disk is full|\d+ requested and \d+ written|iostream error")
"""How FAISS, SQLite, numpy and OpenVINO say that a write came up short, without an error number."""


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


def sync(path: Path, *, forget: bool = False) -> None:
    """Force a file or a folder's entries to the disk.

    Args:
        path: a file or a folder.
        forget: also drop the file from memory, so that whoever reads it next reads what the disk holds.
    """
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
        if forget and hasattr(os, "posix_fadvise"):
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
    except OSError as error:
        if error.errno != errno.EINVAL or not path.is_dir():  # some network file systems cannot do it for folders
            raise
    finally:
        os.close(handle)


def settle(folder: Path) -> None:
    """Force a folder and everything in it to the disk, and drop it from memory."""
    for path in [*folder.rglob("*"), folder]:
        sync(path, forget=path.is_file())


def make_folder(path: Path) -> None:
    """Make a folder and those above it that are missing, to stay."""
    missing = [one for one in (path, *path.parents) if not one.exists()]
    path.mkdir(parents=True, exist_ok=True)
    for one in missing:
        sync(one.parent)


@contextmanager
def replacing(path: Path) -> Generator[io.BufferedWriter]:
    """A stream to what becomes a file in one step when the block ends well: the old content or the new, never a part.

    Until then it lies aside, as ``.NAME.PROCESS.part``, which a process that is killed leaves there.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}{PART}")
    with writing_to(path):
        try:
            with aside.open("wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            aside.replace(path)
            sync(path.parent)
        finally:
            aside.unlink(missing_ok=True)


def write_atomically(path: Path, content: bytes) -> None:
    """Replace a file in one step: whoever reads it sees the old content or the new, never a part."""
    with replacing(path) as stream:
        stream.write(content)


def write_json(path: Path, value: object) -> None:
    """Replace a JSON file in one step, indented for people, keys in the order given."""
    write_atomically(path, orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


@contextmanager
def home_lock(home: Path) -> Generator[None]:
    """Keep two writers of one home apart, and remove the parts of files that a killed one left.

    The lock is the kernel's, so a dead holder's is free again.

    Raises:
        Busy: another process holds it.
        StorageError: the home cannot be written, or its file system has no locks.
    """
    try:
        with locked(home, timeout_s=0):
            with writing_to(home):
                for left in [*home.glob(f".*{PART}"), *home.glob(f"*/.*{PART}")]:
                    left.unlink(missing_ok=True)
            yield
    except filelock.Timeout:
        raise Busy(
            f"Another import or build is running in {home}.", "Wait until it has finished, then try again."
        ) from None


@contextmanager
def locked(folder: Path, timeout_s: float) -> Generator[None]:
    """Hold the lock of a folder, which is made if there is none; wait for it so long, for ever if below 0.

    Raises:
        filelock.Timeout: another process still holds it.
        StorageError: the folder cannot be written, or its file system has no locks.
    """
    with writing_to(folder):
        make_folder(folder)
        lock = filelock.FileLock(folder / ".lock", fallback_to_soft=False)  # a soft one would outlive its holder
        try:
            lock.acquire(timeout=timeout_s)
        except OSError as error:
            if error.errno in _NO_LOCKS:
                raise StorageError(
                    f"The file system of {folder} has no locks, and nothing else keeps two builds apart.",
                    "Set TRIALKIN_HOME to a folder on a local disk; copies of it can be read from anywhere.",
                ) from error
            raise
    try:
        yield
    finally:
        lock.release()
