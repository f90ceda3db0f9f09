"""Arrow files of a version: written once, then mapped rather than loaded."""

from pathlib import Path

import pyarrow as pa


def write_table(path: Path, table: pa.Table) -> None:
    """Write a table."""
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def read_table(path: Path) -> pa.Table:
    """Map a table; its values are read when they are looked at."""
    return pa.ipc.open_file(pa.memory_map(str(path))).read_all()
