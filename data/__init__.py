"""Trials in: read the registry's files, keep a snapshot."""

from .draft import DRAFT_ID, draft_from, draft_of, read_draft
from .importing import ImportCounts, upsert
from .nct_id import is_nct_id, normalise_nct_id
from .read import Rejection, read_trials
from .snapshot import Snapshot
from .trial import Record, Trial

__all__ = [
    "DRAFT_ID",
    "ImportCounts",
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
