"""Sparse rows on disk, one a trial, and their products with a query."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from .warming import mapped, touch


def write_rows(folder: Path, name: str, rows: sparse.csr_matrix) -> None:
    """Write a matrix of one row a trial: float32 values, int32 columns."""
    rows.sort_indices()
    np.save(folder / f"{name}.data.npy", rows.data.astype(np.float32), allow_pickle=False)
    np.save(folder / f"{name}.indices.npy", rows.indices.astype(np.int32), allow_pickle=False)
    np.save(folder / f"{name}.indptr.npy", rows.indptr, allow_pickle=False)
    columns = rows.shape[1] if rows.shape else 0
    totals = [np.bincount(rows.indices, values, columns) for values in (rows.data, rows.data**2)]
    np.save(folder / f"{name}.totals.npy", np.asarray(totals, np.float32), allow_pickle=False)


class SparseRows:
    """Rows opened for products; mapped, not loaded."""

    def __init__(self, folder: Path, name: str) -> None:
        self._totals: NDArray[np.float32] = np.load(folder / f"{name}.totals.npy")
        data, indices = (mapped(folder / f"{name}.{part}.npy") for part in ("data", "indices"))
        indptr = np.load(folder / f"{name}.indptr.npy")
        shape = (len(indptr) - 1, self._totals.shape[1])
        self._data: NDArray[np.float32] = data
        self._indices: NDArray[np.int32] = indices
        self._rows = sparse.csr_matrix((data, indices, indptr), shape=shape, copy=False)

    def warm(self) -> None:
        """Bring the rows into memory."""
        touch(self._data)
        touch(self._indices)

    def row(self, row: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Columns and values of a row."""
        start, end = self._rows.indptr[row : row + 2]
        return self._indices[start:end], self._data[start:end]

    def products(
        self, ids: NDArray[np.int32], weights: NDArray[np.float32], rows: NDArray[np.int32]
    ) -> NDArray[np.float32]:
        """Inner products of some rows with a sparse query: float32, shape (rows,)."""
        query = np.zeros(self._totals.shape[1], np.float32)
        query[ids] = weights
        return self._rows[rows] @ query

    def spread(self, ids: NDArray[np.int32], weights: NDArray[np.float32]) -> tuple[float, float]:
        """Mean and standard deviation of a query's product with all rows.

        The mean is exact; the deviation takes columns as independent, which makes it a little small.
        """
        trials = len(self._rows.indptr) - 1
        means = self._totals[0, ids] / trials
        variances = self._totals[1, ids] / trials - means**2
        return float(weights @ means), float(np.sqrt(max(float(weights**2 @ variances), 1e-12)))
