"""From a snapshot to a published version, offline."""

import shutil
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from itertools import islice
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from .. import __version__
from ..data import Snapshot
from ..data.files import writing_to
from ..data.schema import DIGEST
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
from .background import NO_BACKGROUND, Background
from .derived import KEY
from .derived_cache import DerivedCache
from .dictionary import COLUMNS, Kind, learn, with_acronyms
from .drug_classes import with_class_names
from .drug_concepts import with_drug_names
from .headings import with_headings
from .manifest import (
    FORMAT_VERSION,
    Manifest,
    background_entry,
    check_files,
    chunk_entry,
    model_entry,
    names_entry,
    read_manifest,
    snapshot_entry,
)
from .publishing import publish
from .ranking import DEFAULT_RANKING
from .recognised import words_of
from .section_vectors import Embedding, section_vectors
from .version_files import write_version
from .versions import Versions

_AT_ONCE = 2000
"""Records that are derived and kept at one time."""
_LIBRARIES = ("faiss-cpu", "numpy", "scipy", "pyarrow", "sentence-transformers", "openvino")


class Progress(Protocol):
    """Told what a build is doing."""

    def stage(self, name: str) -> None:
        """A new stage begins."""
        ...

    def trials(self, done: int, total: int) -> None:
        """So many trials of so many have gone through this stage."""
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
    background = _background(settings, encoder, len(snapshot))
    manifest = _manifest(snapshot, encoder, policy, background)
    if not force and (current := _same_inputs(versions, manifest)) is not None:
        versions.prune(settings.keep_versions)
        return BuildReport(current, trials=len(snapshot), unchanged=True)
    with writing_to(versions.root):
        aside = versions.begin()
        try:
            report, sections = _write(aside, snapshot, encoder, policy, background, settings.home, progress)
            progress.stage("sealing")
            manifest.model_copy(update={"sections": sections}).write(aside)
            progress.stage("checking the new version")
            report.version = publish(versions, aside, settings.keep_versions)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return report


def _background(settings: Settings, encoder: Encoder, trials: int) -> Background:
    """What is counted beside so many trials."""
    if not settings.background:
        return NO_BACKGROUND
    return Background.bundled(encoder.model.fingerprint).beside(trials)


def _manifest(snapshot: Snapshot, encoder: Encoder, policy: ChunkPolicy, background: Background) -> Manifest:
    return Manifest(
        format_version=FORMAT_VERSION,
        trialkin=__version__,
        snapshot=snapshot_entry(snapshot),
        model=model_entry(encoder),
        chunks=chunk_entry(policy),
        background=background_entry(background),
        names=names_entry(),
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
    aside: Path,
    snapshot: Snapshot,
    encoder: Encoder,
    policy: ChunkPolicy,
    background: Background,
    home: Path,
    progress: Progress,
) -> tuple[BuildReport, dict[Section, int]]:
    report = BuildReport("", trials=len(snapshot))

    def on_encoded(texts: int, tokens: int) -> None:
        report.texts_encoded += texts
        report.tokens_encoded += tokens
        progress.encoded(texts, tokens)

    progress.stage("reading records")
    order, digests = _in_order(snapshot)
    derived = _derived(snapshot, order, digests, home, progress)
    progress.stage("learning names")
    vocabulary = words_of(derived)
    learnt = learn(snapshot.rows(COLUMNS))
    dictionaries = {kind: with_headings(one, kind, vocabulary) for kind, one in learnt.dictionaries.items()}
    dictionaries[Kind.INTERVENTION] = with_class_names(with_drug_names(dictionaries[Kind.INTERVENTION]))
    dictionaries = {kind: with_acronyms(one, kind, learnt) for kind, one in dictionaries.items()}
    progress.stage("embedding")
    with VectorCache(cache_path(home / "vectors", encoder, policy), encoder.dim) as cache:
        embedding = Embedding(encoder, cache, policy, lambda done: progress.trials(done, len(snapshot)), on_encoded)
        vectors = section_vectors(snapshot, derived, order, embedding)
    progress.stage("writing")
    write_version(aside, snapshot, order, derived, vectors, dictionaries, background)
    sizes = {section: len(rows) for section, (_, rows) in vectors.items()}
    report.sections = sum(sizes.values())
    return report, sizes


def _in_order(snapshot: Snapshot) -> tuple[NDArray[np.int64], pa.Array]:
    """Positions in the snapshot by NCT id, int64, and in that order the digests of the records (`KEY`)."""
    frame = snapshot.frame(["nctId", DIGEST.name])
    order = np.argsort(frame["nctId"].to_numpy().astype("U"))
    return order, pa.array([bytes.fromhex(one) for one in frame[DIGEST.name].iloc[order]], KEY)


def _derived(
    snapshot: Snapshot, order: NDArray[np.int64], digests: pa.Array, home: Path, progress: Progress
) -> pa.Table:
    """What is derived of each record, in the given order; what the cache lacks is worked out, and kept in it."""
    cache = DerivedCache(home / "derived")
    lacking = np.empty(len(order), np.bool_)
    lacking[order] = cache.lacking(digests)
    done = len(order) - int(lacking.sum())
    records = snapshot.chosen(lacking)
    while part := list(islice(records, _AT_ONCE)):
        cache.derive(part)
        done += len(part)
        progress.trials(done, len(order))
    cache.tidy(digests)
    return cache.table(digests)


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
