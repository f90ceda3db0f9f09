"""What reading a file gives, record by record: a trial, a part of one, or why there is none."""

from dataclasses import dataclass

from ..errors import ReadError
from .study_json import study_nct_id, trial_from_study
from .trial import Trial


@dataclass(frozen=True)
class Part:
    """A trial from a source that cannot carry all of its fields, such as a download of some columns.

    Attributes:
        trial: what the source says.
        fields: the fields of `Trial` that the source can carry, in Python's names. Where one of these is empty, the
            trial has none; of all others nothing is known.
    """

    trial: Trial
    fields: frozenset[str]


@dataclass(frozen=True)
class Rejection:
    """A record that could not be read: where it stands, whose it is if known, and why."""

    file: str
    position: str
    nct_id: str | None
    reason: str


Read = Trial | Part | Rejection


def read_study(study: object, file: str, position: str, fields: frozenset[str] | None = None) -> Read:
    """A study object, as `trial_from_study` takes it, as a record.

    Args:
        study: any value; what is no study is rejected.
        file: where it was found, for a rejection's report.
        position: in the file, likewise.
        fields: what the source can carry, where that is not everything.
    """
    try:
        trial = trial_from_study(study)
    except ReadError as error:
        return Rejection(file, position, study_nct_id(study), str(error))
    return trial if fields is None else Part(trial, fields)
