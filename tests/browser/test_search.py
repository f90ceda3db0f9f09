"""Searching as people do, from the first page to an opened trial and back."""

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

SEED = "NCT07057778"
WORDS = "steroid-resistant ITP, anti-CD20"
FOUND = f"/?q={WORDS.replace(' ', '+')}"


def parameters(page):
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def test_words_in_the_box_of_the_first_page_find_trials_that_say_why_they_are_there(open_page):
    page = open_page()
    page.get_by_label("Find trials").fill(WORDS)
    page.get_by_role("button", name="Search").click()
    expect(page.locator("#hits > li")).to_have_count(20)
    expect(page.locator("#hits > li").first).to_contain_text(re.compile("Immune Thrombocytopenia|ITP"))
    expect(page.locator("#hits > li .why").first).to_be_visible()
    assert parameters(page) == {"q": WORDS}


def test_an_nct_number_in_any_spelling_leads_to_the_trial(open_page):
    page = open_page()
    page.get_by_label("Find trials").fill(f" nct {SEED[3:]} ")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/trials/{SEED}")
    expect(page.locator("h1")).to_contain_text("Iguratimod")


def test_a_pasted_protocol_is_compared_and_stands_in_no_address(open_page, protocol, hit_ids):
    page = open_page()
    page.get_by_label("Find trials").fill(protocol)
    page.get_by_role("button", name="Search").click()
    expect(page.locator("#hits > li")).to_have_count(20)
    assert SEED in hit_ids(page)
    assert urlsplit(page.url).query == ""
    assert page.get_by_role("searchbox").or_(page.locator("#q")).first.input_value() == protocol.strip()


def test_a_pasted_protocol_keeps_its_words_when_it_is_narrowed_and_grows(open_page, protocol):
    page = open_page()
    page.locator("#q").fill(protocol)
    page.get_by_role("button", name="Search").click()
    page.get_by_role("button", name=re.compile("^Load more")).click()
    expect(page.locator("#hits > li")).to_have_count(40)
    page.get_by_role("button", name=re.compile(r"^Only Recruiting,")).click()
    expect(page.get_by_role("list", name="Chosen filters")).to_contain_text("Recruiting")
    assert "protocol" not in page.url
    assert page.locator("#q").input_value() == protocol.strip()
    assert set(page.locator("#hits .badge").all_inner_texts()) == {"Recruiting"}


def test_a_filter_narrows_the_list_and_can_be_taken_away(open_page, hit_ids):
    page = open_page(FOUND)
    before = hit_ids(page)
    page.get_by_role("link", name=re.compile(r"^Only Recruiting,")).click()
    chosen = page.get_by_role("list", name="Chosen filters")
    expect(chosen).to_contain_text("Recruiting")
    assert parameters(page) == {"q": WORDS, "filter.overallStatus": "RECRUITING"}
    assert set(page.locator("#hits .badge").all_inner_texts()) == {"Recruiting"}
    assert hit_ids(page) != before
    chosen.get_by_role("link", name=re.compile("^Remove filter")).click()
    expect(chosen).to_have_count(0)
    assert hit_ids(page) == before
    assert parameters(page) == {"q": WORDS}


def test_years_and_age_narrow_the_list(open_page):
    page = open_page(FOUND)
    page.get_by_label("From").fill("2020")
    page.get_by_label("Age").fill("40")
    page.get_by_label("Age").press("Enter")
    expect(page.get_by_role("list", name="Chosen filters").get_by_role("listitem")).to_have_count(2)
    asked = parameters(page)
    assert asked.pop("filter.startDate") == "2020.."
    assert asked == {"q": WORDS, "filter.age": "40"}
    years = [re.search(r"Start .*?(\d{4})", text)[1] for text in page.locator("#hits .facts-line").all_inner_texts()]
    assert years
    assert min(years) >= "2020"


