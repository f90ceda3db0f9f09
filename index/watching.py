"""What entered and left trials' related lists from one version of the index to another."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import pyarrow as pa

from ..data import Record, normalise_nct_id
from ..errors import TrialkinError, UnknownTrial, UsageError
from .batching import in_batches
from .card import CARD_SCHEMA, card
from .filters import NO_FILTERS, Filters, FilterTable
from .hits import Hit
from .index import Index
from .manifest import Manifest
from .near import SiteTable

DEEPEST = 200
"""Down to this rank is told where a trial stands in the list that it is not in."""
_AT_ONCE = 64
"""Trials whose lists are in memory at one time."""
_Ranks = dict[str, dict[str, int]]
"""Ranks by the trial whose list it is, then by the trial in it."""


class Cause(StrEnum):
    """Why a trial entered a list (the first four), or left it.

    A trial is new or gone where the other version does not hold it. A list is new or gone where the other version does
    not hold the trial whose list it is. Filters are the cause where the record met them in one version only.
    """

    NEW_TRIAL = "NEW_TRIAL"
    MOVED_UP = "MOVED_UP"
    MEETS_FILTERS = "MEETS_FILTERS"
    NEW_LIST = "NEW_LIST"
    GONE_TRIAL = "GONE_TRIAL"
    MOVED_DOWN = "MOVED_DOWN"
    FAILS_FILTERS = "FAILS_FILTERS"
    GONE_LIST = "GONE_LIST"


class Held(StrEnum):
    """Which of the two versions hold the trial whose list it is."""

    BOTH = "BOTH"
    AFTER = "AFTER"
    BEFORE = "BEFORE"


class Move(Record):
    """A trial that entered a list or left it.

    Attributes:
        score: in the list that it is in: the one after of those that entered, the one before of those that left.
        rank_before, rank_after: None where it is not among the first `DEEPEST`, or nothing so far down is close.
    """

    nct_id: str
    title: str
    cause: Cause
    rank_before: int | None
    rank_after: int | None
    score: float


class Change(Record):
    """How one trial's related list changed.

    Attributes:
        nct_id: the trial.
        held: in both versions, or only in one of them; then its list is all new, or all gone.
        entered: in the order of the list after.
        left: in the order of the list before.
        stayed: how many trials are in both lists.
    """

    nct_id: str
    held: Held
    entered: tuple[Move, ...]
    left: tuple[Move, ...]
    stayed: int

    @property
    def changed(self) -> bool:
        """Whether any trial entered or left."""
        return bool(self.entered or self.left)


def watch(
    before: Index, after: Index, nct_ids: Iterable[str], top: int = 10, filters: Filters = NO_FILTERS
) -> Iterator[Change]:
    """Compare the related lists of trials in two versions, in the order given, those without a change, too.

    Every id is checked before the first list is compared.

    Args:
        before: one version.
        after: another, built with the same model.
        nct_ids: in any spelling; an id given twice is answered once.
        top: length of the lists.
        filters: conditions that every trial of the lists meets.

    Raises:
        UnknownTrial: a trial that neither version holds.
        UsageError: `top` is below 1, or a filter's value is known to neither version.
        TrialkinError: the versions cannot be compared.
    """
    check_comparable(before, after)
    ids = list(dict.fromkeys(map(normalise_nct_id, nct_ids)))
    for one in ids:
        if one not in before and one not in after:
            raise UnknownTrial(
                f"{one} is neither in version {before.version} nor in version {after.version}.",
                "Check the number, or import the record and build again.",
            )
    if top < 1:
        raise UsageError(f"The number of hits is {top}.", "Ask for at least 1.")
    earlier, later = _versions(before, after, top, filters)
    return (change for part in in_batches(ids, _AT_ONCE) for change in _compare(earlier, later, part))


def check_comparable(before: Index, after: Index) -> None:
    """Check that two versions were built alike, so that what differs between their lists is the trials' doing.

    Raises:
        TrialkinError: their model, vectors, chunks or backgrounds differ; says which.
    """
    one, other = before.manifest, after.manifest
    for what, value, other_value in (
        ("model", one.model.name, other.model.name),
        ("model's files", one.model.fingerprint[:12], other.model.fingerprint[:12]),
        ("vectors", one.model.variant, other.model.variant),
        ("chunks", tuple(vars(one.chunks).values()), tuple(vars(other.chunks).values())),
        ("background", _background(one), _background(other)),
    ):
        if value != other_value:
            raise TrialkinError(
                f"Versions {before.version} and {after.version} were not built alike, so their lists cannot be "
                f"compared: the {what} changed from {value} to {other_value}.",
                "Compare versions that were built with the same settings.",
            )


def _background(manifest: Manifest) -> str:
    return "none" if manifest.background is None else manifest.background.fingerprint[:12]


@dataclass(frozen=True)
class _Version:
    """One side of a comparison.

    Attributes:
        refused: the filters hold a value that no trial of this version has, such as a country that is new.
        met: whether trials that were looked up meet the filters.
    """

    index: Index
    top: int
    filters: Filters
    refused: bool
    met: dict[str, bool] = field(default_factory=dict)

    def lists(self, nct_ids: Iterable[str], top: int) -> dict[str, list[Hit]]:
        """The list of every trial that this version holds."""
        held = [one for one in nct_ids if one in self.index]
        if self.refused:
            return {one: [] for one in held}
        return dict(self.index.related_many(held, top, self.filters, explain=False))

    def ranks(self, nct_ids: Iterable[str]) -> _Ranks:
        """Where trials stand in the lists of some trials, further down than was asked for."""
        deep = self.lists(nct_ids, max(self.top, DEEPEST))
        return {query: {hit.nct_id: hit.rank for hit in hits} for query, hits in deep.items()}

    def meets(self, nct_id: str) -> bool:
        """Whether a trial of this version meets the filters."""
        if nct_id not in self.met:
            trial = self.index.trial(nct_id)
            table = pa.Table.from_pylist([card(trial)], schema=CARD_SCHEMA)
            try:
                allowed = FilterTable(table, SiteTable.of([trial])).allowed(self.filters)
            except UsageError:  # a country of none of its sites
                allowed = np.zeros(1, np.bool_)
            self.met[nct_id] = allowed is None or bool(allowed[0])
        return self.met[nct_id]


def _versions(before: Index, after: Index, top: int, filters: Filters) -> tuple[_Version, _Version]:
    refusals = [_refusal(index, filters) for index in (before, after)]
    if refusals[0] is not None and refusals[1] is not None:
        raise refusals[1]
    return (
        _Version(before, top, filters, refusals[0] is not None),
        _Version(after, top, filters, refusals[1] is not None),
    )


def _refusal(index: Index, filters: Filters) -> UsageError | None:
    try:
        index.related(index.nct_ids()[0], 1, filters, explain=False)
    except UsageError as error:
        return error
    return None


def _compare(before: _Version, after: _Version, nct_ids: list[str]) -> list[Change]:
    old, new = before.lists(nct_ids, before.top), after.lists(nct_ids, after.top)
    both = [one for one in nct_ids if one in old and one in new]
    was = before.ranks(one for one in both if any(hit.nct_id in before.index for hit in _beyond(new[one], old[one])))
    now = after.ranks(one for one in both if any(hit.nct_id in after.index for hit in _beyond(old[one], new[one])))
    changes = []
    for one in nct_ids:
        listed_before, listed = old.get(one, []), new.get(one, [])
        held = Held.BOTH if one in old and one in new else Held.AFTER if one in new else Held.BEFORE
        entered = [_entry(hit, held, before, was.get(one, {})) for hit in _beyond(listed, listed_before)]
        left = [_exit(hit, held, after, now.get(one, {})) for hit in _beyond(listed_before, listed)]
        stayed = len(listed) - len(entered)
        changes.append(Change(nct_id=one, held=held, entered=tuple(entered), left=tuple(left), stayed=stayed))
    return changes


def _beyond(hits: list[Hit], others: list[Hit]) -> list[Hit]:
    """The hits that are not among the others."""
    names = {hit.nct_id for hit in others}
    return [hit for hit in hits if hit.nct_id not in names]


def _entry(hit: Hit, held: Held, before: _Version, ranks: Mapping[str, int]) -> Move:
    rank = ranks.get(hit.nct_id)
    if hit.nct_id not in before.index:
        cause = Cause.NEW_TRIAL
    elif held is Held.AFTER:
        cause = Cause.NEW_LIST
    else:
        cause = Cause.MOVED_UP if rank is not None or before.meets(hit.nct_id) else Cause.MEETS_FILTERS
    return _move(hit, cause, rank_before=rank, rank_after=hit.rank)


def _exit(hit: Hit, held: Held, after: _Version, ranks: Mapping[str, int]) -> Move:
    rank = ranks.get(hit.nct_id)
    if hit.nct_id not in after.index:
        cause = Cause.GONE_TRIAL
    elif held is Held.BEFORE:
        cause = Cause.GONE_LIST
    else:
        cause = Cause.MOVED_DOWN if rank is not None or after.meets(hit.nct_id) else Cause.FAILS_FILTERS
    return _move(hit, cause, rank_before=hit.rank, rank_after=rank)


def _move(hit: Hit, cause: Cause, *, rank_before: int | None, rank_after: int | None) -> Move:
    return Move(
        nct_id=hit.nct_id,
        title=hit.title,
        cause=cause,
        rank_before=rank_before,
        rank_after=rank_after,
        score=hit.score,
    )
