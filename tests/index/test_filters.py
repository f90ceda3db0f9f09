import numpy as np
import pyarrow as pa
import pytest

from trialkin.errors import UsageError
from trialkin.index import Filters, Near
from trialkin.index.card import CARD_SCHEMA, card
from trialkin.index.filters import FilterTable
from trialkin.index.near import SiteTable


@pytest.fixture
def met(make_trial):
    """Which of some trials, given by their fields, meet the filters: their places."""

    def places(filters, *fields):
        trials = [make_trial(n + 1, **one) for n, one in enumerate(fields)]
        rows = [card(trial) | {"file": 0, "fileRow": n} for n, trial in enumerate(trials)]
        allowed = FilterTable(pa.Table.from_pylist(rows, schema=CARD_SCHEMA), SiteTable.of(trials)).allowed(filters)
        return None if allowed is None else np.flatnonzero(allowed).tolist()

    return places


def test_no_filters_are_falsy_and_meet_everything(met):
    assert not Filters()
    assert met(Filters(), {}) is None


@pytest.mark.parametrize(
    "some",
    [
        {"status": ("COMPLETED",)},
        {"age": 0.0},
        {"has_results": False},
        {"start_from": "2020"},
        {"sex": ("ALL",)},
        {"near": Near(0, 0, 1)},
    ],
)
def test_any_condition_makes_filters_truthy(some):
    assert Filters(**some)


@pytest.mark.parametrize("name", ["overall_status", "study_type"])
def test_a_coded_value_must_be_one_of_those_asked(met, name):
    field = {"overall_status": "status"}.get(name, name)
    values = {"status": ("COMPLETED", "RECRUITING"), "study_type": ("INTERVENTIONAL", "EXPANDED_ACCESS")}[field]
    others = {"status": "UNKNOWN", "study_type": "OBSERVATIONAL"}
    trials = [{name: values[0]}, {name: others[field]}, {name: values[1]}, {name: None}]
    assert met(Filters(**{field: values}), *trials) == [0, 2]
    assert met(Filters(**{field: values[:1]}), *trials) == [0]


def test_the_sponsors_class_is_that_of_the_lead_sponsor(met):
    trials = [
        {"lead_sponsor": {"name": "A", "class": "INDUSTRY"}},
        {"lead_sponsor": {"name": "B", "class": "NIH"}, "collaborators": ({"name": "A", "class": "INDUSTRY"},)},
        {"lead_sponsor": {"name": "C"}},
        {},
    ]
    assert met(Filters(sponsor_class=("INDUSTRY",)), *trials) == [0]


def test_a_trial_of_two_phases_meets_both(met):
    trials = [{"phases": ("PHASE1", "PHASE2")}, {"phases": ("PHASE2",)}, {"phases": ("PHASE3",)}, {}]
    assert met(Filters(phase=("PHASE2",)), *trials) == [0, 1]
    assert met(Filters(phase=("PHASE1",)), *trials) == [0]
    assert met(Filters(phase=("PHASE1", "PHASE3")), *trials) == [0, 2]


def test_a_country_is_that_of_any_site(met):
    trials = [{"countries": ("China", "France")}, {"countries": ("Japan",)}, {}]
    assert met(Filters(country=("France",)), *trials) == [0]
    assert met(Filters(country=("japan", "CHINA")), *trials) == [0, 1]


def test_trials_open_to_all_admit_women_and_men(met):
    trials = [{"sex": "ALL"}, {"sex": "FEMALE"}, {"sex": "MALE"}, {}]
    assert met(Filters(sex=("FEMALE",)), *trials) == [0, 1]
    assert met(Filters(sex=("MALE",)), *trials) == [0, 2]
    assert met(Filters(sex=("ALL",)), *trials) == [0]


@pytest.mark.parametrize(("age", "places"), [(17.9, []), (18, [0]), (65, [0]), (65.99, [0]), (66, [])])
def test_an_upper_age_limit_holds_until_the_next_birthday(met, age, places):
    limits = {
        "minimum_age": "18 Years",
        "minimum_age_years": 18.0,
        "maximum_age": "65 Years",
        "maximum_age_years": 65.0,
    }
    assert met(Filters(age=age), limits) == places


def test_a_missing_age_limit_is_none_where_the_record_says_who_may_join(met):
    trials = [
        {"minimum_age": "18 Years", "minimum_age_years": 18.0},
        {"maximum_age": "17 Years", "maximum_age_years": 17.0},
        {"sex": "ALL"},
        {"eligibility_criteria": "Anyone."},
        {},
    ]
    assert met(Filters(age=40), *trials) == [0, 2, 3]
    assert met(Filters(age=5), *trials) == [1, 2, 3]


@pytest.mark.parametrize("age", [-1, 151, float("nan")])
def test_an_impossible_age_is_refused(age):
    with pytest.raises(UsageError, match="from 0 to 150"):
        Filters(age=age)


STARTS = [{"start_date": {"date": date}} for date in ("2019-12-31", "2020", "2020-06", "2020-12-31", "2021")] + [{}]


