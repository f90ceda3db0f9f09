"""What a record says about others of the same study: ids that they may share, and ids of others that it names."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ..data import Trial
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
_REGISTRIES = frozenset({"EUDRACT_NUMBER", "CTIS", "REGISTRY"})
_GRANTS = frozenset({"NIH", "FDA", "VA", "CDC", "AHRQ", "SAMHSA", "OTHER_GRANT"})
"""Types of ids of money, which many studies share."""
_GRANT = re.compile(r"\d?[A-Z][A-Z0-9]{2}[ -]?[A-Z]{2}[ -]?\d{5,6}\b.*")
"""A grant of the National Institutes of Health, such as ``P30CA006973``, also where it is not said to be one."""
_NCT = re.compile(r"\bNCT\d{8}\b", re.IGNORECASE)
_SPACING = re.compile(r"[\s_./-]+")
_TELLING = re.compile(r"(?=.*\d).{4,}")
"""An id that is more than a running number of one digit or two, without its spacing."""


def links(trial: Trial) -> dict[str, list[str]]:
    """What a record says of others of the same study: a row of `LINK_SCHEMA`."""
    registered, numbered = set[str](), set[str]()
    listed = set(trial.nct_id_aliases)
    for id_, kind in ((trial.org_study_id or "", None), *((one.id, one.type) for one in trial.secondary_ids)):
        text = id_.upper().strip()
        plain = _SPACING.sub("", text)
        if found := _NCT.findall(text):
            listed.update(found)
        elif kind not in _GRANTS and not _GRANT.fullmatch(text) and _TELLING.fullmatch(plain):
            (registered if kind in _REGISTRIES else numbered).add(plain)
    mentioned = {found.upper() for text in _prose(trial) for found in _NCT.findall(text or "")}
    return {
        "registered": sorted(registered),
        "numbered": sorted(numbered),
        "listed": sorted(listed - {trial.nct_id}),
        "mentioned": sorted(mentioned - listed - {trial.nct_id}),
    }


def _prose(trial: Trial) -> tuple[str | None, ...]:
    titles = (trial.brief_title, trial.official_title)
    return (*titles, trial.brief_summary, trial.detailed_description, trial.eligibility_criteria)


def write_links(folder: Path, table: pa.Table) -> None:
    """Write the links of a version: a table of `LINK_SCHEMA`, in the index's order."""
    write_table(folder / LINKS, table)


def links_of(table: pa.Table, rows: Sequence[int] | NDArray[np.int32]) -> list[dict[str, list[str]]]:
    """The links of some rows, in their order."""
    return table.take(pa.array(rows, pa.int64())).to_pylist()
