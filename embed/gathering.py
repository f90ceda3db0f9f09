"""The vectors of shards' files taken into a cache, each file as a whole or not at all."""

import hashlib
import sqlite3
import zlib
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..errors import ReadError
from .cache import VectorCache
from .shard_file import About, Seal, foreign, read_entry

_AT_ONCE = 500
_KEY_BYTES = 16
_UNIT = 0.01
"""How far the length of a vector may be from 1: half precision rounds."""
_Vectors = list[tuple[bytes, NDArray[np.float16]]]


@dataclass(frozen=True)
class Gathered:
    """What was taken from a file.

    Attributes:
        taken: vectors that the cache did not have.
        known: vectors that it had.
    """

    taken: int
    known: int


def gather(path: Path, about: About, cache: VectorCache) -> Gathered:
    """Take the vectors of a sealed file into a cache, all of them or, if anything is wrong, none.

    Vectors that the cache has already stay as they are.

    Args:
        path: of the file; it is only read.
        about: what the cache holds; of any shard.
        cache: takes them, in one transaction.

    Raises:
        ReadError: the file is missing, damaged, not complete, or made with another model; names it.
        StorageError: the cache cannot take them.
    """
    with _reading(path) as db:
        found, seal = read_entry(db, path)
        if not found.made_as(about):
            raise ReadError(
                f"{path} was made otherwise: {found.how()}; here it is {about.how()}.",
                "Embed with the same model, settings and, for int8, the same converted model in models/.",
            )
        if seal is None:
            raise ReadError(
                f"{path} is not complete.",
                f"Run trialkin embed --shard {found.number}/{found.count} again; it goes on.",
            )
        counts = [0, 0]
        cache.put(_missing(_checked(db, path, found, seal), cache, counts))
        return Gathered(*counts)


def _missing(
    parts: Iterable[_Vectors], cache: VectorCache, counts: list[int]
) -> Iterator[tuple[bytes, NDArray[np.float16]]]:
    for part in parts:
        known = cache.get([key for key, _ in part])
        counts[0] += len(part) - len(known)
        counts[1] += len(known)
        yield from ((key, vector) for key, vector in part if key not in known)


@contextmanager
def _reading(path: Path) -> Generator[sqlite3.Connection]:
    if not path.is_file():
        raise ReadError(f"{path}: there is no such file.")
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
            yield db
    except sqlite3.DatabaseError as error:
        raise foreign(path, str(error)) from None


def _checked(db: sqlite3.Connection, path: Path, about: About, seal: Seal) -> Iterator[_Vectors]:
    """The vectors in parts; what is wrong is raised at its row, or at the end if the whole is not what was sealed."""
    digest, count = hashlib.sha256(), 0
    try:
        rows = db.execute("SELECT key, vector, crc FROM vectors ORDER BY key")
        while part := rows.fetchmany(_AT_ONCE):
            if not all(_whole(about, *row) for row in part):
                raise _damaged(path, "a row is not what was written")
            for key, vector, _ in part:
                digest.update(key + vector)
            count += len(part)
            matrix = np.frombuffer(b"".join(row[1] for row in part), np.float16).reshape(len(part), about.dim)
            lengths = np.linalg.norm(matrix.astype(np.float32), axis=1)
            if not (np.abs(lengths - 1) <= _UNIT).all():  # NaN fails, too
                raise _damaged(path, "a vector is not of length 1")
            yield list(zip((row[0] for row in part), matrix, strict=True))
    except sqlite3.DatabaseError as error:  # here, for the cache would take it for its own
        raise _damaged(path, str(error)) from None
    if (count, digest.hexdigest()) != seal:
        raise _damaged(path, f"its {count:,} vectors are not the {seal[0]:,} that were written")


def _whole(about: About, key: object, vector: object, crc: object) -> bool:
    return (
        isinstance(key, bytes)
        and len(key) == _KEY_BYTES
        and about.shard.holds(key)
        and isinstance(vector, bytes)
        and len(vector) == 2 * about.dim
        and zlib.crc32(vector) == crc
    )


def _damaged(path: Path, why: str) -> ReadError:
    return ReadError(f"{path} is damaged: {why}.", "Copy it again, or delete it and embed that shard again.")
