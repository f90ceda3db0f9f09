"""From a snapshot to a published version, offline."""

import gc
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Protocol

from .. import __version__
from ..data import Snapshot
from ..data.files import writing_to
from ..embed import (
    ChunkPolicy,
    Encoder,
    Section,
    VectorCache,
    cache_path,
    load_encoder,
    policy_of,
)
from ..errors import SnapshotError, TrialkinError
from ..settings import Settings
from .collected import Collected
from .concepts import Thesaurus
from .derived import DerivedCache
from .dictionary import COLUMNS, learn
from .manifest import FORMAT_VERSION, Manifest, check_files, chunk_entry, model_entry, read_manifest, snapshot_entry
from .publishing import publish
from .ranking import DEFAULT_RANKING
from .trial_batch import batches
from .versions import Versions

_LIBRARIES = ("faiss-cpu", "numpy", "scipy", "pyarrow", "sentence-transformers", "openvino")


class Progress(Protocol):
    """Told what a build is doing."""

    def stage(self, name: str) -> None:
        """A new stage begins."""
        ...

    def trials(self, done: int, total: int) -> None:
        """So many trials of so many are embedded."""
        ...

    def encoded(self, texts: int, tokens: int) -> None:
        """So many texts, of so many tokens, were encoded just now."""
        ...


@dataclass
class BuildReport:
    """What a build did; `version` is the published one, unless nothing had changed."""

    version: str
    trials: int = 0
    sections: int = 0
    texts_encoded: int = 0
    tokens_encoded: int = 0
    unchanged: bool = False


def build(settings: Settings, progress: Progress, *, force: bool = False) -> BuildReport:
    """Build an index of the home's snapshot and publish it. Hold the home's lock.

    Texts that were embedded before, even by a build that was interrupted, are not embedded again. The version before
    keeps answering until the new one has been opened, checked and queried.

    Args:
        settings: where, and with which model.
        progress: told what is being done.
        force: build even if the current version was built from the same trials with the same settings.

    Raises:
        SnapshotError, ModelError, StorageError, IndexDamaged: nothing is published, nothing is lost.
    """
    versions = Versions(settings.home / "index")
    versions.clear()
    snapshot = Snapshot.open(settings.home / "snapshot")
    if not len(snapshot):
        raise SnapshotError("The snapshot holds no trials.", "Run trialkin import FILE first.")
    progress.stage("checking the snapshot")
    snapshot.verify()
    progress.stage("loading the model")
    encoder = load_encoder(settings)
    policy = policy_of(settings)
    manifest = _manifest(snapshot, encoder, policy)
    if not force and (current := _same_inputs(versions, manifest)) is not None:
        versions.prune(settings.keep_versions)
        return BuildReport(current, trials=len(snapshot), unchanged=True)
    with writing_to(versions.root):
        aside = versions.begin()
        try:
            report, sections = _write(aside, snapshot, encoder, policy, settings.home, progress)
            progress.stage("sealing")
            manifest.model_copy(update={"sections": sections}).write(aside)
            progress.stage("checking the new version")
            report.version = publish(versions, aside, settings.keep_versions)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return report


def _manifest(snapshot: Snapshot, encoder: Encoder, policy: ChunkPolicy) -> Manifest:
    return Manifest(
        format_version=FORMAT_VERSION,
        trialkin=__version__,
        snapshot=snapshot_entry(snapshot),
        model=model_entry(encoder),
        chunks=chunk_entry(policy),
        sections={},
        ranking=DEFAULT_RANKING.settings(),
        libraries={name: found for name in _LIBRARIES if (found := _installed(name))},
    )


def _same_inputs(versions: Versions, manifest: Manifest) -> str | None:
    """The current version, if it is whole and was made from the same."""
    try:
        name = versions.current()
        present = read_manifest(versions.folder(name))
        check_files(versions.folder(name), present, checksums=True)
    except TrialkinError:
        return None
    return name if present.inputs == manifest.inputs else None


def _write(
    aside: Path, snapshot: Snapshot, encoder: Encoder, policy: ChunkPolicy, home: Path, progress: Progress
) -> tuple[BuildReport, dict[Section, int]]:
    report = BuildReport("", trials=len(snapshot))

    def on_encoded(texts: int, tokens: int) -> None:
        report.texts_encoded += texts
        report.tokens_encoded += tokens
        progress.encoded(texts, tokens)

    progress.stage("learning names")
    collected = Collected({kind: Thesaurus.of(one) for kind, one in learn(snapshot.rows(COLUMNS)).items()})
    progress.stage("embedding")
    with (
        _collecting_no_garbage(),
        DerivedCache(home / "derived") as derived,
        VectorCache(cache_path(home / "vectors", encoder, policy), encoder.dim) as vectors,
    ):
        for batch in batches(snapshot, derived, encoder, vectors, policy, on_encoded):
            collected.add(batch)
            progress.trials(len(collected), len(snapshot))
        derived.clear()
    progress.stage("writing")
    sizes = collected.write(aside, snapshot)
    report.sections = sum(sizes.values())
    return report, sizes


@contextmanager
def _collecting_no_garbage() -> Generator[None]:
    """Let Python look for no cycles meanwhile: millions of small objects stay, and going through them takes long."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
