"""The dense channel: the vectors of each section in FAISS, read back exactly."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from ..embed import Section
from .background import NO_BACKGROUND, Background
from .spread import Spread
from .warming import touch

_AT_ONCE = 1 << 14


def write_section(
    folder: Path,
    section: Section,
    vectors: NDArray[np.float16],
    rows: NDArray[np.int32],
    background: Background = NO_BACKGROUND,
) -> None:
    """Write one section's files.

    Args:
        folder: exists.
        section: names the files.
        vectors: float16, shape (n, dim), unit length.
        rows: int32, shape (n,), ascending: the trial that each vector belongs to.
        background: what is counted beside these trials.
    """
    index = faiss.IndexScalarQuantizer(vectors.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    for start in range(0, len(vectors), _AT_ONCE):
        index.add(vectors[start : start + _AT_ONCE].astype(np.float32))
    faiss.write_index(index, str(folder / f"{section}.faiss"))
    np.save(folder / f"{section}.rows.npy", rows, allow_pickle=False)
    spread = Spread.of(vectors).with_others(len(vectors), background.spread(section))
    spread.write(folder / f"{section}.spread.npy")


class DenseSection:
    """One section opened for comparison.

    Attributes:
        spread: of its vectors.
    """

    def __init__(self, folder: Path, section: Section, trials: int) -> None:
        self._index: Any = faiss.read_index(str(folder / f"{section}.faiss"), faiss.IO_FLAG_MMAP_IFC)
        rows: NDArray[np.int32] = np.load(folder / f"{section}.rows.npy")
        self.spread = Spread.read(folder / f"{section}.spread.npy")
        self._position = np.full(trials, -1, np.int32)
        self._position[rows] = np.arange(len(rows), dtype=np.int32)
        codes = faiss.rev_swig_ptr(self._index.codes.data(), self._index.ntotal * self._index.code_size)
        self._vectors: NDArray[np.float16] = codes.view(np.float16).reshape(self._index.ntotal, -1)

    def warm(self) -> None:
        """Bring the vectors into memory."""
        touch(self._vectors)

    def vector(self, row: int) -> NDArray[np.float32] | None:
        """A trial's vector, or None if it lacks the section: float32, shape (dim,)."""
        position = self._position[row]
        return None if position < 0 else self._vectors[position].astype(np.float32)

    def similarities(self, queries: NDArray[np.float32], rows: NDArray[np.int32]) -> NDArray[np.float32]:
        """Cosines of unit vectors, shape (queries, dim), with some trials: float32, shape (queries, rows).

        NaN for a trial that lacks the section. Each is summed in one fixed order, so it is the same to the last bit
        whichever trials it is asked with; and by this thread alone, for BLAS makes so small a product wait for others.
        """
        out = np.full((len(queries), len(rows)), np.nan, np.float32)
        positions = self._position[rows]
        has = np.flatnonzero(positions >= 0)
        for start in range(0, len(has), _AT_ONCE):
            part = has[start : start + _AT_ONCE]
            vectors = self._vectors[positions[part]].astype(np.float32)
            out[:, part] = np.einsum("ij,kj->ki", vectors, queries)
        return out


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
