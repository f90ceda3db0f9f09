"""Trials in: read the registry's files, keep a snapshot."""

from .draft import DRAFT_ID, draft_from, draft_of, read_draft
from .importing import ImportCounts, upsert
from .nct_id import is_nct_id, normalise_nct_id
from .read import read_trials
from .records import Part, Read, Rejection
from .snapshot import Snapshot
from .trial import Record, Trial

__all__ = [
    "DRAFT_ID",
    "ImportCounts",
    "Part",
    "Read",
    "Record",
    "Rejection",
    "Snapshot",
    "Trial",
    "draft_from",
    "draft_of",
    "is_nct_id",
    "normalise_nct_id",
    "read_draft",
    "read_trials",
    "upsert",
]
