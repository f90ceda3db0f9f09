"""`Journal`: the answers of the registry that a fetch holds so far, so that a killed fetch goes on where it was.

    <digest of the request>/
      <series>-000001.json.zst    one answer: a line that tells what it holds, a line with its studies
      complete.json               present once nothing is left to ask

Each file is written in one step, so what is there is whole. A series counts from 1 without gaps.
"""

import io
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import orjson
import zstandard

from ..errors import StorageError
from .files import write_atomically, write_json, writing_to
from .nct_id import is_nct_id, normalise_nct_id
from .study_json import study_nct_id

_COMPLETE = "complete.json"
_SERIES = ("pages", "listing", "ids", "singles")
"""Pages of a listing; pages of one that gives ids and dates only; records by lists of ids; records one by one."""


@dataclass(frozen=True)
class Held:
    """What one answer holds.

    Attributes:
        stamp: when the registry's data were last refreshed, as it said before it was asked.
        studies: how many studies came.
        dates: their NCT ids, with the dates of their last updates.
        token: the next page's, None on the last.
        total: how many studies the registry announced for the listing, on its first page.
        asked: the ids that were asked for, where some were.
        moved: those of them that have another id now.
        unknown: those that the registry does not have.
    """

    stamp: str
    studies: int
    dates: dict[str, str | None]
    token: str | None = None
    total: int | None = None
    asked: list[str] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Outcome:
    """What came of a fetch whose answers are all there.

    Attributes:
        stamp: when the registry's data were last refreshed.
        listed: the series that lists every id, None where ids were asked for.
        missing: how many studies the registry announced for the listing and did not list.
    """

    stamp: str
    listed: str | None = None
    missing: int = 0


class Journal:
    """The answers in one folder, in the series ``pages``, ``listing``, ``ids`` and ``singles``.

    The folder is made with the first answer. Keep other writers away.

    Raises:
        StorageError: a file is damaged, or the disk refuses.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._held = {series: list(self._first_lines(series)) for series in _SERIES}

    def held(self, series: str) -> list[Held]:
        """What the answers of a series hold, in order."""
        return self._held[series]

    def last(self, series: str) -> Held | None:
        """The newest answer of a series."""
        return self._held[series][-1] if self._held[series] else None

    def dates(self, *series: str) -> dict[str, str | None]:
        """All ids of some series with the dates of their last updates; what is held twice, as it came last."""
        return {nct_id: date for one in series for held in self._held[one] for nct_id, date in held.dates.items()}

    def stamp(self, series: str) -> str | None:
        """That of the newest answer of a series."""
        return self._held[series][-1].stamp if self._held[series] else None

    def add(self, series: str, held: Held, studies: list[Any]) -> None:
        """Keep the next answer of a series."""
        lines = b"".join(orjson.dumps(part, option=orjson.OPT_APPEND_NEWLINE) for part in (asdict(held), studies))
        packed = zstandard.ZstdCompressor(level=3, write_checksum=True).compress(lines)
        with writing_to(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
        write_atomically(self._path(series, len(self._held[series]) + 1), packed)
        self._held[series].append(held)

    def studies(self, series: str, number: int) -> list[Any]:
        """The studies of an answer, counted from 1."""
        path = self._path(series, number)
        try:
            lines = zstandard.ZstdDecompressor().decompress(path.read_bytes())
            return orjson.loads(lines.split(b"\n", 1)[1])
        except (zstandard.ZstdError, ValueError, IndexError):
            raise _damaged(path) from None

    def drop(self, series: str) -> None:
        """Forget a series. The newest goes first, so that what a kill leaves is still without gaps."""
        for number in range(len(self._held[series]), 0, -1):
            self._path(series, number).unlink()
        self._held[series] = []

    def complete(self, outcome: Outcome) -> None:
        """Note that nothing is left to ask."""
        write_json(self.folder / _COMPLETE, asdict(outcome))

    def outcome(self) -> Outcome | None:
        """What `complete` noted, None before."""
        try:
            return Outcome(**orjson.loads((self.folder / _COMPLETE).read_bytes()))
        except FileNotFoundError:
            return None
        except (ValueError, TypeError):
            raise _damaged(self.folder / _COMPLETE) from None

    def remove(self) -> None:
        """Remove the journal; to whoever looks it is there in full or not at all."""
        gone = self.folder.with_name(f".removed-{self.folder.name}")
        shutil.rmtree(gone, ignore_errors=True)
        self.folder.replace(gone)
        shutil.rmtree(gone, ignore_errors=True)

    def _path(self, series: str, number: int) -> Path:
        return self.folder / f"{series}-{number:06d}.json.zst"

    def _first_lines(self, series: str) -> Iterator[Held]:
        number = 1
        while (path := self._path(series, number)).exists():
            try:
                with path.open("rb") as stream, zstandard.ZstdDecompressor().stream_reader(stream) as unpacked:
                    yield Held(**orjson.loads(io.BufferedReader(unpacked).readline()))
            except (zstandard.ZstdError, ValueError, TypeError):
                raise _damaged(path) from None
            number += 1


def held_of(studies: list[Any], stamp: str, **more: Any) -> Held:  # noqa: ANN401 - the fields of Held
    """What an answer with these studies holds."""
    dates = {nct_id: _updated(study) for study in studies if (nct_id := id_of(study)) is not None}
    return Held(stamp, len(studies), dates, **more)


def id_of(study: object) -> str | None:
    """The NCT id of a study object, None where it has none."""
    raw = study_nct_id(study)
    return normalise_nct_id(raw) if raw is not None and is_nct_id(raw) else None


def _updated(study: Any) -> str | None:  # noqa: ANN401 - any JSON
    try:
        date = study["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]["date"]
    except (KeyError, TypeError):
        return None
    return date if isinstance(date, str) else None


def _damaged(path: Path) -> StorageError:
    return StorageError(f"{path} is damaged.", f"Delete the folder {path.parent} and fetch again.")
