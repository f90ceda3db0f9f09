"""The nearest of all trials in one scan, shared by all processors.

FAISS scans the lists of an inverted file side by side, but a flat index by one processor alone. So vectors lie in an
inverted file of which every list is looked at: the answer is exact, and is found in half the time by two processors.
"""

from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

_LISTS = 64
_VECTORS_A_LIST = 512
"""Fewer are scanned sooner than they are shared out."""
_OVER_LISTS = 1
"""FAISS's way to share one query: by its lists (``parallel_mode`` of ``IndexIVF``)."""
_EQUALS = 32
"""Vectors that are looked for beyond the last one wanted: of so many that are as near as it, the first rows are taken,
whichever processor found them first."""


def write_nearest(path: Path, vectors: NDArray[np.float32]) -> None:
    """Write vectors with 8 bits a value, to be searched by inner product.

    Args:
        path: of the file.
        vectors: float32, shape (trials, dim), of one trial at least.
    """
    trials, dim = vectors.shape
    lists = max(1, min(_LISTS, trials // _VECTORS_A_LIST))
    index: Any = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dim), dim, lists, faiss.ScalarQuantizer.QT_8bit, faiss.METRIC_INNER_PRODUCT, False
    )
    index.cp.min_points_per_centroid = 1  # of fewer FAISS complains
    index.train(vectors)
    index.add(vectors)
    faiss.write_index(index, str(path))


class Nearest:
    """The vectors opened for search."""

    def __init__(self, path: Path) -> None:
        self._index: Any = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        self._index.parallel_mode = _OVER_LISTS

    def rows(self, query: NDArray[np.float32], depth: int, allowed: NDArray[np.bool_] | None) -> NDArray[np.int32]:
        """The trials of the highest inner products with a query, the highest first, of equal ones the first rows.

        Args:
            query: float32, shape (dim,).
            depth: how many.
            allowed: bool, shape (trials,): which may be among them; None for all.

        Returns:
            int32, shape (at most depth,).
        """
        selected: dict[str, Any] = {}
        if allowed is not None:
            bits = np.packbits(allowed, bitorder="little")
            selected["sel"] = faiss.IDSelectorBitmap(len(allowed), faiss.swig_ptr(bits))
        # FAISS sets the constructor on import
        parameters = faiss.SearchParametersIVF(nprobe=self._index.nlist, **selected)  # pyright: ignore[reportCallIssue]
        products, found = self._index.search(query[None], min(depth + _EQUALS, self._index.ntotal), params=parameters)
        rows = found[0][found[0] >= 0]
        return rows[np.lexsort((rows, -products[0, : len(rows)]))][:depth].astype(np.int32)
