"""The first page and its lists."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from trialkin.api.site.asking import SHORT
from trialkin.api.site.home import MOST_SHOWN, STEP
from trialkin.index import Filters

TEXT = "steroid-resistant ITP, anti-CD20"
SEARCH = "/?q=steroid-resistant+ITP,+anti-CD20"
PROTOCOL = (
    "Adults with immune thrombocytopenia that came back after corticosteroids are given iguratimod beside low-dose "
    "rituximab. Platelets are counted each week. " * 3
)


def ids(page):
    return [one["href"].rsplit("/", 1)[1] for title in page.all("h3", class_="hit-title") for one in title.all("a")]


def options(page, title):
    """The options of a group of facets: label, count and address."""
    (group,) = [one for one in page.all("section", class_="facet-group") if one.one("h3").text == title]
    return {
        link.text: (int(link.parent.one("span", class_="count").text.replace(",", "")), link["href"])
        for link in group.all("a")
    }


def test_the_empty_page_says_what_is_held_and_offers_examples_that_find_something(get):
    page = get("/").page
    assert page.one("h1").text
    assert page.one("textarea", name="q").text == ""
    assert "263 trials of ClinicalTrials.gov, as of 11 February 2026" in page.one("main").text
    links = [one["href"] for one in page.one("ul", class_="examples").all("a")]
    assert links[-1] == "/trials/NCT07057778"
    assert len(links) == 4
    for link in links[:-1]:
        assert ids(get(link).page)


def test_a_misspelt_search_says_what_it_looked_for_and_marks_it(get, index):
    page = get("/?q=immune+thrombocytopnia").page
    assert ids(page) == [hit.nct_id for hit in index.search("immune thrombocytopenia", STEP)]
    assert "thrombocytopenia in place of “thrombocytopnia”" in page.one("div", class_="notice").text
    assert "thrombocytopenia" in {one.text.lower() for one in page.all("mark")}
    assert page.one("textarea", name="q").text == "immune thrombocytopnia"


def test_whom_a_search_asks_for_is_told(get):
    page = get("/?q=a+7-year-old+girl+with+ITP").page
    assert "Asked for a girl of 7" in page.one("div", class_="notice").text


def test_what_a_search_denies_is_told_and_not_marked(get, index):
    page = get("/?q=steroid-resistant+ITP,+no+rheumatoid+arthritis").page
    assert ids(page) == [hit.nct_id for hit in index.search("steroid-resistant ITP", STEP)]
    assert "“no rheumatoid arthritis”" in page.one("div", class_="notice").text
    assert "arthritis" not in {one.text.lower() for one in page.all("mark")}
    assert page.one("textarea", name="q").text == "steroid-resistant ITP, no rheumatoid arthritis"


def test_a_search_lists_the_index_s_own_hits_with_their_facts(get, index):
    page = get(SEARCH).page
    hits = index.search(TEXT, STEP)
    assert ids(page) == [hit.nct_id for hit in hits]
    card = page.one("li", id="hit-1")
    for fact in (hits[0].nct_id, hits[0].why, hits[0].title, f"{hits[0].score:.2f}", *hits[0].conditions[:4]):
        assert fact in card.text
    quoted = [one.text for one in card.all("q")]
    for reason in hits[0].reasons:
        for one in reason.evidence:
            assert " ".join(one.query_text.split()) in quoted
            assert " ".join(one.hit_text.split()) in quoted
    assert page.one("textarea", name="q").text == TEXT
    assert "ITP" in [one.text for one in page.all("mark")]


def test_the_head_counts_the_whole_list(get, index):
    total = len(index.search(TEXT, 500, explain=False))
    assert STEP < total < 500
    assert get(SEARCH).page.one("h2", id="found").text == f"{total} close trials"


def test_filters_in_the_address_narrow_the_list_and_stand_as_chips_that_take_them_away(get, index):
    page = get(f"{SEARCH}&filter.phase=PHASE2,PHASE3&filter.overallStatus=completed").page
    expected = index.search(TEXT, STEP, Filters(phase=("PHASE2", "PHASE3"), status=("COMPLETED",)))
    assert ids(page) == [hit.nct_id for hit in expected]
    chips = {one["aria-label"]: one["href"] for one in page.one("ul", class_="chips").all("a")}
    assert set(chips) == {"Remove filter Phase 2", "Remove filter Phase 3", "Remove filter Status: Completed"}
    without = parse_qs(urlsplit(chips["Remove filter Phase 2"]).query)
    assert without == {"q": [TEXT], "filter.phase": ["PHASE3"], "filter.overallStatus": ["completed"]}


@pytest.mark.parametrize("title", ["Status", "Phase", "Study type", "Results", "Country"])
def test_a_facet_s_count_is_what_its_link_finds(get, title):
    page = get(SEARCH).page
    for count, link in list(options(page, title).values())[:3]:
        assert get(link).page.one("h2", id="found").text.split()[0] == f"{count}"


def test_other_values_of_a_chosen_facet_can_be_chosen_beside_it(get):
    page = get(f"{SEARCH}&filter.phase=PHASE2").page
    count, link = options(page, "Phase")["Phase 3"]
    assert count == options(get(SEARCH).page, "Phase")["Phase 3"][0]
    assert parse_qs(urlsplit(link).query)["filter.phase"] == ["PHASE2,PHASE3"]


def test_more_is_a_link_to_a_longer_list_and_a_fragment_of_its_end(get, index):
    page = get(SEARCH).page
    more = page.one("nav", id="more-nav").one("a")
    assert more["href"] == f"{SEARCH}&pageSize={2 * STEP}#hit-{STEP + 1}"
    longer = get(more["href"].partition("#")[0]).page
    assert ids(longer) == [hit.nct_id for hit in index.search(TEXT, 2 * STEP)]
    fragment = get(more["data-more"]).page
    assert fragment.all("html") == []
    assert ids(page) + ids(fragment) == ids(longer)
    assert fragment.one("nav", id="more-nav").one("a")["href"] == longer.one("nav", id="more-nav").one("a")["href"]


def test_at_its_end_a_list_says_so_and_offers_no_more(get, index):
    total = len(index.search(TEXT, 500, explain=False))
    page = get(f"{SEARCH}&pageSize={MOST_SHOWN}").page
    assert len(ids(page)) == total
    nav = page.one("nav", id="more-nav")
    assert nav.all("a") == []
    assert "Nothing else is close" in nav.text


def test_the_list_is_exported_by_the_api_with_the_same_query(get, client):
    page = get(f"{SEARCH}&filter.phase=PHASE2").page
    links = {one.text: one["href"] for one in page.one("p", class_="exports").all("a")}
    assert set(links) == {"Map", "CSV", "RIS", "NDJSON", "JSON"}
    shown = ids(get(f"{SEARCH}&filter.phase=PHASE2&pageSize={MOST_SHOWN}").page)
    answer = client.get(links["JSON"]).json()
    assert [hit["nctId"] for hit in answer["hits"]] == shown
    for name, link in links.items():
        response = client.get(link)
        assert response.status_code == 200, (name, response.text)
        assert all(nct_id in response.text for nct_id in shown)


def test_nothing_close_is_said_in_words(get):
    page = get(f"{SEARCH}&filter.startDate=1950..1951").page
    assert page.one("h2", id="found").text == "No close trials"
    assert "meets these filters" in page.one("div", class_="empty").text


@pytest.mark.parametrize("spelling", ["NCT07057778", "nct 7057778", " NCT-07057778 "])
def test_an_id_in_the_box_leads_to_its_trial(get, spelling):
    assert get("/", 302, params={"q": spelling}).headers["location"] == "/trials/NCT07057778"
    assert get("/", 303, method="POST", data={"q": spelling}).headers["location"] == "/trials/NCT07057778"


def test_a_short_text_sent_by_the_form_leads_to_its_address(get):
    sent = get("/?filter.phase=PHASE2", 303, method="POST", data={"q": f" {TEXT}\n"})
    assert parse_qs(urlsplit(sent.headers["location"]).query) == {"q": [TEXT], "filter.phase": ["PHASE2"]}


def test_the_form_s_own_fields_become_filters_of_the_address_and_empty_ones_leave_it(get):
    fields = {"q": "ITP", "sex": "FEMALE", "age": "", "startFrom": "2015", "startTo": ""}
    sent = get("/?filter.age=12&filter.phase=PHASE2", 303, method="POST", data=fields)
    assert parse_qs(urlsplit(sent.headers["location"]).query) == {
        "q": ["ITP"],
        "filter.phase": ["PHASE2"],
        "filter.sex": ["FEMALE"],
        "filter.startDate": ["2015.."],
    }
    page = get(sent.headers["location"]).page
    assert page.one("input", name="startFrom")["value"] == "2015"
    assert page.one("option", value="FEMALE").attributes.get("selected", "no") is None
    assert "Remove filter Start: from 2015" in [one.attributes.get("aria-label") for one in page.all("a")]


def test_a_pasted_text_is_answered_and_stands_in_no_address(get, index):
    assert len(PROTOCOL) > SHORT
    response = get("/", method="POST", data={"q": PROTOCOL})
    assert response.headers["cache-control"] == "no-store"
    page = response.page
    assert ids(page) == [hit.nct_id for hit in index.search(PROTOCOL.strip(), STEP)]
    assert page.one("textarea", name="q").text == " ".join(PROTOCOL.split())
    addresses = [one.attributes.get(name, "") for one in page.within() for name in ("href", "action", "formaction")]
    assert not [one for one in addresses if "iguratimod" in one.lower()]
    assert not page.all("p", class_="exports")


def test_the_list_of_a_pasted_text_is_narrowed_and_grows_by_buttons_that_send_it_along(get, index):
    page = get("/", method="POST", data={"q": PROTOCOL}).page
    buttons = {one.attributes.get("aria-label"): one for one in page.all("button", class_="facet")}
    (button,) = [one for name, one in buttons.items() if name.startswith("Only Phase 2,")]
    assert button["form"] == "search"
    narrowed = get(button["formaction"], method="POST", data={"q": PROTOCOL}).page
    assert ids(narrowed) == [hit.nct_id for hit in index.search(PROTOCOL.strip(), STEP, Filters(phase=("PHASE2",)))]
    more = page.one("nav", id="more-nav").one("button")
    fragment = get(more["data-more"], method="POST", data={"q": PROTOCOL}).page
    assert ids(fragment) == [hit.nct_id for hit in index.search(PROTOCOL.strip(), 2 * STEP)][STEP:]


def test_filters_chosen_for_a_pasted_text_are_put_into_the_address_and_the_text_is_sent_again(get):
    fields = {"q": PROTOCOL, "sex": "MALE"}
    sent = get("/", 307, method="POST", data=fields)
    assert sent.headers["location"] == "/?filter.sex=MALE"
    assert get(sent.headers["location"], method="POST", data=fields).page.one("ul", class_="chips").all("button")


def test_what_is_left_out_of_a_very_long_text_is_said(get):
    page = get("/", method="POST", data={"q": "thrombocytopenia " * 4000}).page
    assert "first 50,000 characters" in page.one("div", class_="notice").text
    assert ids(page)


def test_a_draft_in_json_is_compared_by_its_fields(get, index):
    draft = (
        '{"briefTitle": "Iguratimod in Adults With ITP", "conditions": ["Immune Thrombocytopenia"]' + " " * 300 + "}"
    )
    page = get("/", method="POST", data={"q": draft}).page
    assert index.search("Iguratimod", 1)[0].nct_id in ids(page)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q=ITP&filter.phase=PHASE9", "PHASE9"),
        ("q=ITP&filter.age=old", "filter.age"),
        ("q=ITP&filter.nothing=1", "filter.nothing"),
        ("q=ITP&pageSize=0", "pageSize"),
        ("q=ITP&pageSize=1000000", "pageSize"),
        ("q=ITP&preset=none", "preset"),
    ],
)
def test_a_wrong_value_is_refused_on_a_page_that_names_it(get, query, said):
    page = get(f"/?{query}", 400).page
    assert page.one("h1").text == "This cannot be answered"
    assert said in page.one("main").text


def test_a_list_s_first_page_is_light(get, client):
    response = get(SEARCH)
    size = len(response.content)
    for asset in re.findall(r'(?:src|href)="(/static/[^"]+)"', response.text):
        size += len(client.get(asset).content)
    assert size < 150_000
