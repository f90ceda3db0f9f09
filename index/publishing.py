"""A finished build becomes the version that answers, once it has been read back from the disk and asked."""

import math
from pathlib import Path

from ..data.files import disk_refusal, settle
from ..embed import Encoder
from ..errors import IndexDamaged, TrialkinError
from .hits import Hit
from .index import Index
from .manifest import Manifest
from .versions import Versions

_ASKED = 5
"""Trials whose kin are asked for, evenly spread."""
_TOP = 10


def publish(versions: Versions, aside: Path, keep: int) -> str:
    """Publish a sealed folder and remove old versions; returns the new version's name. Hold the home's lock.

    Everything is forced to the disk, read back, checked against the manifest, opened and queried before the pointer
    changes in one step.

    Args:
        versions: where.
        aside: the folder, from `Versions.begin`.
        keep: versions to keep.

    Raises:
        IndexDamaged: it does not answer as it should; the version before goes on.
        StorageError: the disk refuses; likewise.
    """
    settle(aside)
    try:
        check(aside)
    except MemoryError:
        raise
    except Exception as error:
        if (refusal := disk_refusal(error, versions.root)) is not None:
            raise refusal from error
        raise _refused(error, versions) from error
    name = versions.adopt(aside)
    versions.point(name)
    versions.prune(keep)
    return name


def check(folder: Path) -> None:
    """Open a version as a reader does, with every checksum, and ask it for kin.

    Raises:
        IndexDamaged: a file differs from the manifest, or an answer cannot be right.
    """

    def no_encoder(_: Manifest) -> Encoder:
        raise AssertionError("a query by id needs no encoder")

    index = Index(folder, no_encoder)
    ids = index.nct_ids()
    if len(ids) != index.manifest.snapshot.trials:
        raise IndexDamaged(f"It holds {len(ids):,} trials instead of {index.manifest.snapshot.trials:,}.")
    for nct_id in ids[:: max(1, len(ids) // _ASKED)]:
        if index.trial(nct_id).nct_id != nct_id:
            raise IndexDamaged(f"It gives another record for {nct_id}.")
        if (wrong := _wrong_in(nct_id, index.related(nct_id, _TOP))) is not None:
            raise IndexDamaged(f"Asked for the kin of {nct_id}, it lists {wrong}.")


def _wrong_in(nct_id: str, hits: list[Hit]) -> str | None:
    """What cannot be right in an answer, None if nothing. A trial without kin has no hits."""
    found = [hit.nct_id for hit in hits]
    scores = [hit.score for hit in hits]
    if nct_id in found:
        return "the trial itself"
    if len(set(found)) < len(found) or len(found) > _TOP:
        return f"{len(found)} hits, {len(set(found))} of them different"
    if not all(math.isfinite(score) and 0 <= score <= 1 for score in scores):
        return "a score that is not between 0 and 1"
    if scores != sorted(scores, reverse=True):
        return "hits that are not in the order of their scores"
    return None


def _refused(error: Exception, versions: Versions) -> IndexDamaged:
    why = error.what if isinstance(error, TrialkinError) else f"{type(error).__name__}: {error}."
    try:
        before = f"Version {versions.current()} goes on answering."
    except TrialkinError:
        before = "There is no version before it."
    return IndexDamaged(
        f"The new version did not pass its check and is not published: {why} {before}",
        "Run the same command again; if it fails again, check the disk and the memory of this machine.",
    )
