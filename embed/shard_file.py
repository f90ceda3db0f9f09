"""Files of one shard's vectors: made, gone on with, and sealed when complete.

Such a file is a vector cache with a second table, `shard`, of one row: what the vectors are, as JSON, and once all of
them are there how many they are and a hash over them.
"""

import hashlib
import sqlite3
from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path

from pydantic import Field, ValidationError

from ..data import Record
from ..data.files import writing_to
from ..errors import ReadError, StorageError, UsageError
from .cache import VectorCache
from .chunks import ChunkPolicy
from .encoder import Encoder
from .sharding import Shard

Seal = tuple[int, str]
"""How many vectors a complete file holds, and the SHA-256 over their keys and values in the order of keys."""


class About(Record):
    """What a file of vectors is for; vectors may only be gathered where all of it but the shard agrees.

    Attributes:
        fingerprint: of the model.
        variant: of the encoder.
        dim: length of a vector.
        tokens, overlap, limit: of the chunk policy.
        number, count: of the shard.
    """

    model: str
    fingerprint: str
    variant: str
    dim: int
    tokens: int
    overlap: int
    limit: int
    number: int = Field(ge=1)
    count: int = Field(ge=1)

    @classmethod
    def of(cls, encoder: Encoder, policy: ChunkPolicy, shard: Shard) -> "About":
        """What the vectors of an encoder, a policy and a shard say of themselves."""
        model = encoder.model
        return cls(
            model=model.name, fingerprint=model.fingerprint, variant=encoder.variant, dim=encoder.dim,
            tokens=policy.tokens, overlap=policy.overlap, limit=policy.limit, number=shard.number, count=shard.count,
        )  # fmt: skip

    @property
    def shard(self) -> Shard:
        """The shard."""
        return Shard(self.number, self.count)

    def how(self) -> str:
        """What the vectors were made with, in words."""
        chunks = f"chunks {self.tokens}-{self.overlap}-{self.limit}"
        return f"{self.model} ({self.fingerprint[:12]}), {self.variant}, {chunks}"

    def made_as(self, other: "About") -> bool:
        """Whether the vectors of both may stand side by side. The name that a model was asked for does not matter."""
        leave_out = {"model", "number", "count"}
        return self.model_dump(exclude=leave_out) == other.model_dump(exclude=leave_out)


@contextmanager
def filling(path: Path, about: About) -> Generator[VectorCache]:
    """Open a file of vectors to add to, made if it is not there, and seal it at the end if nothing went wrong.

    A file of a run that was interrupted, or of an earlier snapshot, is gone on with.

    Raises:
        UsageError: there is a file of something else.
        StorageError: the disk refuses.
    """
    _claim(path, about)
    with VectorCache(path, about.dim) as cache:
        yield cache
    _seal(path)


def _claim(path: Path, about: About) -> None:
    """Make the file, or find that it is one of the same, and take off its seal."""
    with writing_to(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    with _writing(path) as db:
        try:
            fresh = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
            found = None if fresh else read_entry(db, path)[0]
        except sqlite3.OperationalError:  # the disk's refusal
            raise
        except (sqlite3.DatabaseError, ReadError):
            raise UsageError(
                f"{path} is there already, and is no file of a shard's vectors.", "Name another file with --out."
            ) from None
        if found is not None and (not found.made_as(about) or found.shard != about.shard):
            raise UsageError(
                f"{path} holds shard {found.shard} of {found.how()}, not shard {about.shard} of {about.how()}.",
                "Name another file with --out, or delete that one.",
            )
        with db:
            if found is None:
                db.execute("CREATE TABLE shard (about TEXT NOT NULL, vectors INTEGER, digest TEXT)")
                db.execute("INSERT INTO shard (about) VALUES (?)", (about.model_dump_json(by_alias=True),))
            else:
                db.execute("UPDATE shard SET vectors = NULL, digest = NULL")


def _seal(path: Path) -> None:
    """Write down what the file holds, and leave everything in the one file, so that it can be copied."""
    with _writing(path) as db:
        digest, count = hashlib.sha256(), 0
        for key, vector in db.execute("SELECT key, vector FROM vectors ORDER BY key"):
            digest.update(key + vector)
            count += 1
        with db:
            db.execute("UPDATE shard SET vectors = ?, digest = ?", (count, digest.hexdigest()))
        db.execute("PRAGMA journal_mode=DELETE")


@contextmanager
def _writing(path: Path) -> Generator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(path, timeout=30)) as db:
            yield db
    except sqlite3.DatabaseError as error:
        raise StorageError(
            f"{path} cannot be written ({error}).", "Free some space, or name another file with --out."
        ) from error


def read_entry(db: sqlite3.Connection, path: Path) -> tuple[About, Seal | None]:
    """What a file is for, and its seal.

    Raises:
        ReadError: it does not say so.
    """
    try:
        ((about, vectors, digest),) = db.execute("SELECT about, vectors, digest FROM shard").fetchall()
        found = About.model_validate_json(about)
    except (sqlite3.DatabaseError, ValidationError, ValueError, TypeError) as error:
        raise foreign(path, str(error).splitlines()[0]) from None
    return found, (vectors, digest) if isinstance(vectors, int) and isinstance(digest, str) else None


def foreign(path: Path, why: str) -> ReadError:
    """The error of a file that cannot be read as one of these."""
    return ReadError(
        f"{path} is damaged, or is no file of a shard's vectors ({why}).",
        "Give files that trialkin embed --shard has written, whole.",
    )
