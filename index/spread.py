"""Mean and covariance of many vectors, and what they tell of any query's similarities."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_LEAST = 0.01
"""Floor of a standard deviation, for indexes of a handful of trials."""
_AT_ONCE = 1 << 14


def mean_with_others(
    mean: NDArray[np.float32], count: int, others: "tuple[Spread, float] | None"
) -> NDArray[np.float32]:
    """The mean, shape (dim,), of so many vectors and of others, if any: their spread, and how many they count as."""
    if others is None:
        return mean
    spread, weight = others
    share = weight / max(count + weight, 1e-9)
    return (mean + share * (spread.mean - mean)).astype(np.float32)


@dataclass(frozen=True)
class Spread:
    """Mean, shape (dim,), and covariance, shape (dim, dim), of vectors: float32."""

    mean: NDArray[np.float32]
    covariance: NDArray[np.float32]

    @classmethod
    def of(cls, vectors: NDArray[np.floating]) -> "Spread":
        """The spread of vectors, shape (n, dim)."""
        dim = vectors.shape[1]
        total, products = np.zeros(dim), np.zeros((dim, dim))
        for start in range(0, len(vectors), _AT_ONCE):
            part = vectors[start : start + _AT_ONCE].astype(np.float32)
            total += part.sum(axis=0, dtype=np.float64)
            products += part.T @ part
        mean = total / max(len(vectors), 1)
        covariance = products / max(len(vectors), 1) - np.outer(mean, mean)
        return cls(mean.astype(np.float32), covariance.astype(np.float32))

    def with_others(self, count: int, others: "tuple[Spread, float] | None") -> "Spread":
        """The spread of so many vectors of this and of others together.

        Args:
            count: vectors that this is the spread of.
            others: the spread of others, and how many they count as; None for none.
        """
        if others is None or others[1] <= 0:
            return self
        spread, weight = others
        share = weight / (count + weight)
        apart = (spread.mean - self.mean).astype(np.float64)
        within = self.covariance + share * (spread.covariance - self.covariance)
        covariance = within + share * (1 - share) * np.outer(apart, apart)
        return Spread(mean_with_others(self.mean, count, others), covariance.astype(np.float32))

    def standing(self, query: NDArray[np.float32]) -> tuple[float, float]:
        """Mean and standard deviation of a query's inner product with all the vectors, without looking at them."""
        variance = float(np.einsum("i,i->", np.einsum("ij,j->i", self.covariance, query), query))
        return float(np.einsum("i,i->", self.mean, query)), max(float(np.sqrt(max(variance, 0.0))), _LEAST)

    def principal(self, count: int) -> NDArray[np.float32]:
        """The directions in which the vectors differ most: orthonormal columns, float32, shape (dim, count)."""
        _, vectors = np.linalg.eigh(self.covariance.astype(np.float64))
        return np.ascontiguousarray(vectors[:, ::-1][:, :count], np.float32)

    def write(self, path: Path) -> None:
        """Write it."""
        np.save(path, np.vstack([self.mean, self.covariance]), allow_pickle=False)

    @classmethod
    def read(cls, path: Path) -> "Spread":
        """Read what `write` wrote."""
        both = np.load(path)
        return cls(both[0], both[1:])
