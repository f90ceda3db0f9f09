"""Sparse rows on disk, one a trial, and their products with a query."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from .warming import mapped, touch


def write_rows(
    folder: Path, name: str, rows: sparse.csr_matrix, others: tuple[float, NDArray[np.float32]] | None = None
) -> None:
    """Write a matrix of one row a trial: float32 values, int32 columns.

    Args:
        folder: exists.
        name: of the files.
        rows: shape (trials, columns).
        others: rows that are counted with them in `SparseRows.spread`: how many they are, and the sums of their values
            and of the squares, shape (2, columns); None for none.
    """
    rows.sort_indices()
    np.save(folder / f"{name}.data.npy", rows.data.astype(np.float32), allow_pickle=False)
    np.save(folder / f"{name}.indices.npy", rows.indices.astype(np.int32), allow_pickle=False)
    np.save(folder / f"{name}.indptr.npy", rows.indptr, allow_pickle=False)
    trials, columns = rows.get_shape()
    totals = np.asarray([np.bincount(rows.indices, values, columns) for values in (rows.data, rows.data**2)])
    if others is not None:
        trials, totals = trials + others[0], totals + others[1]
    moments = (totals / max(trials, 1)).astype(np.float32)
    np.save(folder / f"{name}.moments.npy", moments, allow_pickle=False)


class SparseRows:
    """Rows opened for products; mapped, not loaded."""

    def __init__(self, folder: Path, name: str) -> None:
        self._moments: NDArray[np.float32] = np.load(folder / f"{name}.moments.npy")
        data, indices = (mapped(folder / f"{name}.{part}.npy") for part in ("data", "indices"))
        indptr = np.load(folder / f"{name}.indptr.npy")
        shape = (len(indptr) - 1, self._moments.shape[1])
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
        query = np.zeros(self._moments.shape[1], np.float32)
        query[ids] = weights
        return self._rows[rows] @ query

    def spread(self, ids: NDArray[np.int32], weights: NDArray[np.float32]) -> tuple[float, float]:
        """Mean and standard deviation of a query's product with all rows, and the others that were counted with them.

        The mean is exact; the deviation takes columns as independent, which makes it a little small.
        """
        means = self._moments[0, ids]
        variances = self._moments[1, ids] - means**2
        return float(weights @ means), float(np.sqrt(max(float(weights**2 @ variances), 1e-12)))
