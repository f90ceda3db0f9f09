"""A trial in one vector: what finds the candidates, before sections are compared one by one.

A profile is the mean of the vectors of title, summary and description, each from the centre of its section, so that
what all summaries have in common says nothing. Profiles lie in FAISS with 8 bits a value: whole, to be compared, and in
their principal directions alone, to be searched, which takes a third of the time.

Some trials are near to everything ("Study of ... in healthy volunteers") and would turn up in every list. How crowded a
trial's neighbourhood is, is measured at build against a sample of all trials, and counts a little against it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from ..embed import Section
from .background import NO_BACKGROUND, PROFILE, Background
from .nearest import Nearest, write_nearest
from .spread import Spread, mean_with_others

PARTS: dict[Section, float] = {Section.TITLE: 1.0, Section.SUMMARY: 1.0, Section.DESCRIPTION: 0.5}
"""What a profile is made of; a trial that has none of them is profiled by what it has."""
_SAMPLE = 10_000
"""Trials that crowding is measured against."""
_NEIGHBOURS = 5
_AT_ONCE = 1 << 13
_DIRECTIONS = 128
"""Directions in which profiles are searched."""
_SEARCHED, _PRINCIPAL = "searched.faiss", "principal.npy"
_INDEX, _CENTRES, _CROWDING, _SPREAD = "profile.faiss", "centres.npy", "crowding.npy", "profile.spread.npy"


class Centres:
    """The mean vector of each section, from which profiles are measured."""

    def __init__(self, means: Mapping[Section, NDArray[np.float32]]) -> None:
        self._means = dict(means)

    def profile(self, vectors: Mapping[Section, NDArray[np.float32]]) -> NDArray[np.float32] | None:
        """The unit profile of a trial's section vectors: float32, shape (dim,); None if it has no section."""
        known = {section: vector for section, vector in vectors.items() if section in self._means}
        weights = {section: weight for section, weight in PARTS.items() if section in known} or dict.fromkeys(
            known, 1.0
        )
        if not weights:
            return None
        return _unit(np.sum([(known[s] - self._means[s]) * np.float32(w) for s, w in weights.items()], axis=0))

    def of_text(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """The unit profile of a text's vector, taken as a summary."""
        return _unit(vector - self._means.get(Section.SUMMARY, np.zeros_like(vector)))


def write_profiles(
    folder: Path,
    sections: Mapping[Section, tuple[NDArray[np.float16], NDArray[np.int32]]],
    trials: int,
    background: Background = NO_BACKGROUND,
) -> None:
    """Write the profiles of all trials.

    Args:
        folder: exists.
        sections: vectors, float16, shape (n, dim), and the rows of their trials, int32, shape (n,), a section.
        trials: how many there are.
        background: what is counted beside them.
    """
    dim = next(iter(sections.values()))[0].shape[1] if sections else 1
    means = {
        section: mean_with_others(vectors.mean(axis=0, dtype=np.float32), len(vectors), background.spread(section))
        for section, (vectors, _) in sections.items()
    }
    profiles = np.zeros((trials, dim), np.float32)
    for section, weight in PARTS.items():
        if section in sections:
            _add(profiles, sections[section], means[section], weight)
    lacking = np.logical_not(profiles.any(axis=1))
    for section, part in sections.items():
        if section not in PARTS and lacking.any():
            chosen = lacking[part[1]]
            _add(profiles, (part[0][chosen], part[1][chosen]), means[section], 1.0)
    profiles /= np.maximum(np.linalg.norm(profiles, axis=1, keepdims=True), 1e-9)
    spread = Spread.of(profiles).with_others(trials, background.spread(PROFILE))
    spread.write(folder / _SPREAD)
    directions = spread.principal(min(_DIRECTIONS, dim))
    np.save(folder / _PRINCIPAL, directions, allow_pickle=False)
    searched = profiles @ directions
    index = faiss.IndexScalarQuantizer(dim, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT)
    index.train(profiles)
    index.add(profiles)
    faiss.write_index(index, str(folder / _INDEX))
    write_nearest(folder / _SEARCHED, searched)
    names = list(means)
    np.save(folder / _CENTRES, np.stack([means[name] for name in names]) if names else np.zeros((0, dim), np.float32))
    np.save(folder / _CROWDING, _crowding(searched), allow_pickle=False)


def _add(
    profiles: NDArray[np.float32],
    part: tuple[NDArray[np.float16], NDArray[np.int32]],
    mean: NDArray[np.float32],
    weight: float,
) -> None:
    vectors, rows = part
    for start in range(0, len(rows), _AT_ONCE):
        chosen = slice(start, start + _AT_ONCE)
        profiles[rows[chosen]] += (vectors[chosen].astype(np.float32) - mean) * np.float32(weight)


def _crowding(profiles: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean likeness to the nearest of a sample of the others, as a standard score: float32, shape (trials,).

    Args:
        profiles: in their principal directions, float32, shape (trials, directions).
    """
    trials = len(profiles)
    sample = np.unique(np.linspace(0, trials - 1, min(_SAMPLE, trials)).astype(np.int64))
    nearest = min(_NEIGHBOURS, len(sample) - 1)
    if nearest < 1:
        return np.zeros(trials, np.float32)
    out = np.empty(trials, np.float32)
    for start in range(0, trials, _AT_ONCE):
        part = profiles[start : start + _AT_ONCE]
        cosines, found = faiss.knn(part, profiles[sample], nearest + 1, metric=faiss.METRIC_INNER_PRODUCT)
        own = sample[found] == np.arange(start, start + len(part))[:, None]
        own[np.logical_not(own.any(axis=1)), -1] = (
            True  # a trial is no neighbour of its own; else the last is one too many
        )
        out[start : start + _AT_ONCE] = cosines[np.logical_not(own)].reshape(len(part), nearest).mean(axis=1)
    standing = ((out - out.mean()) / max(float(out.std()), 1e-6)).astype(np.float32)
    standing[np.logical_not(profiles.any(axis=1))] = 0  # without a text nothing is near, and that is no merit
    return standing


class Profiles:
    """The profiles opened for search.

    The 8 bits of a value are read back here, as FAISS does it, but all that are wanted at once, which is faster.

    Attributes:
        centres: to profile what is not in the index.
        spread: of all profiles.
        crowding: of each trial, as a standard score: float32, shape (trials,).
    """

    def __init__(self, folder: Path, sections: list[Section]) -> None:
        self._index: Any = faiss.read_index(str(folder / _INDEX), faiss.IO_FLAG_MMAP_IFC)
        self._searched = Nearest(folder / _SEARCHED)
        codes = faiss.rev_swig_ptr(self._index.codes.data(), self._index.ntotal * self._index.code_size)
        self._codes: NDArray[np.uint8] = codes.reshape(self._index.ntotal, -1)
        edge, width = faiss.vector_to_array(self._index.sq.trained).reshape(2, -1)
        self._step: NDArray[np.float32] = (width / 255).astype(np.float32)
        self._lowest: NDArray[np.float32] = (edge + width / 510).astype(np.float32)
        self._directions: NDArray[np.float32] = np.load(folder / _PRINCIPAL)
        self.centres = Centres(dict(zip(sections, np.load(folder / _CENTRES), strict=True)))
        self.spread = Spread.read(folder / _SPREAD)
        self.crowding: NDArray[np.float32] = np.load(folder / _CROWDING)

    def nearest(self, profile: NDArray[np.float32], depth: int, allowed: NDArray[np.bool_] | None) -> NDArray[np.int32]:
        """The trials nearest to a unit profile in the principal directions, nearest first.

        Args:
            profile: float32, shape (dim,).
            depth: how many.
            allowed: bool, shape (trials,): which may be among them; None for all.
        """
        return self._searched.rows(np.einsum("ji,j->i", self._directions, profile), depth, allowed)

    def similarities(self, profiles: NDArray[np.float32], rows: NDArray[np.int32]) -> NDArray[np.float32]:
        """Cosines of unit profiles, shape (profiles, dim), with some trials': float32, shape (profiles, rows)."""
        of_lowest = np.einsum("j,kj->k", self._lowest, profiles)[:, None]
        return np.einsum("ij,kj->ki", self._codes[rows].astype(np.float32), profiles * self._step) + of_lowest

    def vectors(self, rows: NDArray[np.int32]) -> NDArray[np.float32]:
        """The profiles of some trials: float32, shape (rows, dim)."""
        return self._codes[rows] * self._step + self._lowest


def _unit(vector: NDArray[np.float32]) -> NDArray[np.float32]:
    return (vector / max(float(np.linalg.norm(vector)), 1e-9)).astype(np.float32)
