"""Files that are mapped, not loaded, and brought into memory before the first query needs them."""

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

_PAGE = 4096


def mapped(path: Path) -> NDArray[Any]:
    """An array of a NumPy file, mapped: a plain array, for slices of ``numpy.memmap`` take several times as long."""
    return np.asarray(np.load(path, mmap_mode="r"))


def touch(array: NDArray[Any]) -> None:
    """Read one byte of every page of an array, so that no query waits for the system to map it."""
    if array.size and array.flags.c_contiguous:
        array.reshape(-1).view(np.uint8)[::_PAGE].max()


def touch_table(table: pa.Table) -> None:
    """The same for the columns of a mapped table."""
    for column in table.columns:
        for chunk in column.chunks:
            for buffer in chunk.buffers():
                if buffer is not None:
                    touch(np.frombuffer(buffer, np.uint8))
