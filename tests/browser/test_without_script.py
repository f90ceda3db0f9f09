"""Everything works where no script runs."""

import re

import pytest
from playwright.sync_api import expect

SEED = "NCT07057778"
WORDS = "steroid-resistant ITP, anti-CD20"
FOUND = f"/?q={WORDS.replace(' ', '+')}"


@pytest.fixture
def open_plain(open_page):
    """Open a page in a browser that runs no script."""

    def of(path="/", **context):
        return open_page(path, java_script_enabled=False, **context)

    return of


def test_words_a_number_and_a_protocol_are_searched_for(open_plain, protocol):
    page = open_plain()
    page.locator("#q").fill(WORDS)
    page.get_by_role("button", name="Search").click()
    expect(page.locator("#hits > li")).to_have_count(20)
    page.locator("#q").fill(protocol)
    page.get_by_role("button", name="Search").first.click()
    expect(page.locator("#hits > li")).to_have_count(20)
    assert "q=" not in page.url
    page.locator("#q").fill(SEED)
    page.get_by_role("button", name="Search").first.click()
    page.wait_for_url(f"**/trials/{SEED}")


def test_lists_are_narrowed_and_grow(open_plain, hit_ids):
    page = open_plain(FOUND)
    first = hit_ids(page)
    page.get_by_role("link", name="Load more").click()
    expect(page.locator("#hits > li")).to_have_count(40)
    assert hit_ids(page)[:20] == first
    page.get_by_role("link", name=re.compile(r"^Only Recruiting,")).click()
    expect(page.get_by_role("list", name="Chosen filters")).to_contain_text("Recruiting")
    assert set(page.locator("#hits .badge").all_inner_texts()) == {"Recruiting"}
    page.get_by_role("link", name=re.compile("^Remove filter")).click()
    expect(page.get_by_role("list", name="Chosen filters")).to_have_count(0)
    assert hit_ids(page) == first


def test_the_list_of_a_protocol_is_narrowed_and_grows(open_plain, protocol, hit_ids):
    page = open_plain()
    page.locator("#q").fill(protocol)
    page.get_by_role("button", name="Search").click()
    first = hit_ids(page)
    page.get_by_role("button", name="Load more").click()
    expect(page.locator("#hits > li")).to_have_count(40)
    assert hit_ids(page)[:20] == first
    page.get_by_role("button", name=re.compile(r"^Only Recruiting,")).click()
    expect(page.get_by_role("list", name="Chosen filters")).to_contain_text("Recruiting")
    assert set(page.locator("#hits .badge").all_inner_texts()) == {"Recruiting"}


def test_sliders_take_effect_with_a_button(open_plain, hit_ids):
    page = open_plain(f"/trials/{SEED}")
    before = hit_ids(page, "#more-hits")
    page.get_by_role("slider", name="Intervention").press("Home")
    page.get_by_role("button", name="Apply").click()
    page.wait_for_url("**weights=intervention=0")
    assert hit_ids(page, "#more-hits") != before


def test_records_comparisons_and_maps_are_all_there(open_plain):
    page = open_plain(f"/trials/{SEED}")
    expect(page.locator("h1")).to_contain_text("Iguratimod")
    page.get_by_role("link", name=re.compile("^Compare with")).first.click()
    expect(page.locator("table.compare").first).to_be_visible()
    page = open_plain(f"/map?nctId={SEED}")
    page.locator("svg.map a.dot:not(.star)").first.click()
    page.wait_for_url("**/trials/NCT*")


def test_on_a_narrow_screen_the_filters_are_within_reach(open_plain):
    page = open_plain(FOUND, viewport={"width": 375, "height": 800})
    expect(page.get_by_role("link", name=re.compile(r"^Only Recruiting,"))).to_be_visible()
