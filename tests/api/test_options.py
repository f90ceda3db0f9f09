from dataclasses import replace

import pytest

from trialkin.api.options import date_range, make_filters
from trialkin.errors import UsageError
from trialkin.index import Filters, Near

NOTHING = dict.fromkeys(
    (
        "status",
        "phase",
        "study_type",
        "country",
        "sponsor_class",
        "sex",
        "age",
        "start",
        "completion",
        "updated",
        "has_results",
        "near",
    )
)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        (None, (None, None)),
        ("2020..2022-06", ("2020", "2022-06")),
        ("2020-01-15..", ("2020-01-15", None)),
        ("..2021", (None, "2021")),
        ("2021", ("2021", "2021")),
        (" 2020 .. 2021 ", ("2020", "2021")),
    ],
)
def test_a_range_of_dates_has_two_ends_and_either_may_be_open(text, ends):
    assert date_range(text) == ends


@pytest.mark.parametrize("text", ["..", " .. "])
def test_a_range_without_ends_is_refused_with_an_example(text):
    with pytest.raises(UsageError, match=r"no range of dates.*FROM\.\.TO"):
        date_range(text)


def test_no_options_are_no_filters():
    assert make_filters(**NOTHING) == Filters()


@pytest.mark.parametrize(
    ("option", "value", "filters"),
    [
        ("status", ["RECRUITING", "COMPLETED"], Filters(status=("RECRUITING", "COMPLETED"))),
        ("phase", ["PHASE2"], Filters(phase=("PHASE2",))),
        ("study_type", ["OBSERVATIONAL"], Filters(study_type=("OBSERVATIONAL",))),
        ("country", ["China"], Filters(country=("China",))),
        ("sponsor_class", ["NIH"], Filters(sponsor_class=("NIH",))),
        ("sex", "FEMALE", Filters(sex=("FEMALE",))),
        ("age", 0.5, Filters(age=0.5)),
        ("start", "2020..2021", Filters(start_from="2020", start_to="2021")),
        ("completion", "2020..", Filters(completion_from="2020")),
        ("updated", "..2021", Filters(updated_to="2021")),
        ("has_results", False, Filters(has_results=False)),
        ("near", "39.9,116.4,50km", Filters(near=Near(39.9, 116.4, 50))),
    ],
)
def test_each_option_becomes_its_own_filter_and_no_other(option, value, filters):
    assert make_filters(**NOTHING | {option: value}) == filters


def test_options_add_up():
    both = make_filters(**NOTHING | {"sex": "MALE", "age": 40})
    assert both == replace(Filters(sex=("MALE",)), age=40)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("start", "soon"),
        ("completion", "2020..2021-13"),
        ("updated", "20..21"),
        ("age", -1),
        ("age", 151),
        ("near", "nowhere"),
    ],
)
def test_a_value_out_of_its_range_is_refused_and_named(option, value):
    with pytest.raises(UsageError) as refused:
        make_filters(**NOTHING | {option: value})
    assert str(value).rpartition("..")[2] in refused.value.what or str(value).partition("..")[0] in refused.value.what
    assert refused.value.hint
