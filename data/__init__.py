"""Trials in: read the registry's files, keep a snapshot."""

from .importing import ImportCounts, upsert
from .nct_id import is_nct_id, normalise_nct_id
from .read import Rejection, read_trials
from .snapshot import Snapshot
from .trial import Record, Trial

__all__ = [
    "ImportCounts",
    "Record",
    "Rejection",
    "Snapshot",
    "Trial",
    "is_nct_id",
    "normalise_nct_id",
    "read_trials",
    "upsert",
]