def test_what_meets_no_filter_says_so_and_how_to_go_on(open_page):
    page = open_page(f"{FOUND}&filter.startDate=1950..1951")
    expect(page.locator(".empty")).to_contain_text("filter")
    page.get_by_role("link", name=re.compile("^Remove filter")).click()
    expect(page.locator("#hits > li")).to_have_count(20)


def test_more_trials_are_appended_and_the_address_is_that_of_the_longer_list(open_page, hit_ids):
    page = open_page(FOUND)
    first = hit_ids(page)
    page.get_by_role("link", name="Load more").click()
    expect(page.locator("#hits > li")).to_have_count(40)
    longer = hit_ids(page)
    assert longer[:20] == first
    assert len(set(longer)) == 40
    assert parameters(page) == {"q": WORDS, "pageSize": "40"}
    page.reload()
    assert hit_ids(page) == longer


def test_back_from_a_hit_returns_to_the_same_list(open_page, hit_ids):
    page = open_page(FOUND)
    page.get_by_role("link", name=re.compile(r"^Only Recruiting,")).click()
    page.wait_for_url("**filter.overallStatus=RECRUITING**")
    address, listed = page.url, hit_ids(page)
    opened = page.locator("#hits > li .hit-title a").nth(2)
    title = opened.inner_text()
    opened.click()
    page.wait_for_url("**/trials/NCT*")
    expect(page.locator("h1")).to_have_text(title)
    page.go_back()
    expect(page.locator("#hits")).to_be_visible()
    assert page.url == address
    assert hit_ids(page) == listed


def test_back_after_more_were_loaded_returns_to_the_longer_list(open_page, hit_ids):
    page = open_page(FOUND)
    page.get_by_role("link", name="Load more").click()
    expect(page.locator("#hits > li")).to_have_count(40)
    listed = hit_ids(page)
    page.locator("#hits > li .hit-title a").nth(30).click()
    page.wait_for_url("**/trials/NCT*")
    page.go_back()
    expect(page.locator("#hits > li")).to_have_count(40)
    assert hit_ids(page) == listed


def test_reasons_open_with_quotes_of_the_record(open_page):
    page = open_page(FOUND)
    first = page.locator("#hits > li").first
    first.get_by_text("Reasons and quotes").click()
    expect(first.locator("q").first).to_be_visible()
    expect(first.locator("mark").first).to_be_visible()


def test_a_slash_puts_the_cursor_in_the_box_and_enter_searches(open_page):
    page = open_page("/about")
    page.keyboard.press("/")
    expect(page.get_by_label("Search trials")).to_be_focused()
    page.keyboard.type("lupus nephritis")
    page.keyboard.press("Enter")
    page.wait_for_url("**/?q=lupus+nephritis")
    page.locator("h2#found").wait_for()
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()


def test_the_tab_key_goes_through_the_first_page_from_top_to_bottom(open_page):
    page = open_page()
    reached, tops = [], []
    for _ in range(8):
        page.keyboard.press("Tab")
        told = page.evaluate(
            "() => { const e = document.activeElement, b = e.getBoundingClientRect();"
            "return [(e.innerText || e.id || '').trim(), b.top, getComputedStyle(e).outlineStyle,"
            " getComputedStyle(e).boxShadow]; }"
        )
        reached.append(told[0])
        tops.append(told[1])
        assert told[2] != "none" or told[3] != "none", f"nothing shows that {told[0]!r} has the focus"
    assert reached[:4] == ["Skip to content", "trialkin", "Map", "About"]
    assert reached[4:6] == ["q", "Search"]
    assert tops[4:] == sorted(tops[4:])


def test_the_first_link_skips_to_the_content(open_page):
    page = open_page(FOUND)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_shift_and_enter_is_a_new_line_in_the_box(open_page):
    page = open_page()
    page.locator("#q").press("a")
    page.locator("#q").press("Shift+Enter")
    page.locator("#q").press("b")
    assert page.locator("#q").input_value() == "a\nb"
    assert page.locator("#q").get_attribute("rows") is not None
    assert urlsplit(page.url).query == ""
