"""Addresses of pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.datastructures import QueryParams

from trialkin.api.site.address import Address
from trialkin.errors import UsageError

KNOWN = ("q", "filter.overallStatus", "filter.country", "pageSize")


def address(query):
    return Address.of("/", QueryParams(query), KNOWN)


def test_an_address_keeps_what_the_page_knows_in_the_page_s_order():
    asked = address("filter.country=China&utm_source=mail&q=gout&pageSize=")
    assert str(asked) == "/?q=gout&filter.country=China"


def test_a_misspelt_filter_is_refused_by_name():
    with pytest.raises(UsageError, match=r"filter\.overalStatus"):
        address("q=gout&filter.overalStatus=COMPLETED")


def test_a_parameter_that_is_given_twice_is_refused():
    with pytest.raises(UsageError, match="twice"):
        address("q=gout&q=flu")


def test_changes_set_replace_and_take_away():
    asked = address("q=gout&pageSize=40")
    assert str(asked.changed(pageSize=60)) == "/?q=gout&pageSize=60"
    assert str(asked.changed(pageSize=None)) == "/?q=gout"
    assert str(asked.changed("/api/v1/search", pageSize=1000)) == "/api/v1/search?q=gout&pageSize=1000"
    assert str(asked) == "/?q=gout&pageSize=40"


def test_a_value_is_added_beside_others_and_taken_away_in_any_letter_case():
    one = address("q=gout").toggled("filter.overallStatus", "RECRUITING")
    two = one.toggled("filter.overallStatus", "COMPLETED")
    assert two.values("filter.overallStatus") == ["RECRUITING", "COMPLETED"]
    assert str(two.toggled("filter.overallStatus", "recruiting")) == "/?q=gout&filter.overallStatus=COMPLETED"
    assert str(one.toggled("filter.overallStatus", "RECRUITING")) == "/?q=gout"


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(lambda text: text.strip()))
def test_any_text_survives_the_way_through_an_address(text):
    asked = Address("/", {"q": text})
    assert address(str(asked).partition("?")[2]) == asked
