"""The index that a server answers from."""

import logging
import threading

from ..errors import TrialkinError
from ..index import Index, Versions, open_index
from ..settings import Settings

_log = logging.getLogger("trialkin")


class ServedIndex:
    """Opens the current version, and the next one once it is published; requests under way keep theirs."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._versions = Versions(settings.home / "index")
        self._lock = threading.Lock()
        self._index: Index | None = None
        self._refused: str | None = None

    def get(self) -> Index:
        """The index of the current version; if a new one cannot be opened, the last that could.

        Raises:
            IndexMissing, IndexDamaged: no version could be opened yet.
        """
        index, current = self._index, None
        try:
            current = self._versions.current()
            if index is not None and current in (index.version, self._refused):
                return index
            with self._lock:
                if self._index is None or self._index.version != current:
                    self._index = open_index(settings=self._settings)
                return self._index
        except TrialkinError as error:
            if index is None:
                raise
            self._refused = current  # checking all its files again for every request would stall the server
            _log.warning("The new version cannot be opened, version %s goes on answering: %s", index.version, error)
            return index
