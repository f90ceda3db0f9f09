"""Which trials may answer: exact, decided before anything is searched."""
# pyarrow.compute makes its functions when it is imported, where type checkers do not see them:
# pyright: reportAttributeAccessIssue=false

import calendar
import datetime
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ..errors import UsageError
from .card import age_limits
from .near import Near, SiteTable

_DATE = re.compile(r"(\d{4})(?:-(0?[1-9]|1[0-2])(?:-(0?[1-9]|[12]\d|3[01]))?)?")
_SPACING = re.compile(r"[\s_-]")


@dataclass(frozen=True)
class Filters:
    """Conditions that a trial must meet, all of them; within one, any of the values.

    A trial that does not state a value does not meet a condition on it. Values are the registry's, in any letter case
    and spacing.

    Attributes:
        status: overall status.
        phase: a trial of two phases meets both.
        study_type: INTERVENTIONAL, OBSERVATIONAL, EXPANDED_ACCESS.
        country: of any site.
        sponsor_class: of the lead sponsor.
        sex: FEMALE and MALE also admit trials open to all.
        age: years; met by a trial whose limits admit it. A missing limit is none where the record states who may join.
        start_from, start_to, completion_from, completion_to, updated_from, updated_to: dates (YYYY, YYYY-MM or
            YYYY-MM-DD), both ends included; a coarse date stands for its first day, at the end of a range for its last.
        has_results: whether results are posted.
        near: met by a trial with a site in the circle, as far as its record tells where its sites lie.
    """

    status: tuple[str, ...] = ()
    phase: tuple[str, ...] = ()
    study_type: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    sponsor_class: tuple[str, ...] = ()
    sex: tuple[str, ...] = ()
    age: float | None = None
    start_from: str | None = None
    start_to: str | None = None
    completion_from: str | None = None
    completion_to: str | None = None
    updated_from: str | None = None
    updated_to: str | None = None
    has_results: bool | None = None
    near: Near | None = None

    def __post_init__(self) -> None:
        if self.age is not None and not 0 <= self.age <= 150:
            raise UsageError(f"The age {self.age} is out of range.", "Give years, from 0 to 150.")
        for one in fields(self):
            value = getattr(self, one.name)
            if one.name.endswith(("_from", "_to")) and value is not None:
                _day(value, last=one.name.endswith("_to"))

    def __bool__(self) -> bool:
        return any(getattr(self, one.name) not in ((), None) for one in fields(self))


NO_FILTERS = Filters()
"""Every trial may answer."""


class FilterTable:
    """The columns that filters look at, for all trials of an index."""

    def __init__(self, cards: pa.Table, sites: SiteTable) -> None:
        """Take the cards and the sites of the same trials."""
        self._cards = cards
        self._sites = sites
        self._lists: dict[str, tuple[NDArray[np.int64], pa.Array]] = {}

    def allowed(self, filters: Filters) -> NDArray[np.bool_] | None:
        """The trials that meet the filters: bool, shape (trials,); None if there is nothing to meet.

        Raises:
            UsageError: a value that no trial of the index has and that the registry does not use.
        """
        if not filters:
            return None
        out = np.ones(self._cards.num_rows, np.bool_)
        for met in self._with_values(filters):
            out &= met
        if filters.age is not None:
            low, high = age_limits(self._cards)
            out &= self._bools("statesEligibility") & (low <= filters.age) & (filters.age < high)
        for name, column in (
            ("start", "startDate"),
            ("completion", "completionDate"),
            ("updated", "lastUpdatePostDate"),
        ):
            out &= self._in_range(column, getattr(filters, f"{name}_from"), getattr(filters, f"{name}_to"))
        if filters.has_results is not None:
            out &= pc.fill_null(pc.equal(self._cards["hasResults"], filters.has_results), False).to_numpy()
        if filters.near is not None:
            out &= self._sites.within(filters.near)
        return out

    def _with_values(self, filters: Filters) -> Iterator[NDArray[np.bool_]]:
        for name, column in (
            ("status", "overallStatus"),
            ("study_type", "studyType"),
            ("sponsor_class", "sponsorClass"),
        ):
            if values := getattr(filters, name):
                yield self._any_of(column, values, name)
        for name, column in (("phase", "phases"), ("country", "countries")):
            if values := getattr(filters, name):
                yield self._any_in_list(column, values, name)
        if filters.sex:
            yield self._any_of("sex", (*filters.sex, "ALL"), "sex")

    def _any_of(self, column: str, values: Sequence[str], name: str) -> NDArray[np.bool_]:
        present = self._cards[column]
        wanted = _vocabulary(name, values, lambda: pc.unique(present).drop_null().to_pylist())
        return pc.fill_null(pc.is_in(present, pa.array(wanted, pa.string())), False).to_numpy()

    def _any_in_list(self, column: str, values: Sequence[str], name: str) -> NDArray[np.bool_]:
        if column not in self._lists:
            lists = self._cards[column].combine_chunks()
            parents = pc.list_parent_indices(lists).to_numpy().astype(np.int64)
            self._lists[column] = (parents, pc.list_flatten(lists))
        parents, flat = self._lists[column]
        wanted = _vocabulary(name, values, lambda: pc.unique(flat).drop_null().to_pylist())
        out = np.zeros(self._cards.num_rows, np.bool_)
        out[parents[pc.is_in(flat, pa.array(wanted, pa.string())).to_numpy(zero_copy_only=False)]] = True
        return out

    def _in_range(self, column: str, first: str | None, last: str | None) -> NDArray[np.bool_]:
        out = np.ones(self._cards.num_rows, np.bool_)
        days = self._cards[column]
        if first is not None:
            out &= pc.fill_null(pc.greater_equal(days, _day(first, last=False)), False).to_numpy()
        if last is not None:
            out &= pc.fill_null(pc.less_equal(days, _day(last, last=True)), False).to_numpy()
        return out

    def _bools(self, column: str) -> NDArray[np.bool_]:
        return pc.fill_null(self._cards[column], False).to_numpy()


