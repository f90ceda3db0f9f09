"""The map: what lies on it, by mouse and by keyboard."""

from playwright.sync_api import expect

SEED = "NCT07057778"
MAP = f"/map?nctId={SEED}"


def test_hovering_over_a_mark_tells_which_trial_it_is(open_page):
    page = open_page(MAP)
    dot = page.locator("svg.map a.dot:not(.star)").first
    dot.hover()
    tip = page.locator(".tip")
    expect(tip).to_be_visible()
    expect(tip.locator("strong")).to_have_text(dot.get_attribute("data-title"))
    frame, box = page.locator("[data-map]").bounding_box(), tip.bounding_box()
    assert frame["x"] <= box["x"]
    assert box["x"] + box["width"] <= frame["x"] + frame["width"] + 1
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()


def test_a_mark_with_the_focus_tells_it_too(open_page):
    page = open_page(MAP)
    page.locator("svg.map a.dot:not(.star)").nth(3).focus()
    expect(page.locator(".tip")).to_be_visible()


def test_a_click_on_a_mark_opens_the_trial(open_page):
    page = open_page(MAP)
    dot = page.locator("svg.map a.dot:not(.star)").first
    address = dot.get_attribute("href")
    dot.click()
    page.wait_for_url(f"**{address}")
    page.go_back()
    expect(page.locator("svg.map")).to_be_visible()


def test_the_table_holds_the_same_trials_as_the_picture(open_page):
    page = open_page(MAP)
    drawn = page.locator("svg.map a.dot:not(.star)").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    told = page.locator("table.map-table th a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert len(drawn) > 20
    assert sorted(drawn) == sorted(told)
    assert SEED not in str(drawn)


def test_colours_change_and_the_trials_stay(open_page):
    page = open_page(MAP)
    before = page.locator("svg.map a.dot").count()
    page.get_by_role("link", name="Condition", exact=True).click()
    page.wait_for_url("**colour=condition**")
    expect(page.locator("#legend")).to_have_text("Conditions")
    assert page.locator("svg.map a.dot").count() == before


def test_words_are_drawn_as_a_map_and_lead_back_to_their_list(open_page):
    page = open_page("/map")
    page.get_by_label("NCT number or words").fill("psoriatic arthritis")
    page.get_by_role("button", name="Draw the map").click()
    expect(page.locator("svg.map a.dot").first).to_be_visible()
    page.get_by_role("link", name="Show as a list").click()
    page.wait_for_url("**/?q=psoriatic+arthritis")
