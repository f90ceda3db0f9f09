"""The vector cache: what has been embedded once is never embedded again."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..data.blobs import BlobCache


class VectorCache(BlobCache):
    """Vectors by hash of their text, in one file a model, precision and chunk policy."""

    def __init__(self, path: Path, dim: int) -> None:
        """Open the cache of vectors of `dim` values.

        Raises:
            StorageError: the disk refuses, or the file is damaged.
        """
        super().__init__(path, "vectors", "vector")
        self._bytes = 2 * dim

    def get(self, keys: Sequence[bytes]) -> dict[bytes, NDArray[np.float16]]:
        """The vectors that are there, float16, shape (dim,), by key."""
        return {key: np.frombuffer(blob, np.float16) for key, blob in self.blobs(keys) if len(blob) == self._bytes}

    def put(self, vectors: Iterable[tuple[bytes, NDArray[np.float16]]]) -> None:
        """Add vectors and commit them together."""
        self.put_blobs((key, vector.tobytes()) for key, vector in vectors)