def _day(text: str, *, last: bool) -> str:
    """One end of a range as a day.

    Raises:
        UsageError: the text is no date.
    """
    match = _DATE.fullmatch(text.strip())
    try:
        if match is None:
            raise ValueError(text)
        year, month, day = (int(part or 0) for part in match.groups())
        month = month or (12 if last else 1)
        day = day or (calendar.monthrange(year, month)[1] if last else 1)
        return datetime.date(year, month, day).isoformat()
    except ValueError:
        raise UsageError(f"{text!r} is not a date.", "Write YYYY, YYYY-MM or YYYY-MM-DD.") from None


_REGISTRY_VALUES: dict[str, tuple[str, ...]] = {
    "status": (
        "ACTIVE_NOT_RECRUITING",
        "COMPLETED",
        "ENROLLING_BY_INVITATION",
        "NOT_YET_RECRUITING",
        "RECRUITING",
        "SUSPENDED",
        "TERMINATED",
        "WITHDRAWN",
        "AVAILABLE",
        "NO_LONGER_AVAILABLE",
        "TEMPORARILY_NOT_AVAILABLE",
        "APPROVED_FOR_MARKETING",
        "WITHHELD",
        "UNKNOWN",
    ),
    "phase": ("NA", "EARLY_PHASE1", "PHASE1", "PHASE2", "PHASE3", "PHASE4"),
    "study_type": ("INTERVENTIONAL", "OBSERVATIONAL", "EXPANDED_ACCESS"),
    "sponsor_class": ("NIH", "FED", "OTHER_GOV", "INDIV", "INDUSTRY", "NETWORK", "AMBIG", "OTHER", "UNKNOWN"),
    "sex": ("ALL", "FEMALE", "MALE"),
    "country": (),
}


def _vocabulary(name: str, values: Sequence[str], present: Callable[[], list[Any]]) -> list[str]:
    """The values in the index's own spelling; one that neither the registry nor the index knows is refused."""
    known = {_plain(name, value): value for value in (*_REGISTRY_VALUES[name], *present())}
    out = []
    for value in values:
        if _plain(name, value) not in known:
            choices = ", ".join(_REGISTRY_VALUES[name]) or "those of the trials' sites, such as China"
            raise UsageError(f"No trial has {name.replace('_', ' ')} {value!r}.", f"Values are {choices}.")
        out.append(known[_plain(name, value)])
    return out


def _plain(name: str, value: str) -> str:
    """A value as it is compared: ``Phase 2`` is ``PHASE2``; countries keep their spaces."""
    return value.strip().casefold() if name == "country" else _SPACING.sub("", value).casefold()
