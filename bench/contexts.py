"""What the trials of an index are about that use a name.

Names of one thing are used by trials that are about the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from trialkin import Settings
from trialkin.data import Snapshot
from trialkin.index import Index, Versions
from trialkin.index.opening import query_encoder
from trialkin.index.ranking import DEFAULT_RANKING


def current_index() -> Index:
    """The index in TRIALKIN_HOME, without checking its files."""
    return Index(Versions(Settings().home / "index").folder(), query_encoder(Settings()), checksums=False)


def without_and_with(**weights: float) -> list[Index]:
    """The current index twice: with some weights of the ranking changed, and as it is; without checking its files."""
    settings = Settings()
    folder = Versions(settings.home / "index").folder()
    rankings = (replace(DEFAULT_RANKING, **weights), DEFAULT_RANKING)
    return [Index(folder, query_encoder(settings), checksums=False, ranking=one) for one in rankings]


def records(fields: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """The id of every record and what it says in some fields, its conditions and keywords among them."""
    for row in Snapshot.open(Settings().home / "snapshot").rows(["nctId", *fields, "conditions", "keywords"]):
        parts = [row[name] or "" for name in fields]
        yield row["nctId"], [*parts, *(row["conditions"] or ()), *(row["keywords"] or ())]


class Contexts:
    """The mean profiles of some trials of an index, beside that of all."""

    def __init__(self, index: Index) -> None:
        self._profiles = index._channels.profiles
        self._mean = self._profiles.vectors(np.arange(len(index), dtype=np.int32)).mean(axis=0)

    def of(self, rows: Iterable[int]) -> NDArray[np.float32]:
        """How the trials of some rows differ from all: a unit vector, float32, shape (dim,)."""
        context = self._profiles.vectors(np.asarray(sorted(rows), np.int32)).mean(axis=0) - self._mean
        return context / np.linalg.norm(context)
