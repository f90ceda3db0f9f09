"""Several values in one parameter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.api.value_lists import value_list, values

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\\"), min_size=1).map(str.strip)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" , |", []),
        ("RECRUITING", ["RECRUITING"]),
        ("RECRUITING, COMPLETED|UNKNOWN", ["RECRUITING", "COMPLETED", "UNKNOWN"]),
        (r"China,Korea\, Republic of", ["China", "Korea, Republic of"]),
        (r"a\|b|c", ["a|b", "c"]),
    ],
)
def test_commas_and_bars_part_values_unless_they_are_escaped(text, expected):
    assert values(text) == expected


@given(st.lists(TEXTS.filter(bool)))
def test_values_survive_the_way_through_a_list(given_values):
    assert values(value_list(given_values)) == given_values
