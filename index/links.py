"""What a record says about others of the same study: ids that they may share, and ids of others that it names."""
# pyarrow.compute makes its functions when it is imported, where type checkers do not see them:
# pyright: reportAttributeAccessIssue=false

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from .arrow_file import write_table

LINKS = "links.arrow"
_TEXTS = pa.list_(pa.string())
LINK_SCHEMA = pa.schema(
    [
        ("registered", _TEXTS),
        ("numbered", _TEXTS),
        ("listed", _TEXTS),
        ("mentioned", _TEXTS),
    ]
)
"""A row a trial.

``registered``: its ids in other registries. ``numbered``: other ids of its own, which mean something to its sponsor.
``listed``: NCT ids among its ids. ``mentioned``: NCT ids of others in its texts.
"""
LINK_COLUMNS = (
    *("nctId", "nctIdAliases", "orgStudyId", "secondaryIds"),
    *("briefTitle", "officialTitle", "briefSummary", "detailedDescription", "eligibilityCriteria"),
)
"""The columns of a snapshot that links are made from."""

_PROSE = LINK_COLUMNS[4:]
_REGISTRIES = frozenset({"EUDRACT_NUMBER", "CTIS", "REGISTRY"})
_GRANTS = frozenset({"NIH", "FDA", "VA", "CDC", "AHRQ", "SAMHSA", "OTHER_GRANT"})
"""Types of ids of money, which many studies share."""
_GRANT = re.compile(r"\d?[A-Z][A-Z0-9]{2}[ -]?[A-Z]{2}[ -]?\d{5,6}\b.*")
"""A grant of the National Institutes of Health, such as ``P30CA006973``, also where it is not said to be one."""
_NCT = re.compile(r"\bNCT\d{8}\b", re.IGNORECASE)
_SPACING = re.compile(r"[\s_./-]+")
_TELLING = re.compile(r"(?=.*\d).{4,}")
"""An id that is more than a running number of one digit or two, without its spacing."""


def link_table(records: pa.RecordBatch) -> pa.Table:
    """`LINK_SCHEMA` of some rows of a snapshot."""
    naming = np.zeros(records.num_rows, np.bool_)
    for name in _PROSE:
        found = pc.match_substring(records[name], "nct", ignore_case=True)
        naming |= pc.fill_null(found, False).to_numpy(zero_copy_only=False)
    prose: list[Mapping[str, Any]] = [{}] * records.num_rows
    chosen = np.flatnonzero(naming)
    for place, row in zip(chosen, records.select(list(_PROSE)).take(pa.array(chosen)).to_pylist(), strict=True):
        prose[place] = row
    ids = records.select(list(LINK_COLUMNS[:4])).to_pylist()
    return pa.Table.from_pylist([_links(row, texts) for row, texts in zip(ids, prose, strict=True)], schema=LINK_SCHEMA)


def _links(row: Mapping[str, Any], texts: Mapping[str, Any]) -> dict[str, list[str]]:
    own = row["nctId"]
    registered, numbered = set[str](), set[str]()
    listed = set(row["nctIdAliases"] or ())
    for one in ({"id": row["orgStudyId"], "type": None}, *(row["secondaryIds"] or ())):
        text = (one["id"] or "").upper().strip()
        plain = _SPACING.sub("", text)
        if found := _NCT.findall(text):
            listed.update(found)
        elif one["type"] not in _GRANTS and not _GRANT.fullmatch(text) and _TELLING.fullmatch(plain):
            (registered if one["type"] in _REGISTRIES else numbered).add(plain)
    mentioned = {found.upper() for text in texts.values() for found in _NCT.findall(text or "")}
    return {
        "registered": sorted(registered),
        "numbered": sorted(numbered),
        "listed": sorted(listed - {own}),
        "mentioned": sorted(mentioned - listed - {own}),
    }


def write_links(folder: Path, links: Iterable[pa.Table], order: NDArray[np.int64]) -> None:
    """Write the links of a version.

    Args:
        folder: exists.
        links: tables of `LINK_SCHEMA`, together in the snapshot's order.
        order: int64, shape (trials,): positions in the snapshot, in the index's order.
    """
    table = pa.concat_tables([LINK_SCHEMA.empty_table(), *links])
    write_table(folder / LINKS, table.take(pa.array(order)).combine_chunks())


def links_of(table: pa.Table, rows: Sequence[int] | NDArray[np.int32]) -> list[dict[str, list[str]]]:
    """The links of some rows, in their order."""
    return table.take(pa.array(rows, pa.int64())).to_pylist()
