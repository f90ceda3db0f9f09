"""A section of a comparison, from the items of both trials."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from .comparison import Pair, Relation, Section, Threshold
from .pairing import assigned

T = TypeVar("T")


def section(
    first: Sequence[T],
    second: Sequence[T],
    likeness: Callable[[Sequence[T], Sequence[T]], NDArray[np.float64]],
    least: float,
    pair: Callable[[T, T, float], Pair[T]],
) -> Section[T]:
    """Pair the items of two trials.

    Args:
        first: items of one trial.
        second: of the other.
        likeness: of all with all, shape (first, second), 0 to 1.
        least: likeness below which two items are no pair.
        pair: tells in what two items differ, given their likeness.
    """
    found = assigned(first, second, likeness, least)
    ours, theirs = {i for i, _, _ in found}, {j for _, j, _ in found}
    return Section(
        pairs=tuple(pair(first[i], second[j], value) for i, j, value in found),
        first_only=tuple(one for i, one in enumerate(first) if i not in ours),
        second_only=tuple(one for j, one in enumerate(second) if j not in theirs),
    )


def make_pair(
    first: T, second: T, likeness: float, differing: Sequence[str], thresholds: Sequence[Threshold] = ()
) -> Pair[T]:
    """A pair that is the same where no part differs."""
    return Pair(
        likeness=round(likeness, 4),
        relation=Relation.DIFFERENT if differing else Relation.SAME,
        first=first,
        second=second,
        differing=tuple(differing),
        thresholds=tuple(thresholds),
    )
