"""From a snapshot to a published version, offline."""

import shutil
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from .. import __version__
from ..data import Snapshot
from ..data.files import writing_to
from ..embed import (
    ChunkPolicy,
    Encoder,
    Section,
    VectorCache,
    cache_path,
    embed_texts,
    load_encoder,
    policy_of,
    section_texts,
)
from ..errors import IndexDamaged, SnapshotError, TrialkinError
from ..settings import Settings
from .batching import in_batches
from .dense import write_section
from .index import DENSE, LEXICAL, Index
from .lexical import LexicalWriter
from .manifest import FORMAT_VERSION, Manifest, check_files, chunk_entry, model_entry, read_manifest, snapshot_entry
from .ranking import ranking_settings
from .store import CARD_SCHEMA, card, write_store
from .terms import weighted_terms
from .traits import traits, write_traits
from .versions import Versions

_AT_ONCE = 2000
"""Trials whose texts are in memory at one time."""
_LIBRARIES = ("faiss-cpu", "bm25s", "numpy", "pyarrow", "sentence-transformers", "openvino")


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
    snapshot = Snapshot.open(settings.home / "snapshot")
    if not len(snapshot):
        raise SnapshotError("The snapshot holds no trials.", "Run trialkin import FILE first.")
    progress.stage("checking the snapshot")
    snapshot.verify()
    progress.stage("loading the model")
    encoder = load_encoder(settings)
    policy = policy_of(settings)
    manifest = _manifest(snapshot, encoder, policy)
    versions = Versions(settings.home / "index")
    if not force and (current := _same_inputs(versions, manifest)) is not None:
        return BuildReport(current, trials=len(snapshot), unchanged=True)
    with writing_to(versions.root):
        aside = versions.begin()
        try:
            report, sections = _write(aside, snapshot, encoder, policy, settings.home / "vectors", progress)
            progress.stage("sealing")
            manifest.model_copy(update={"sections": sections}).write(aside)
            progress.stage("checking the new version")
            _smoke_test(aside)
            report.version = versions.adopt(aside)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        versions.point(report.version)
        versions.prune(settings.keep_versions)
    return report


def _manifest(snapshot: Snapshot, encoder: Encoder, policy: ChunkPolicy) -> Manifest:
    return Manifest(
        format_version=FORMAT_VERSION,
        trialkin=__version__,
        snapshot=snapshot_entry(snapshot),
        model=model_entry(encoder),
        chunks=chunk_entry(policy),
        sections={},
        ranking=ranking_settings(),
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


@dataclass
class _SectionRows:
    """One section's vectors as they come, and the snapshot positions of their trials."""

    vectors: list[NDArray[np.float16]] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)


def _write(
    aside: Path, snapshot: Snapshot, encoder: Encoder, policy: ChunkPolicy, vectors: Path, progress: Progress
) -> tuple[BuildReport, dict[Section, int]]:
    report = BuildReport("", trials=len(snapshot))
    words = LexicalWriter()
    found = {section: _SectionRows() for section in Section}
    cards: list[pa.Table] = []
    ids: list[str] = []
    seen_traits: list[tuple[int, int, int]] = []

    def on_encoded(texts: int, tokens: int) -> None:
        report.texts_encoded += texts
        report.tokens_encoded += tokens
        progress.encoded(texts, tokens)

    progress.stage("embedding")
    with VectorCache(cache_path(vectors, encoder, policy), encoder.dim) as cache:
        for trials in in_batches(snapshot.trials(), _AT_ONCE):
            texts = [
                (len(ids) + n, section, text)
                for n, one in enumerate(trials)
                for section, text in section_texts(one).items()
            ]
            embedded = embed_texts([text for _, _, text in texts], encoder, cache, policy, on_encoded)
            for (position, section, _), vector in zip(texts, embedded, strict=True):
                found[section].vectors.append(vector)
                found[section].positions.append(position)
            for one in trials:
                words.add(weighted_terms(one))
            cards.append(pa.Table.from_pylist([card(one) for one in trials], schema=_CARD_FIELDS))
            ids += [one.nct_id for one in trials]
            seen_traits += [traits(one) for one in trials]
            progress.trials(len(ids), len(snapshot))
    progress.stage("writing")
    order = np.argsort(np.asarray(ids))
    row_of = np.empty(len(ids), np.int32)
    row_of[order] = np.arange(len(ids), dtype=np.int32)
    (aside / DENSE).mkdir()
    sizes: dict[Section, int] = {}
    for section, one in found.items():
        if one.positions:
            rows = row_of[one.positions]
            ascending = np.argsort(rows)
            write_section(aside / DENSE, section, np.stack(one.vectors)[ascending], rows[ascending])
            sizes[section] = len(rows)
            one.vectors.clear()
    words.write(aside / LEXICAL, order)
    write_traits(aside, np.asarray(seen_traits, np.uint8)[order])
    write_store(aside, snapshot, cards, order)
    report.sections = sum(sizes.values())
    return report, sizes


_CARD_FIELDS = pa.schema([one for one in CARD_SCHEMA if one.name not in ("file", "fileRow")])


def _smoke_test(folder: Path) -> None:
    """Open the version as a reader does and ask it for kin; whatever fails here must not be published."""

    def no_encoder(_: Manifest) -> Encoder:
        raise AssertionError("a query by id needs no encoder")

    index = Index(folder, no_encoder)
    for nct_id in (index.nct_ids()[0], index.nct_ids()[-1]):
        hits = index.related(nct_id, top=5)
        if len(hits) != min(5, len(index) - 1) or index.trial(nct_id).nct_id != nct_id:
            raise IndexDamaged(f"The new version does not answer for {nct_id}; it is not published.", "Build again.")


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
