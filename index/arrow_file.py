"""Arrow files of a version: written once, then mapped rather than loaded."""
# pyarrow.compute makes its functions when it is imported, where type checkers do not see them:
# pyright: reportAttributeAccessIssue=false

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray


def write_table(path: Path, table: pa.Table, codec: pa.Codec | None = None) -> None:
    """Write a table, compressed by a codec if one is given: then it is small, but no longer read by mapping alone."""
    options = pa.ipc.IpcWriteOptions(compression=codec)
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema, options=options) as writer:
        writer.write_table(table)


def read_table(path: Path) -> pa.Table:
    """Map a table; its values are read when they are looked at."""
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()


def lists(column: pa.ChunkedArray) -> tuple[NDArray[np.int64], pa.Array]:
    """A column of lists as one array of all values, and where each row's begin there: int64, shape (rows + 1,)."""
    whole = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    starts = np.concatenate(([0], np.cumsum(pc.fill_null(pc.list_value_length(whole), 0).to_numpy(), dtype=np.int64)))
    return starts, whole.flatten()
