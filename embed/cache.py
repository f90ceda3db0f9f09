"""The vector cache: what has been embedded once is never embedded again."""

import sqlite3
import zlib
from collections.abc import Generator, Iterable, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from ..data.files import writing_to
from ..errors import StorageError

_AT_ONCE = 500


class VectorCache:
    """Vectors by hash of their text, in one SQLite file a model, precision and chunk policy.

    Each commit is atomic, so a build that is killed loses only what it had not committed yet. Every vector
    carries a CRC-32; one that was damaged on disk reads as absent and is embedded again.
    """

    def __init__(self, path: Path, dim: int) -> None:
        self._path, self._dim = path, dim
        with writing_to(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        with self._guard():
            self._db = sqlite3.connect(path, timeout=30, check_same_thread=False)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=NORMAL")
            self._db.execute(
                "CREATE TABLE IF NOT EXISTS vectors "
                "(key BLOB PRIMARY KEY, vector BLOB NOT NULL, crc INTEGER NOT NULL) WITHOUT ROWID"
            )

    def __enter__(self) -> "VectorCache":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def __len__(self) -> int:
        with self._guard():
            return int(self._db.execute("SELECT count(*) FROM vectors").fetchone()[0])

    def get(self, keys: Sequence[bytes]) -> dict[bytes, NDArray[np.float16]]:
        """The vectors that are there, float16, shape (dim,), by key."""
        found: dict[bytes, NDArray[np.float16]] = {}
        with self._guard():
            for start in range(0, len(keys), _AT_ONCE):
                part = keys[start : start + _AT_ONCE]
                query = f"SELECT key, vector, crc FROM vectors WHERE key IN ({','.join('?' * len(part))})"  # noqa: S608
                for key, vector, crc in self._db.execute(query, part):
                    if len(vector) == 2 * self._dim and zlib.crc32(vector) == crc:
                        found[key] = np.frombuffer(vector, np.float16)
        return found

    def put(self, vectors: Iterable[tuple[bytes, NDArray[np.float16]]]) -> None:
        """Add vectors and commit them together."""
        rows = ((key, data := vector.tobytes(), zlib.crc32(data)) for key, vector in vectors)
        with self._guard(), self._db:
            self._db.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?)", rows)

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
                "Free some space and run the same command again; what was embedded is kept.",
            ) from error
        if "readonly" in text or "unable to open" in text:
            raise StorageError(
                f"{path} cannot be written ({text}).", "Set TRIALKIN_HOME to a folder that you may write."
            ) from error
        raise StorageError(
            f"The vector cache {path} is damaged ({text}).", "Delete that file; the next build makes it anew."
        ) from error
