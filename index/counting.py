"""A background counted from a version of the index."""

from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from ..embed import Section
from ..errors import UsageError
from .background import PROFILE, Background, WordCounts
from .channels import DENSE, LEXICAL
from .lexical_files import STATISTICS, VOCABULARY
from .manifest import read_manifest
from .spread import Spread
from .traits import TRAITS_FILE, trait_counts


def counted(version: Path, least: int = 3) -> Background:
    """The background that the trials of a version make.

    Args:
        version: folder of a version that was itself built beside none.
        least: trials that use a term at least, for it to be counted; a collection with rarer ones counts them itself.

    Raises:
        UsageError: the version was built beside a background.
        IndexDamaged: its manifest is.
    """
    manifest = read_manifest(version)
    if manifest.background is not None and manifest.background.trials:
        raise UsageError(
            f"The version {version.name} was itself built beside a background.",
            "Build it anew with TRIALKIN_BACKGROUND=false.",
        )
    trials = manifest.snapshot.trials
    spreads: dict[str, tuple[Spread, float]] = {
        str(section): (_spread(version, section), manifest.sections[section])
        for section in Section
        if section in manifest.sections
    }
    spreads[PROFILE] = _spread(version, PROFILE), trials
    traits = trait_counts(np.load(version / TRAITS_FILE))
    return Background(trials, _words(version / LEXICAL, least), traits, spreads)


def _spread(version: Path, name: str) -> Spread:
    return Spread.read(version / DENSE / f"{name}.spread.npy")


def _words(folder: Path, least: int) -> WordCounts:
    vocabulary: list[str] = list(orjson.loads((folder / VOCABULARY).read_bytes()))
    used = np.diff(np.load(folder / "indptr.npy"))
    kept = np.flatnonzero(used >= least)
    with np.load(folder / STATISTICS) as statistics:
        idf, length = statistics["idf"], float(statistics["length"])
    terms = np.repeat(np.arange(len(vocabulary)), used)
    saturated = _sums(terms, np.load(folder / "data.npy", mmap_mode="r") / idf[terms], len(vocabulary))
    topic = _sums(np.load(folder / "topic.indices.npy"), np.load(folder / "topic.data.npy"), len(vocabulary))
    places = {vocabulary[row]: place for place, row in enumerate(kept.tolist())}
    return WordCounts(places, used[kept].astype(np.float32), saturated[:, kept], topic[:, kept], length)


def _sums(columns: NDArray[np.integer], values: NDArray[np.float32], count: int) -> NDArray[np.float32]:
    """The sums of the values of each column, and of their squares: float32, shape (2, count)."""
    wide = values.astype(np.float64)
    return np.asarray([np.bincount(columns, one, count) for one in (wide, wide**2)], np.float32)
