"""Ranked lists in another order, by fields of the records, as the registry's API names them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ..data import Trial
from ..errors import UsageError
from ..index import Hit, Index
from .value_lists import values

RELEVANCE = "@relevance"
_MOST_KEYS = 2
_Value = str | int | None

_FIELDS: Mapping[str, tuple[str, Callable[[Trial], _Value]]] = {
    "NCTId": ("nctId", lambda trial: trial.nct_id),
    "BriefTitle": ("briefTitle", lambda trial: trial.brief_title and trial.brief_title.casefold()),
    "OverallStatus": ("overallStatus", lambda trial: trial.overall_status),
    "EnrollmentCount": ("enrollmentCount", lambda trial: trial.enrollment_count),
    "StartDate": ("startDate", lambda trial: trial.start_date and trial.start_date.date),
    "PrimaryCompletionDate": (
        "primaryCompletionDate",
        lambda trial: trial.primary_completion_date and trial.primary_completion_date.date,
    ),
    "CompletionDate": ("completionDate", lambda trial: trial.completion_date and trial.completion_date.date),
    "StudyFirstPostDate": ("studyFirstPostDate", lambda trial: trial.study_first_post_date),
    "LastUpdatePostDate": ("lastUpdatePostDate", lambda trial: trial.last_update_post_date),
}
"""What can be sorted by: the field of a record, and its value. Dates of any precision compare as texts."""
SORT_NAMES = (RELEVANCE, *_FIELDS)


@dataclass(frozen=True)
class SortKey:
    """One field of `SORT_NAMES` and whether large values come first."""

    name: str
    descending: bool = False


def parse_sort(text: str) -> tuple[SortKey, ...]:
    """Read ``LastUpdatePostDate:desc,@relevance``; none where it is the order of relevance alone.

    Raises:
        UsageError: an unknown field or direction, or too many keys.
    """
    keys = tuple(_key(part) for part in values(text))
    if len(keys) > _MOST_KEYS:
        raise UsageError(f"sort has {len(keys)} keys; {_MOST_KEYS} is the most.", "Leave out the last ones.")
    return () if keys and keys[0].name == RELEVANCE else keys


def in_order(hits: Sequence[Hit], keys: Sequence[SortKey], index: Index) -> list[Hit]:
    """Hits by the keys; those without a value come last, and among equals the better ranked first."""
    fields = sorted({"nctId", *(_FIELDS[key.name][0] for key in keys if key.name != RELEVANCE)})
    trials = index.trials([hit.nct_id for hit in hits], fields)
    pairs = sorted(zip(hits, trials, strict=True), key=lambda pair: pair[0].rank)
    for key in reversed(keys):  # sorting is stable, so the last key comes first
        if key.name != RELEVANCE:
            pairs = _sorted(pairs, key)
    return [hit for hit, _ in pairs]


def _sorted(pairs: list[tuple[Hit, Trial]], key: SortKey) -> list[tuple[Hit, Trial]]:
    value = _FIELDS[key.name][1]
    present = [pair for pair in pairs if value(pair[1]) is not None]
    absent = [pair for pair in pairs if value(pair[1]) is None]
    return sorted(present, key=lambda pair: value(pair[1]), reverse=key.descending) + absent  # pyright: ignore


def _key(part: str) -> SortKey:
    name, _, direction = part.partition(":")
    spelt = {one.lower(): one for one in SORT_NAMES}
    known = spelt.get(name.strip().lower())
    if known is None:
        raise UsageError(f"Lists are not sorted by {name.strip()[:60]!r}.", f"Sort by {', '.join(SORT_NAMES)}.")
    if direction.strip().lower() not in ("", "asc", "desc"):
        raise UsageError(f"{part[:60]!r} is no order.", f"Write {known}:asc or {known}:desc.")
    if known == RELEVANCE and direction:
        raise UsageError(f"{RELEVANCE} has one direction.", "The closest come first.")
    return SortKey(known, direction.strip().lower() == "desc")
