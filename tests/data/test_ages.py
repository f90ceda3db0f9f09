import pytest

from trialkin.data.ages import age_in_years


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("18 Years", 18),
        ("1 Year", 1),
        ("6 Months", 0.5),
        ("2.5 years", 2.5),
        (" 52 Weeks ", 0.9966),
        ("28 Days", 0.07666),
        ("12 Hours", 0.001369),
        ("30 Minutes", 0.000057),
    ],
)
def test_an_age_in_any_unit_is_given_in_years(text, years):
    assert age_in_years(text) == pytest.approx(years, rel=1e-3)


@pytest.mark.parametrize("text", [None, "", "N/A", "18", "Years", "18 Years or so", "-1 Years"])
def test_what_sets_no_limit_is_none(text):
    assert age_in_years(text) is None
