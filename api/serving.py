"""The index that a server answers from, followed to each version that is published."""

import atexit
import logging
import threading
import weakref

from ..embed import Encoder
from ..errors import TrialkinError
from ..index import Index, Manifest, Versions
from ..index.manifest import MANIFEST, ModelEntry
from ..index.opening import query_encoder
from ..settings import Settings

_EVERY = 1.0
_log = logging.getLogger("trialkin")


class ServedIndex:
    """Opens the current version, and the next one in the background once it is published.

    A request takes the index that is open and keeps it to its end; none waits for a new version.
    """

    def __init__(self, settings: Settings, every: float = _EVERY) -> None:
        """Nothing is opened yet.

        Args:
            settings: where the index lies, and the model for searches.
            every: seconds between two looks at which version is current.
        """
        self._versions = Versions(settings.home / "index")
        self._encoders = _Encoders(settings)
        self._every = every
        self._first = threading.Lock()
        self._one_look = threading.Lock()
        self._index: Index | None = None
        self._warm: Index | None = None
        self._refused: str | None = None
        self._told: str | None = None
        self._gone = threading.Event()
        weakref.finalize(self, self._gone.set)

    def get(self) -> Index:
        """The index that answers. The first call opens it, and later ones return at once.

        Raises:
            IndexMissing, IndexDamaged: no version could be opened yet.
        """
        if self._index is None:
            with self._first:
                if self._index is None:
                    self._index = self._open(self._versions.current())
                    looked_after = (weakref.ref(self), self._gone, self._every)
                    follower = threading.Thread(target=_follow, args=looked_after, name="trialkin-follow", daemon=True)
                    follower.start()
                    atexit.register(_end, follower, self._gone)
        return self._index

    @property
    def answering(self) -> Index | None:
        """The index that answers, None while none is open; nothing is opened or waited for."""
        return self._index

    @property
    def is_ready(self) -> bool:
        """Whether the index that answers is open and warm."""
        return self._index is not None and self._warm is self._index

    @property
    def made_at(self) -> float | None:
        """When the index that answers was built, in seconds since 1970; None while none is open."""
        if (index := self._index) is None:
            return None
        try:
            return (self._versions.folder(index.version) / MANIFEST).stat().st_mtime
        except (OSError, TrialkinError):  # removed while it answers on
            return None

    def ready(self) -> Index:
        """The index that answers, warm: searches find the model loaded.

        Raises:
            IndexMissing, IndexDamaged, ModelError
        """
        index = self.get()
        if self._warm is not index:
            index.warm_up()
            self._warm = index
        return index

    def look(self) -> None:
        """Let the current version answer, if it is another than the one that does, once it is open and warm.

        A version that cannot be opened, or not be searched while the one that answers can, is refused: that is logged
        once, and the other goes on.
        """
        with self._one_look:
            if (index := self._index) is None:
                return
            current = None
            try:
                current = self._versions.current()
                if current == index.version:
                    self._refused = self._told = None
                elif current != self._refused:
                    self._index = self._warmed(current, index)
                    self._told = None
                    _log.info("Version %s answers.", current)
            except Exception as error:  # noqa: BLE001 - whatever is wrong with a new version, the server lives
                self._refused = current  # checking all its files again every time would take from the requests
                self._tell(index, error)

    def _open(self, name: str) -> Index:
        return Index(self._versions.folder(name), self._encoders)

    def _warmed(self, name: str, answering: Index) -> Index:
        new = self._open(name)
        try:
            new.warm_up()
        except TrialkinError as error:
            if self._encoders.loaded(answering.manifest):
                raise
            _log.warning("Version %s answers, but not searches: %s", name, error)
        else:
            self._warm = new
        new.related(new.nct_ids()[0])  # what is made on first use is made now
        return new

    def _tell(self, index: Index, error: Exception) -> None:
        said = str(error) if isinstance(error, TrialkinError) else f"{type(error).__name__}: {error}"
        if said != self._told:
            _log.warning("The new version cannot be opened, version %s goes on answering: %s", index.version, said)
        self._told = said


class _Encoders:
    """The encoder of the version that was warmed last, shared with the next one of the same model."""

    def __init__(self, settings: Settings) -> None:
        self._load = query_encoder(settings)
        self._lock = threading.Lock()
        self._last: tuple[ModelEntry, Encoder] | None = None

    def __call__(self, manifest: Manifest) -> Encoder:
        with self._lock:
            if self._last is None or self._last[0] != manifest.model:
                self._last = (manifest.model, self._load(manifest))
            return self._last[1]

    def loaded(self, manifest: Manifest) -> bool:
        """Whether a version can be searched."""
        return self._last is not None and self._last[0] == manifest.model


def _follow(served: "weakref.ref[ServedIndex]", gone: threading.Event, every: float) -> None:
    """Look again and again, for as long as anybody holds the served index."""
    while not gone.wait(every):
        if (alive := served()) is not None:
            alive.look()
        del alive


def _end(follower: threading.Thread, gone: threading.Event) -> None:
    """Let the thread end before the interpreter does, which would abort where it cuts a thread off inside C++."""
    gone.set()
    follower.join()
