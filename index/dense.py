"""The dense channel: one FAISS index a section, searched with a filter and read back exactly."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from ..embed import Section

_LEAST_SPREAD = 0.01
"""Floor of a section's standard deviation, for indexes of a handful of trials."""


def write_section(folder: Path, section: Section, vectors: NDArray[np.float16], rows: NDArray[np.int32]) -> None:
    """Write one section's files.

    Args:
        folder: exists.
        section: names the files.
        vectors: float16, shape (n, dim), unit length.
        rows: int32, shape (n,), ascending: the trial that each vector belongs to.
    """
    dim = vectors.shape[1]
    index = faiss.IndexScalarQuantizer(dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    total, products = np.zeros(dim), np.zeros((dim, dim))
    for start in range(0, len(vectors), 1 << 14):
        part = vectors[start : start + (1 << 14)].astype(np.float64)
        index.add(part.astype(np.float32))
        total += part.sum(axis=0)
        products += part.T @ part
    mean = total / len(vectors)
    covariance = products / len(vectors) - np.outer(mean, mean)
    faiss.write_index(index, str(folder / f"{section}.faiss"))
    np.save(folder / f"{section}.rows.npy", rows, allow_pickle=False)
    np.save(folder / f"{section}.spread.npy", np.vstack([mean, covariance]).astype(np.float32), allow_pickle=False)


@dataclass(frozen=True)
class Found:
    """What one search of a section found.

    Attributes:
        rows: int32: trials, nearest first.
        floor: no trial that was not found is nearer than this; None where all that are allowed were found.
    """

    rows: NDArray[np.int32]
    floor: float | None


class DenseSection:
    """One section opened for search."""

    def __init__(self, folder: Path, section: Section, trials: int) -> None:
        self._index: Any = faiss.read_index(str(folder / f"{section}.faiss"), faiss.IO_FLAG_MMAP_IFC)
        self._rows: NDArray[np.int32] = np.load(folder / f"{section}.rows.npy")
        spread = np.load(folder / f"{section}.spread.npy")
        self._mean, self._covariance = spread[0], spread[1:]
        self._position = np.full(trials, -1, np.int32)
        self._position[self._rows] = np.arange(len(self._rows), dtype=np.int32)
        size = self._index.ntotal * self._index.code_size
        codes = faiss.rev_swig_ptr(self._index.codes.data(), size)
        self._vectors: NDArray[np.float16] = codes.view(np.float16).reshape(self._index.ntotal, -1)

    def vector(self, row: int) -> NDArray[np.float32] | None:
        """A trial's vector, or None if it lacks the section: float32, shape (dim,)."""
        position = self._position[row]
        return None if position < 0 else self._vectors[position].astype(np.float32)

    def search(self, query: NDArray[np.float32], depth: int, allowed: NDArray[np.bool_] | None) -> Found:
        """The trials nearest to a unit vector, among those allowed: bool, shape (trials,)."""
        parameters: Any = None
        if allowed is not None:
            bits = np.packbits(allowed[self._rows], bitorder="little")
            selector = faiss.IDSelectorBitmap(len(self._rows), faiss.swig_ptr(bits))
            parameters = faiss.SearchParameters(sel=selector)  # pyright: ignore[reportCallIssue] - set by FAISS on import
        depth = min(depth, len(self._rows))
        similarities, positions = self._index.search(query[None], depth, params=parameters)
        hit = positions[0] >= 0
        full = bool(hit.all()) and depth < len(self._rows)
        return Found(self._rows[positions[0][hit]], float(similarities[0][-1]) if full else None)

    def similarities(self, query: NDArray[np.float32], rows: NDArray[np.int32]) -> NDArray[np.float32]:
        """Cosines with the given trials: float32, shape (rows,), NaN for a trial that lacks the section.

        Each is summed in one fixed order, so it is the same to the last bit whichever trials it is asked with.
        """
        positions = self._position[rows]
        out = np.full(len(rows), np.nan, np.float32)
        has = np.flatnonzero(positions >= 0)
        for start in range(0, len(has), 1 << 14):
            part = has[start : start + (1 << 14)]
            vectors = self._vectors[positions[part]].astype(np.float32)
            out[part] = np.einsum("ij,j->i", vectors, query)
        return out

    def spread(self, query: NDArray[np.float32]) -> tuple[float, float]:
        """Mean and standard deviation of the query's cosine with every trial that has the section.

        Exact, from the vectors' mean and covariance, without looking at the vectors.
        """
        variance = float(query @ self._covariance @ query)
        return float(query @ self._mean), max(np.sqrt(max(variance, 0.0)), _LEAST_SPREAD)


class Dense(Mapping[Section, DenseSection]):
    """The sections that an index holds."""

    def __init__(self, folder: Path, sections: list[Section], trials: int) -> None:
        self._sections = {section: DenseSection(folder, section, trials) for section in sections}

    def __getitem__(self, section: Section) -> DenseSection:
        return self._sections[section]

    def __iter__(self) -> Iterator[Section]:
        return iter(self._sections)

    def __len__(self) -> int:
        return len(self._sections)
