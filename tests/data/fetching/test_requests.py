import pytest

from trialkin.data import upsert
from trialkin.data.fetching import FetchRequest, data_day
from trialkin.errors import InvalidNctId, SnapshotError, UsageError


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"everything": True, "ids": ("NCT1",)},
        {"everything": True, "since": "2026-01-01"},
        {"everything": True, "condition": "asthma"},
        {"ids": ("NCT1",), "statuses": ("RECRUITING",)},
        {"condition": "  "},
        {"term": "\udcff"},
        {"since": "yesterday"},
        {"since": "2026-13-01"},
        {"since": "2026-01-01,MAX]"},
        {"statuses": ("RECRUITING,COMPLETED",)},
        {"statuses": ("",)},
    ],
)
def test_a_request_for_nothing_or_for_what_contradicts_itself_is_refused(asked):
    with pytest.raises(UsageError):
        FetchRequest(**asked)


def test_an_id_that_is_none_is_refused():
    with pytest.raises(InvalidNctId):
        FetchRequest(ids=("NCT00000001", "ISRCTN1"))


def test_ids_are_written_as_the_registry_writes_them_once_each():
    assert FetchRequest(ids=("nct 7", "NCT00000007", "NCT8")).ids == ("NCT00000007", "NCT00000008")


def test_conditions_become_the_parameters_of_a_search():
    request = FetchRequest(
        condition=" immune  thrombocytopenia", intervention="rituximab", term="adult",
        statuses=("recruiting", "Active not_recruiting"), since="2026-02",
    )  # fmt: skip
    assert request.parameters() == {
        "query.cond": "immune thrombocytopenia",
        "query.intr": "rituximab",
        "query.term": "adult",
        "filter.overallStatus": "RECRUITING,ACTIVE_NOT_RECRUITING",
        "filter.advanced": "AREA[LastUpdatePostDate]RANGE[2026-02-01,MAX]",
    }


@pytest.mark.parametrize(
    ("date", "day"), [("2026-03-02", "2026-03-02"), ("2026-03", "2026-03-01"), ("2026", "2026-01-01")]
)
def test_the_day_of_a_snapshot_is_the_first_that_its_newest_date_can_mean(home, make_trial, date, day):
    upsert(home, [make_trial(1, last_update_post_date="2025-12-31"), make_trial(2, last_update_post_date=date)], "two")
    assert data_day(home) == day


def test_without_a_snapshot_or_a_date_nothing_can_have_changed_since(home, make_trial):
    with pytest.raises(SnapshotError, match="There is no snapshot"):
        data_day(home)
    upsert(home, [make_trial(1)], "undated")
    with pytest.raises(SnapshotError, match="No trial of the snapshot says when"):
        data_day(home)
