"""One-to-one pairs of two lists, the likest together."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

T = TypeVar("T")
_ORDER = 1e-6
"""What a like place in both lists adds, to decide between items that are alike."""


def assigned(
    first: Sequence[T],
    second: Sequence[T],
    likeness: Callable[[Sequence[T], Sequence[T]], NDArray[np.float64]],
    least: float,
) -> list[tuple[int, int, float]]:
    """The pairs that make the sum of their likenesses greatest.

    Args:
        first: items of one trial.
        second: of the other.
        likeness: of all with all, shape (first, second), 0 to 1.
        least: pairs that are less like than this are no pairs.

    Returns:
        place in `first`, place in `second` and likeness, in the order of `first`. With the lists exchanged the pairs
        are the same.
    """
    if not first or not second:
        return []
    if _key(second) < _key(first):  # always the same way round, so that equals are decided alike
        return sorted((one, other, value) for other, one, value in assigned(second, first, likeness, least))
    values = likeness(first, second)
    enough = values >= least
    places = np.abs(
        np.arange(len(first))[:, None] / max(len(first), 2) - np.arange(len(second))[None] / max(len(second), 2)
    )
    from scipy.optimize import linear_sum_assignment  # takes long to load, and few commands need it

    rows, columns = linear_sum_assignment(np.where(enough, values + _ORDER * (1 - places), 0.0), maximize=True)
    return [
        (int(one), int(other), float(values[one, other]))
        for one, other in zip(rows, columns, strict=True)
        if enough[one, other]
    ]


def _key(items: Sequence[object]) -> tuple[int, list[str]]:
    return len(items), [repr(one) for one in items]
