"""Every page, light and dark, wide and narrow: readable for everybody, and nothing sticks out."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

SEED = "NCT07057778"
PAGES = {
    "the first page": "/",
    "a list": "/?q=steroid-resistant+ITP,+anti-CD20",
    "a narrowed list": "/?q=rheumatoid+arthritis&filter.overallStatus=COMPLETED,RECRUITING&filter.phase=PHASE3",
    "an empty list": "/?q=rheumatoid+arthritis&filter.startDate=1950..1951",
    "a trial": f"/trials/{SEED}",
    "a trial with sliders moved": f"/trials/{SEED}?preset=same-disease&weights=design=0.5&pageSize=25",
    "an observational trial": "/trials/NCT00001323",
    "the form of a comparison": "/compare",
    "a comparison": f"/compare/{SEED}/NCT05281068",
    "the form of a map": "/map",
    "a map": f"/map?nctId={SEED}",
    "a map of words": "/map?q=psoriatic+arthritis&colour=condition",
    "about": "/about",
    "a trial that is not there": "/trials/NCT99999999",
}
OPEN_ALL = "() => document.querySelectorAll('details').forEach(part => { part.open = true; })"
STICKING_OUT = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > width + 1)
    .map(one => `${one.tagName} ${one.className.baseVal ?? one.className}: ${one.textContent.trim().slice(0, 40)}`);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(open_page, name, scheme):
    page = open_page(PAGES[name], color_scheme=scheme, reduced_motion="reduce")
    page.evaluate(OPEN_ALL)
    found = Axe().run(page).response["violations"]
    serious = [
        (one["id"], node["target"], node["any"][0]["message"] if node["any"] else one["help"])
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"]
    ]
    assert serious == []


def test_axe_finds_nothing_serious_in_the_list_of_a_protocol(open_page, protocol):
    page = open_page("/")
    page.locator("#q").fill(protocol)
    page.get_by_role("button", name="Search").click()
    page.locator("#hits").wait_for()
    found = Axe().run(page).response["violations"]
    assert [one["id"] for one in found if one["impact"] in {"serious", "critical"}] == []


@pytest.mark.parametrize("name", PAGES)
def test_nothing_sticks_out_of_a_narrow_screen(open_page, name):
    page = open_page(PAGES[name], viewport={"width": 375, "height": 800})
    assert page.evaluate(STICKING_OUT) == []
    page.evaluate(OPEN_ALL)
    assert page.evaluate(STICKING_OUT) == []


def test_what_is_tapped_on_a_narrow_screen_is_large_enough(open_page):
    page = open_page(PAGES["a list"], viewport={"width": 375, "height": 800}, has_touch=True)
    for button in page.get_by_role("button").all():
        if button.is_visible():
            box = button.bounding_box()
            assert box["height"] >= 24, button.inner_text()


def test_dark_is_dark_and_light_is_light(open_page):
    seen = {}
    for scheme in ("light", "dark"):
        page = open_page("/", color_scheme=scheme)
        paper = page.evaluate("() => getComputedStyle(document.documentElement).backgroundColor")
        ink = page.evaluate("() => getComputedStyle(document.body).color")
        seen[scheme] = [sum(map(int, re.findall(r"\d+", colour)[:3])) / 3 for colour in (paper, ink)]
    (light_paper, dark_ink), (dark_paper, light_ink) = seen["light"], seen["dark"]
    assert min(light_paper, light_ink) > 200
    assert max(dark_paper, dark_ink) < 60


def test_filters_are_folded_on_a_narrow_screen_until_they_are_asked_for(open_page):
    page = open_page(PAGES["a list"], viewport={"width": 375, "height": 800})
    link = page.locator(".facets .facet").first
    expect(link).to_be_hidden()
    page.get_by_text("Narrow the list").click()
    expect(link).to_be_visible()


def test_a_printed_trial_has_no_controls(open_page):
    page = open_page(PAGES["a trial"])
    page.emulate_media(media="print")
    expect(page.get_by_role("button")).to_have_count(0)
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("#kin-beside")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_stands_in_an_empty_field_can_be_read(open_page, scheme):
    page = open_page(PAGES["the form of a comparison"], color_scheme=scheme)
    for field in page.locator("input[placeholder]").all():
        ink, paper = field.evaluate(
            "one => [getComputedStyle(one, '::placeholder').color, getComputedStyle(one).backgroundColor]"
        )
        lighter, darker = sorted((_luminance(ink), _luminance(paper)), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (field.get_attribute("id"), ink, paper)


def _luminance(colour):
    """Relative luminance (WCAG 2.2), 0 to 1, of ``rgb(r, g, b)``."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_the_search_box_is_as_wide_as_a_narrow_screen_allows(open_page):
    page = open_page(PAGES["a list"], viewport={"width": 375, "height": 800})
    box, button = page.locator("#q").bounding_box(), page.locator(".search-row button").bounding_box()
    assert box["width"] == pytest.approx(button["width"], abs=1)
