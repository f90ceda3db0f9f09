"""The earlier version that lists are compared with, beside the one that answers."""

import logging
import threading

from ..errors import IndexDamaged, TrialkinError, UsageError
from ..index import Index, Versions
from ..index.opening import query_encoder
from ..index.watching import check_comparable
from ..settings import Settings
from .problems import UnknownVersion

_log = logging.getLogger("trialkin")


class EarlierVersion:
    """Opens an earlier version when it is asked for, and keeps it: one at most, the last that was asked for."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is opened yet."""
        self._versions = Versions(settings.home / "index")
        self._encoder = query_encoder(settings)
        self._lock = threading.Lock()
        self._kept: Index | None = None

    def get(self, name: str | None, current: Index) -> Index:
        """An earlier version, open.

        Args:
            name: of the version; by default the one before the current.
            current: the version that answers.

        Raises:
            UsageError: the name is none of a version, or is that of the current one, or both were not built alike.
            UnknownVersion: there is no such version, or none before the current, or it cannot be opened any more.
        """
        name = self._named(name, current)
        with self._lock:
            if self._kept is None or self._kept.version != name:
                self._kept = None  # before the next is opened, so that two are never held
                self._kept = self._open(name)
            before = self._kept
        try:
            check_comparable(before, current)
        except TrialkinError as error:
            raise UsageError(error.what, error.hint) from error
        return before

    def _open(self, name: str) -> Index:
        try:
            return Index(self._versions.folder(name), self._encoder)
        except IndexDamaged as error:
            _log.warning("Version %s cannot be compared with: %s", name, error)
            raise UnknownVersion(
                f"Version {name} cannot be opened: it is damaged, or was built by another trialkin.",
                "Name another version with since.",
            ) from error

    def _named(self, name: str | None, current: Index) -> str:
        others = [one for one in self._versions.names() if one != current.version]
        there = f"Versions to compare with are {', '.join(others)}." if others else "There is no other version yet."
        if name is None:
            older = [one for one in others if int(one) < int(current.version)]
            if not older:
                raise UnknownVersion(f"There is no version before {current.version} to compare with.", there)
            return older[-1]
        if not (name.isascii() and name.isdecimal()):
            raise UsageError(f"{name[:40]!r} is no version of the index.", there)
        canonical = f"{int(name):04d}"
        if canonical == current.version:
            raise UsageError(f"Version {canonical} is the one that answers.", there)
        if canonical not in others:
            raise UnknownVersion(f"There is no version {name[:40]}.", there)
        return canonical
