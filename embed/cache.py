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

    def matrix(self, keys: Sequence[bytes]) -> tuple[NDArray[np.float16], NDArray[np.bool_]]:
        """The vectors of distinct keys, for keys that are most of all: the whole file is read, in its order.

        Returns:
            float16, shape (keys, dim), 0 where a key is not there; and which are: bool, shape (keys,).
        """
        vectors = np.zeros((len(keys), self._bytes // 2), np.float16)
        there = np.zeros(len(keys), np.bool_)
        places = {key: place for place, key in enumerate(keys)}
        for key, blob in self.every():
            if len(blob) == self._bytes and (place := places.get(key)) is not None:
                vectors[place] = np.frombuffer(blob, np.float16)
                there[place] = True
        return vectors, there

    def put(self, vectors: Iterable[tuple[bytes, NDArray[np.float16]]]) -> None:
        """Add vectors and commit them together."""
        self.put_blobs((key, vector.tobytes()) for key, vector in vectors)
