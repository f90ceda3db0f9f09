"""How rare something is among trials: what few have tells more of one than what many have."""

import numpy as np
from numpy.typing import NDArray


def rarity(frequencies: NDArray[np.number], trials: float) -> NDArray[np.float32]:
    """Inverse document frequency as in BM25, Lucene's variant, which is never below 0.

    Args:
        frequencies: trials that have each thing, any shape.
        trials: of all.

    Returns:
        float32, the shape of the frequencies.
    """
    return np.log1p((trials - frequencies + 0.5) / (frequencies + 0.5)).astype(np.float32)
