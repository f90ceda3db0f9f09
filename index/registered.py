"""How near in time two trials were registered: trials of one time try the same generation of treatments.

The registry hands out its numbers in rising order, so that the order of the ids is that of registration, known of every
record; dates are not.
"""

import numpy as np
from numpy.typing import NDArray

_NEAREST = 0.001
"""Share of all trials within which one is as near as another: those of some days."""


def nearness(row: int, rows: NDArray[np.int32], trials: int) -> NDArray[np.float64]:
    """How near some trials were registered to one, in standard deviations above the average: shape (rows,).

    Of all others some share was registered at least as near to it in order. For a trial drawn at random that share is
    uniform from 0 to 1, and minus its logarithm has mean 1 and deviation 1: so to be near counts more the nearer it is,
    and to be far little whatever the distance.

    Args:
        row: of the one trial. Rows are in the order of the ids.
        rows: int32, of the others.
        trials: in the index.
    """
    distance = np.abs(rows.astype(np.int64) - row)
    nearer = np.minimum(distance, row) + np.minimum(distance, trials - 1 - row)
    return -np.log(np.maximum(nearer / max(trials - 1, 1), _least(trials))) - 1


def nearest(trials: int) -> float:
    """What `nearness` is at most, of so many trials."""
    return max(-float(np.log(_least(trials))) - 1, 0.0)


def _least(trials: int) -> float:
    return max(_NEAREST, 1 / max(trials - 1, 1))
