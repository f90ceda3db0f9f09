"""What is costly to make and can be made again, kept by key in one SQLite file."""

import sqlite3
import zlib
from collections.abc import Collection, Generator, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from ..errors import StorageError
from .files import writing_to

_AT_ONCE = 500


class BlobCache:
    """Bytes by key.

    Each commit is atomic, so whoever is killed loses only what it had not committed yet. All bytes carry a CRC-32;
    those that were damaged on disk read as absent and are made again.
    """

    def __init__(self, path: Path, table: str = "blobs", column: str = "blob") -> None:
        """Open the file, which is made if there is none.

        Args:
            path: of the file.
            table: the name of its table.
            column: the name of the column of bytes.

        Raises:
            StorageError: the disk refuses, or the file is damaged.
        """
        self._path, self._table, self._column = path, table, column
        with writing_to(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        with self._guard():
            self._db = sqlite3.connect(path, timeout=30, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute(
                f"CREATE TABLE IF NOT EXISTS {table} "
                f"(key BLOB PRIMARY KEY, {column} BLOB NOT NULL, crc INTEGER NOT NULL) WITHOUT ROWID"
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def __len__(self) -> int:
        with self._guard():
            return int(self._db.execute(f"SELECT count(*) FROM {self._table}").fetchone()[0])  # noqa: S608

    def blobs(self, keys: Sequence[bytes]) -> Iterator[tuple[bytes, bytes]]:
        """The keys that are there, with their bytes, in any order."""
        with self._guard():
            for start in range(0, len(keys), _AT_ONCE):
                part = keys[start : start + _AT_ONCE]
                places = ",".join("?" * len(part))
                query = f"SELECT key, {self._column}, crc FROM {self._table} WHERE key IN ({places})"  # noqa: S608
                for key, blob, crc in self._db.execute(query, part):
                    if zlib.crc32(blob) == crc:
                        yield key, blob

    def every(self) -> Iterator[tuple[bytes, bytes]]:
        """All keys with their bytes, in the order of the keys, in one go through the file."""
        with self._guard():
            for key, blob, crc in self._db.execute(f"SELECT key, {self._column}, crc FROM {self._table}"):  # noqa: S608
                if zlib.crc32(blob) == crc:
                    yield key, blob

    def put_blobs(self, blobs: Iterable[tuple[bytes, bytes]]) -> None:
        """Add bytes by key and commit them together."""
        rows = ((key, blob, zlib.crc32(blob)) for key, blob in blobs)
        with self._guard(), self._db:
            self._db.executemany(f"INSERT OR REPLACE INTO {self._table} VALUES (?, ?, ?)", rows)  # noqa: S608

    def keep_only(self, keys: Collection[bytes]) -> None:
        """Drop all keys but these, and give the space back."""
        with self._guard(), self._db:
            self._db.execute("CREATE TEMP TABLE kept (key BLOB PRIMARY KEY) WITHOUT ROWID")
            self._db.executemany("INSERT OR IGNORE INTO kept VALUES (?)", ((key,) for key in keys))
            self._db.execute(f"DELETE FROM {self._table} WHERE key NOT IN (SELECT key FROM kept)")  # noqa: S608
            self._db.execute("DROP TABLE kept")
        with self._guard():
            self._db.execute("VACUUM")

    def _guard(self) -> AbstractContextManager[None]:
        return _in_words(self._path)


@contextmanager
def _in_words(path: Path) -> Generator[None]:
    """Say in words what SQLite says in codes."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        text = str(error)
        if "full" in text or "disk I/O" in text:
            raise StorageError(
                f"The disk is full or failing: {path} ({text}).",
                "Free some space and run the same command again; what was made is kept.",
            ) from error
        if "readonly" in text or "unable to open" in text:
            raise StorageError(
                f"{path} cannot be written ({text}).", "Set TRIALKIN_HOME to a folder that you may write."
            ) from error
        raise StorageError(
            f"The cache {path} is damaged ({text}).", "Delete that file; the next build makes it anew."
        ) from error
