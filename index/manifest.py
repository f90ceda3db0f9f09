"""The manifest of an index version: what it was made from, and every file with its checksum."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from ..data import Record, Snapshot
from ..data.files import sha256, write_json
from ..embed import ChunkPolicy, Encoder, Section
from ..embed.model_files import ModelFiles
from ..errors import IndexDamaged, ModelError
from .background import Background

MANIFEST = "manifest.json"
FORMAT_VERSION = 16


class FileEntry(Record):
    """One file of a version, relative to its folder."""

    name: str
    bytes: int
    sha256: str


class SnapshotEntry(Record):
    """The snapshot that a version was built from."""

    sources: tuple[str, ...]
    data_date: str | None
    trials: int
    files: tuple[str, ...]


class ModelEntry(Record):
    """The model whose vectors a version holds; `fingerprint` is that of `ModelFiles`."""

    name: str
    fingerprint: str
    precision: str
    variant: str
    dim: int


class ChunkEntry(Record):
    """How long sections were cut, in the model's tokens."""

    tokens: int
    overlap: int
    limit: int


class BackgroundEntry(Record):
    """What is counted beside the trials of a version.

    Attributes:
        fingerprint: SHA-256 of its files.
        trials: how many trials it counts as here, 0 beside a collection as large as it is itself.
    """

    fingerprint: str
    trials: int


class Manifest(Record):
    """Everything that identifies a version. Two builds with the same `inputs` answer alike.

    `names` is the SHA-256 of the tables of names that the package carried; `seal` is that of the rest of this, so that
    damage to the manifest itself is noticed.
    """

    format_version: int
    trialkin: str
    snapshot: SnapshotEntry
    model: ModelEntry
    chunks: ChunkEntry
    background: BackgroundEntry | None = None
    names: str = ""
    sections: dict[Section, int]
    ranking: dict[str, float]
    libraries: dict[str, str]
    files: tuple[FileEntry, ...] = ()
    seal: str = ""

    @property
    def inputs(self) -> tuple[object, ...]:
        """What decides the answers: trials, model, chunks, background, tables of names and the ranking's settings."""
        made_from = (self.snapshot.files, self.model, self.chunks, self.background, self.names)
        return (self.format_version, self.trialkin, *made_from, self.ranking)

    @property
    def counted_beside(self) -> int:
        """Trials of the background that count beside those of the version."""
        return 0 if self.background is None else self.background.trials

    def write(self, folder: Path) -> None:
        """Seal a folder: list its files with their checksums and write the manifest, last."""
        names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
        entries = tuple(FileEntry(name=n, bytes=(folder / n).stat().st_size, sha256=sha256(folder / n)) for n in names)
        listed = self.model_copy(update={"files": entries})
        sealed = listed.model_copy(update={"seal": listed.checksum()})
        write_json(folder / MANIFEST, sealed.model_dump(by_alias=True, mode="json"))

    def checksum(self) -> str:
        """SHA-256, in hex, of everything but the seal."""
        return hashlib.sha256(self.model_dump_json(exclude={"seal"}).encode()).hexdigest()


def snapshot_entry(snapshot: Snapshot) -> SnapshotEntry:
    """The entry of a snapshot."""
    return SnapshotEntry(
        sources=snapshot.sources,
        data_date=snapshot.data_date,
        trials=len(snapshot),
        files=tuple(one.name for one in snapshot.files),
    )


def model_entry(encoder: Encoder) -> ModelEntry:
    """The entry of an encoder's model."""
    return ModelEntry(
        name=encoder.model.name,
        fingerprint=encoder.model.fingerprint,
        precision=encoder.precision,
        variant=encoder.variant,
        dim=encoder.dim,
    )


def check_model(manifest: Manifest, model: ModelFiles) -> None:
    """Check that a model is the one whose vectors a version holds.

    Raises:
        ModelError: it is another one.
    """
    built_with = manifest.model
    if model.fingerprint != built_with.fingerprint:
        raise ModelError(
            f"This index was built with the model {built_with.name} ({built_with.fingerprint[:12]}); "
            f"the settings name {model.name} ({model.fingerprint[:12]}).",
            f"Set TRIALKIN_MODEL={built_with.name}, or build again with the other model.",
        )


def chunk_entry(policy: ChunkPolicy) -> ChunkEntry:
    """The entry of a chunk policy."""
    return ChunkEntry(tokens=policy.tokens, overlap=policy.overlap, limit=policy.limit)


def background_entry(background: Background) -> BackgroundEntry | None:
    """The entry of what is counted beside the trials, None where that was switched off."""
    if not background.fingerprint:
        return None
    return BackgroundEntry(fingerprint=background.fingerprint, trials=round(background.trials))


def names_entry() -> str:
    """The SHA-256 of the tables of names that come with the package, in hex."""
    tables = sorted((files("trialkin.data") / "names").iterdir(), key=lambda one: one.name)
    return hashlib.sha256(b"".join(one.read_bytes() for one in tables)).hexdigest()


def read_manifest(folder: Path) -> Manifest:
    """Read a version's manifest.

    Raises:
        IndexDamaged: it is missing, unreadable, malformed, or of another format.
    """
    path = folder / MANIFEST
    try:
        manifest = Manifest.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise _damaged(path, "it is missing") from None
    except OSError as error:
        raise _damaged(path, f"it cannot be read ({error.strerror})") from error
    except ValidationError as error:
        raise _damaged(path, f"it is malformed ({error.errors()[0]['msg']})") from None
    if manifest.format_version != FORMAT_VERSION:
        raise IndexDamaged(
            f"{path} has format {manifest.format_version}; this trialkin reads format {FORMAT_VERSION}.",
            "Run trialkin build.",
        )
    if manifest.seal != manifest.checksum():
        raise _damaged(path, "its content differs from its seal")
    return manifest


def check_files(folder: Path, manifest: Manifest, *, checksums: bool) -> None:
    """Check that every file is there in full length and, if asked, with its checksum.

    Raises:
        IndexDamaged: a file is not as the manifest says; it is named.
    """
    for entry in manifest.files:
        path = folder / entry.name
        if not path.is_file():
            raise _damaged(path, "it is missing")
        if path.stat().st_size != entry.bytes:
            raise _damaged(path, f"it has {path.stat().st_size:,} bytes instead of {entry.bytes:,}")
    if checksums:
        with ThreadPoolExecutor() as pool:
            digests = pool.map(lambda entry: _digest(folder / entry.name), manifest.files)
            for entry, digest in zip(manifest.files, digests, strict=True):
                if digest != entry.sha256:
                    raise _damaged(folder / entry.name, "its content differs from the manifest's checksum")


def _digest(path: Path) -> str:
    try:
        return sha256(path)
    except OSError as error:  # a bad sector, or removed just now
        raise _damaged(path, f"it cannot be read ({error.strerror})") from error


def _damaged(path: Path, why: str) -> IndexDamaged:
    return IndexDamaged(
        f"The index file {path} is damaged: {why}.",
        "Run trialkin rollback to serve the version before, or trialkin build --force to make it anew.",
    )
