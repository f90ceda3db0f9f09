"""Parts of records on disk while an import reads on: there may be as many as there are trials."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import orjson

from .combining import both
from .records import Part
from .trial import Trial


class PartStore:
    """One part a trial; a second one of the same trial is combined with the first."""

    def __init__(self, path: Path) -> None:
        """Make the store at `path`; it is no more than scratch."""
        self._rows = sqlite3.connect(path, isolation_level=None)
        self._rows.execute("PRAGMA journal_mode = OFF")
        self._rows.execute("PRAGMA synchronous = OFF")
        self._rows.execute("CREATE TABLE parts (nct_id TEXT PRIMARY KEY, trial BLOB, fields BLOB) WITHOUT ROWID")

    def __len__(self) -> int:
        return self._rows.execute("SELECT count(*) FROM parts").fetchone()[0]

    def add(self, part: Part) -> None:
        """Take one."""
        known = self._get(part.trial.nct_id)
        one = part if known is None else both(known, part)
        row = (one.trial.nct_id, one.trial.model_dump_json(by_alias=True), orjson.dumps(sorted(one.fields)))
        self._rows.execute("INSERT OR REPLACE INTO parts VALUES (?, ?, ?)", row)

    def nct_ids(self) -> list[str]:
        """Whose parts it holds."""
        return [nct_id for (nct_id,) in self._rows.execute("SELECT nct_id FROM parts")]

    def take(self, nct_id: str) -> Part:
        """Give out the part of a trial, and hold it no longer.

        Raises:
            KeyError: there is none.
        """
        part = self._get(nct_id)
        if part is None:
            raise KeyError(nct_id)
        self._rows.execute("DELETE FROM parts WHERE nct_id = ?", (nct_id,))
        return part

    def rest(self) -> Iterator[Part]:
        """Those that were not taken, by NCT id."""
        for trial, fields in self._rows.execute("SELECT trial, fields FROM parts ORDER BY nct_id"):
            yield _part(trial, fields)

    def close(self) -> None:
        """Let go of the file."""
        self._rows.close()

    def _get(self, nct_id: str) -> Part | None:
        row = self._rows.execute("SELECT trial, fields FROM parts WHERE nct_id = ?", (nct_id,)).fetchone()
        return None if row is None else _part(*row)


def _part(trial: str, fields: bytes) -> Part:
    return Part(Trial.model_validate_json(trial), frozenset(orjson.loads(fields)))