@pytest.mark.parametrize(
    ("first", "last", "places"),
    [
        ("2020", None, [1, 2, 3, 4]),
        (None, "2020", [0, 1, 2, 3]),
        ("2020", "2020", [1, 2, 3]),
        ("2020-06", "2020-06", [2]),
        ("2020-06-01", "2020-06-01", [2]),
        ("2020-06-02", "2020-12-30", []),
        ("2020-12-31", "2021-01-01", [3, 4]),
        ("2022", "2019", []),
    ],
)
def test_a_range_of_dates_holds_both_ends_and_coarse_dates_stand_for_their_whole(met, first, last, places):
    assert met(Filters(start_from=first, start_to=last), *STARTS) == places


def test_a_range_may_end_in_any_month_of_any_length(met):
    dates = [{"start_date": {"date": date}} for date in ("2024-02-29", "2024-03-01", "2024-12-31")]
    assert met(Filters(start_to="2024-02"), *dates) == [0]
    assert met(Filters(start_to="2024-12"), *dates) == [0, 1, 2]


def test_completion_and_update_have_ranges_of_their_own(met):
    trials = [
        {"completion_date": {"date": "2020-05"}, "last_update_post_date": "2024-01-01"},
        {"completion_date": {"date": "2024-01-01"}, "last_update_post_date": "2020-05"},
        {"start_date": {"date": "2020-05"}},
    ]
    assert met(Filters(completion_from="2020", completion_to="2020"), *trials) == [0]
    assert met(Filters(updated_from="2020", updated_to="2020"), *trials) == [1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "20",
        "soon",
        "2020-13",
        "2020-02-30",
        "2020-1-",
        "20200101",
        "2020-01-01-01",
        "2020-00",
        "2020-01-00",
        "0000",
    ],
)
def test_what_is_no_date_is_refused(text):
    with pytest.raises(UsageError, match="is not a date"):
        Filters(updated_to=text)


def test_the_end_of_time_is_still_a_date():
    assert Filters(start_to="9999")
    assert Filters(start_to="9999-12")


def test_posted_results_must_be_stated(met):
    trials = [{"has_results": True}, {"has_results": False}, {"has_results": None}]
    assert met(Filters(has_results=True), *trials) == [0]
    assert met(Filters(has_results=False), *trials) == [1]


def test_a_trial_is_near_a_place_if_any_of_its_sites_is(met):
    beijing, shanghai = {"lat": 39.9075, "lon": 116.3972}, {"lat": 31.2222, "lon": 121.4581}
    trials = [{"locations": (shanghai, beijing)}, {"locations": (shanghai,)}, {"locations": ({"city": "Beijing"},)}, {}]
    assert met(Filters(near=Near(39.9, 116.4, 50)), *trials) == [0]
    assert met(Filters(near=Near(31.2, 121.5, 50)), *trials) == [0, 1]
    assert met(Filters(near=Near(39.9, 116.4, 50), status=("COMPLETED",)), *trials) == []


def test_all_conditions_must_be_met_at_once(met):
    trials = [
        {"overall_status": "COMPLETED", "phases": ("PHASE2",)},
        {"overall_status": "COMPLETED", "phases": ("PHASE3",)},
        {"overall_status": "UNKNOWN", "phases": ("PHASE2",)},
    ]
    assert met(Filters(status=("COMPLETED",), phase=("PHASE2",)), *trials) == [0]


@pytest.mark.parametrize("value", ["not_yet_recruiting", "Not yet recruiting", " NOT-YET-RECRUITING "])
def test_values_are_taken_in_any_case_and_spacing(met, value):
    assert met(Filters(status=(value,)), {"overall_status": "NOT_YET_RECRUITING"}) == [0]


@pytest.mark.parametrize("value", ["phase2", "Phase 2", "PHASE_2", "phase-2"])
def test_a_phase_may_be_written_as_people_write_it(met, value):
    assert met(Filters(phase=(value,)), {"phases": ("PHASE2",)}, {"phases": ("PHASE3",)}) == [0]


@pytest.mark.parametrize(
    ("name", "choice"),
    [
        ("status", "RECRUITING"),
        ("phase", "EARLY_PHASE1"),
        ("study_type", "OBSERVATIONAL"),
        ("sponsor_class", "INDUSTRY"),
        ("sex", "FEMALE"),
        ("country", "China"),
    ],
)
def test_an_unknown_value_is_refused_and_the_choices_are_named(met, name, choice):
    with pytest.raises(UsageError, match=rf"'mistyped'.*{choice}"):
        met(Filters(**{name: ("mistyped",)}), {"countries": ("China",)})


def test_a_value_of_the_registry_that_no_trial_has_is_no_mistake(met):
    assert met(Filters(status=("WITHDRAWN",)), {"overall_status": "COMPLETED"}) == []


def test_a_value_that_only_the_index_knows_is_taken(met):
    assert met(Filters(status=("newly invented",)), {"overall_status": "NEWLY_INVENTED"}, {}) == [0]
