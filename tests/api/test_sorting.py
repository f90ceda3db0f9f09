"""Ranked lists in another order."""

import pytest

from trialkin.api.sorting import SORT_NAMES, SortKey, in_order, parse_sort
from trialkin.data.trial import StudyDate
from trialkin.errors import UsageError


class Few:
    """As much of an index as sorting asks."""

    def __init__(self, trials):
        self._trials = {one.nct_id: one for one in trials}

    def trials(self, nct_ids, fields):
        assert "nctId" in fields
        return [self._trials[one] for one in nct_ids]


@pytest.fixture
def order(index, make_trial):
    """The order of some hits, as their ranks, once they are sorted by a text."""

    def of(text, *fields):
        template = index.related("NCT07057778", 1)[0]
        trials = [make_trial(number, **one) for number, one in enumerate(fields, 1)]
        hits = [template.model_copy(update={"rank": n, "nct_id": one.nct_id}) for n, one in enumerate(trials, 1)]
        return [hit.rank for hit in in_order(list(reversed(hits)), parse_sort(text), Few(trials))]

    return of


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("", ()),
        ("@relevance", ()),
        ("@relevance,StartDate", ()),
        ("StartDate", (SortKey("StartDate"),)),
        ("lastupdatepostdate:DESC", (SortKey("LastUpdatePostDate", True),)),
        ("StartDate:asc | EnrollmentCount:desc", (SortKey("StartDate"), SortKey("EnrollmentCount", True))),
        ("StartDate,@relevance", (SortKey("StartDate"), SortKey("@relevance"))),
    ],
)
def test_a_sort_is_read_as_the_registry_writes_it(text, keys):
    assert parse_sort(text) == keys


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Colour", "not sorted by 'Colour'"),
        ("StartDate:up", "'StartDate:up' is no order"),
        ("@relevance:asc", "one direction"),
        ("StartDate,NCTId,BriefTitle", "3 keys; 2 is the most"),
    ],
)
def test_a_sort_that_means_nothing_is_refused(text, reason):
    with pytest.raises(UsageError) as refused:
        parse_sort(text)
    assert reason in refused.value.what
    assert refused.value.hint


def test_both_directions_put_trials_without_the_value_last_and_keep_the_rank_of_equals(order):
    counts = [{"enrollment_count": 5}, {}, {"enrollment_count": 9}, {"enrollment_count": 5}, {"enrollment_count": 0}]
    assert order("EnrollmentCount:asc", *counts) == [5, 1, 4, 3, 2]
    assert order("EnrollmentCount:desc", *counts) == [3, 1, 4, 5, 2]


def test_the_second_key_decides_among_equals_of_the_first(order):
    trials = [
        {"overall_status": "RECRUITING", "enrollment_count": 1},
        {"overall_status": "COMPLETED", "enrollment_count": 2},
        {"overall_status": "RECRUITING", "enrollment_count": 3},
    ]
    assert order("OverallStatus,EnrollmentCount:desc", *trials) == [2, 3, 1]


def test_dates_of_any_precision_are_sorted_in_time(order):
    dates = ["2021", "2020-12-31", "2021-02", "2021-01-15"]
    assert order("StartDate", *({"start_date": StudyDate(date=one)} for one in dates)) == [2, 1, 4, 3]
    assert order("LastUpdatePostDate:desc", *({"last_update_post_date": one} for one in dates)) == [3, 4, 1, 2]


@pytest.mark.parametrize("name", SORT_NAMES)
def test_every_name_sorts_what_the_index_finds_without_losing_a_hit(index, name):
    hits = index.related("NCT07057778", 50)
    found = in_order(hits, [SortKey(name)], index)
    assert sorted(hit.rank for hit in found) == [hit.rank for hit in hits]
