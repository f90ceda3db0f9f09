"""A trial's page, where the reader decides what counts, and two trials side by side."""

import csv
import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

SEED = "NCT07057778"
TRIAL = f"/trials/{SEED}"
BESIDE = "#kin-beside .kin"


def parameters(page):
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def test_a_trial_has_its_five_kin_beside_it_and_more_below(open_page, hit_ids):
    page = open_page(TRIAL)
    beside, below = hit_ids(page, BESIDE), hit_ids(page, "#more-hits")
    assert len(beside) == 5
    assert len(below) == 10
    assert not {SEED} & {*beside, *below}
    page.get_by_role("link", name="Load more").click()
    expect(page.locator("#more-hits > li")).to_have_count(20)
    assert hit_ids(page, "#more-hits")[:10] == below
    assert hit_ids(page, BESIDE) == beside
    assert parameters(page) == {"pageSize": "25"}


@pytest.fixture
def kin(hit_ids):
    """The NCT ids of both lists of a trial's page."""
    return lambda page: [*hit_ids(page, BESIDE), *hit_ids(page, "#more-hits")]


def test_a_slider_reorders_the_list_in_place_and_the_address_follows(open_page, kin):
    page = open_page(TRIAL)
    before = kin(page)
    page.evaluate("() => { window.same = true; }")
    slider = page.get_by_role("slider", name="Intervention")
    slider.focus()
    slider.press("Home")
    page.wait_for_url("**weights=**")
    assert parameters(page) == {"weights": "intervention=0"}
    after = kin(page)
    assert after != before
    assert len(set(after)) == 15
    assert page.evaluate("() => window.same"), "the page was loaded anew"
    expect(page.get_by_role("slider", name="Intervention")).to_be_focused()
    expect(page.locator("output[for=w-intervention]")).to_have_text("0")
    page.reload()
    assert kin(page) == after
    assert page.get_by_role("slider", name="Intervention").input_value() == "0"


def test_presets_reorder_too_and_balanced_leads_back(open_page, kin):
    page = open_page(TRIAL)
    before = kin(page)
    page.locator("#presets a").nth(1).click()
    page.wait_for_url("**preset=**")
    expect(page.locator("#presets [aria-current=true]")).to_have_count(1)
    page.get_by_role("link", name="Balanced").click()
    page.wait_for_url(f"**{TRIAL}")
    assert kin(page) == before


def test_a_related_trial_is_compared_with_the_one_at_hand(open_page, hit_ids):
    page = open_page(TRIAL)
    first = hit_ids(page, BESIDE)[0]
    page.get_by_role("link", name=f"Compare with {first}").click()
    page.wait_for_url(f"**/compare/{SEED}/{first}")
    expect(page.locator("h1")).to_have_text("Two trials compared")
    assert page.locator(".compare-head .id").all_inner_texts() == [SEED, first]
    assert page.locator("table.compare tbody tr").count() > 10
    page.get_by_role("link", name="Swap sides").click()
    page.wait_for_url(f"**/compare/{first}/{SEED}")
    assert page.locator(".compare-head .id").all_inner_texts() == [first, SEED]


def test_two_numbers_in_a_form_are_compared(open_page):
    page = open_page("/compare")
    page.get_by_label("First trial").fill(SEED)
    page.get_by_label("Second trial").fill("nct05281068")
    page.get_by_role("button", name="Compare").click()
    page.wait_for_url(f"**/compare/{SEED}/NCT05281068")


@pytest.mark.parametrize("name", ["CSV", "RIS", "NDJSON", "JSON"])
def test_the_list_is_exported(open_page, kin, tmp_path, name):
    page = open_page(TRIAL)
    shown = kin(page)
    link = page.locator(".exports").get_by_role("link", name=name, exact=True)
    if name == "JSON":
        link.click()
        page.wait_for_url("**/api/v1/**")
        told = [hit["nctId"] for hit in json.loads(page.locator("pre").inner_text())["hits"]]
    else:
        with page.expect_download() as waited:
            link.click()
        file = tmp_path / waited.value.suggested_filename
        waited.value.save_as(file)
        assert SEED in file.name
        assert file.suffix == f".{name.lower()}"
        told = _ids(file.read_text("utf-8-sig"), name)
    assert told[: len(shown)] == shown
    assert len(told) > len(shown)


def _ids(text, name):
    if name == "CSV":
        return [row["nctId"] for row in csv.DictReader(text.splitlines())]
    if name == "NDJSON":
        return [one["nctId"] for one in map(json.loads, text.splitlines()) if "rank" in one]
    return re.findall(r"^(?:AN|ID|M1)  - (NCT\d{8})", text, re.MULTILINE)


def test_an_unknown_trial_says_so_on_a_page_that_leads_on(open_page):
    page = open_page("/trials/NCT99999999")
    expect(page.locator("main")).to_contain_text("NCT99999999")
    page.get_by_label("Search trials").fill(SEED)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{TRIAL}")
