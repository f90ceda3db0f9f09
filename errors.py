"""What can go wrong, said in words that help.

TrialkinError
├── UsageError          the request itself is wrong            (exit 2, HTTP 400)
│   └── InvalidNctId
├── UnknownTrial        a well-formed id that the index lacks   (exit 1, HTTP 404)
├── ReadError           an input file that cannot be read at all
├── SnapshotError       the local snapshot is missing or damaged
├── IndexMissing        nothing has been built yet              (HTTP 503)
├── IndexDamaged        a file of the index is not what its manifest says
├── ModelError          the embedding model is missing, altered or another one
├── StorageError        the disk is full, read-only or refuses
└── Busy                another build or import holds the lock
"""


class TrialkinError(Exception):
    """Base of every error that a user can meet.

    Args:
        what: what was wrong and where, one sentence.
        hint: what to do about it, one sentence; may be empty.
    """

    exit_code = 1

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.what} {self.hint}".strip()


class UsageError(TrialkinError):
    """The request is wrong in itself: an empty query, ``--top 0``, a misspelt filter."""

    exit_code = 2


class InvalidNctId(UsageError):
    """The text is no NCT id."""


class UnknownTrial(TrialkinError):
    """A well-formed NCT id that the index does not hold."""


class ReadError(TrialkinError):
    """An input that is missing or in no format that can be read."""


class SnapshotError(TrialkinError):
    """The snapshot is missing, empty or damaged."""


class IndexMissing(TrialkinError):
    """No index has been published yet."""


class IndexDamaged(TrialkinError):
    """A file of the index is missing or differs from its manifest."""


class ModelError(TrialkinError):
    """The embedding model is missing, altered, or not the one that the index was built with."""


class StorageError(TrialkinError):
    """The disk is full, read-only, or refuses for another reason."""


class Busy(TrialkinError):
    """Another process is importing or building in the same home."""
