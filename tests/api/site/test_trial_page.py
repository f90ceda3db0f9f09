"""A trial's page."""

from urllib.parse import parse_qs, urlsplit

import pytest

from trialkin.api.site.trial_page import BESIDE, STEP
from trialkin.index import Aspect

NCT_ID = "NCT07057778"
PAGE = f"/trials/{NCT_ID}"


def ids(element):
    return [one["href"].rsplit("/", 1)[1] for title in element.all("h3", class_="hit-title") for one in title.all("a")]


def beside(page):
    return ids(page.one("section", id="kin-beside"))


def below(page):
    return ids(page.one("section", id="kin-below"))


def test_the_record_is_told_in_sections(get, index):
    trial = index.trial(NCT_ID)
    record = get(PAGE).page.one("article", class_="record")
    assert record.one("h1").text == trial.title
    for heading in ("Summary", "Detailed description", "Conditions", "Design", "Arms", "Interventions", "Outcomes"):
        assert heading in [one.text for one in record.all("h2")]
    facts = {one.one("dt").text: one.one("dd").text for one in record.one("dl", class_="basics").all("div")}
    assert facts["Phase"] == "2"
    assert facts["Participants"] == "120 planned"
    assert facts["Start"] == "1 July 2025"
    for text in (trial.brief_summary, trial.primary_outcomes[0].measure, trial.arm_groups[1].label, trial.org_study_id):
        assert " ".join(text.split()) in record.text
    assert f"https://clinicaltrials.gov/study/{NCT_ID}" in [one.attributes.get("href") for one in record.all("a")]
    assert "last updated 10 July 2025; data of 11 February 2026" in record.text


def test_criteria_are_lists_under_their_headings(get):
    record = get(PAGE).page.one("article", class_="record")
    (heading,) = [one for one in record.all("h3") if one.text == "Inclusion Criteria"]
    after = heading.parent.children[heading.parent.children.index(heading) + 1]
    assert [one.text for one in after.all("li")][-1] == "Spleen not removed"


def test_every_record_of_the_sample_has_a_page(get, index):
    for nct_id in index.nct_ids()[::20]:
        assert get(f"/trials/{nct_id}").page.one("h1").text == " ".join(index.trial(nct_id).title.split())


def test_five_related_trials_stand_beside_it_and_the_next_ten_below_each_with_its_reason(get, index):
    page = get(PAGE).page
    hits = index.related(NCT_ID, BESIDE + STEP)
    assert beside(page) == [hit.nct_id for hit in hits[:BESIDE]]
    assert below(page) == [hit.nct_id for hit in hits[BESIDE:]]
    for hit in hits:
        card = page.one("li", id=f"hit-{hit.rank}")
        assert hit.why in card.text
        assert f"/compare/{NCT_ID}/{hit.nct_id}" in [one["href"] for one in card.all("a")]


def test_more_is_a_link_to_a_longer_list_and_a_fragment_of_its_end(get, index):
    more = get(PAGE).page.one("nav", id="more-nav").one("a")
    longer = get(more["href"].partition("#")[0]).page
    expected = [hit.nct_id for hit in index.related(NCT_ID, BESIDE + 2 * STEP)]
    assert beside(longer) + below(longer) == expected
    assert ids(get(more["data-more"]).page.one("ol", id="more-hits")) == expected[BESIDE + STEP :]


def test_sliders_stand_where_the_address_says_and_both_lists_follow(get, index):
    page = get(f"{PAGE}?weights=intervention=2,condition=0.25").page
    stands = {one["name"]: one["value"] for one in page.all("input", type="range")}
    assert stands == {
        "condition": "0.25",
        "intervention": "2.0",
        "population": "1.0",
        "design": "1.0",
        "outcome": "1.0",
        "period": "1.0",
    }
    weights = {Aspect.INTERVENTION: 2.0, Aspect.CONDITION: 0.25}
    expected = [hit.nct_id for hit in index.related(NCT_ID, BESIDE + STEP, weights=weights)]
    assert beside(page) + below(page) == expected
    assert expected != beside(get(PAGE).page) + below(get(PAGE).page)


def test_the_form_s_sliders_lead_to_an_address_that_names_what_was_moved(get):
    sent = {"condition": "0.5", "intervention": "1", "population": "1", "design": "2", "outcome": "1", "period": "1"}
    location = get(PAGE, 302, params=sent).headers["location"]
    assert location == f"{PAGE}?weights=condition=0.5,design=2"
    assert get(location).page.one("input", name="condition")["value"] == "0.5"
    usual = dict.fromkeys(sent, "1")
    assert get(location, 302, params={**usual, "weights": "condition=0.5,design=2"}).headers["location"] == PAGE


def test_a_fragment_gives_both_lists_anew_with_their_address(get):
    fragment = get(f"/fragments/related/{NCT_ID}", params={"preset": "same-drug", "condition": "0"}).page
    assert fragment.all("html") == []
    address = fragment.one("div", id="kin-address")["data-url"]
    assert parse_qs(urlsplit(address).query) == {"preset": ["same-drug"], "weights": ["condition=0"]}
    page = get(address).page
    assert beside(fragment) == beside(page)
    assert below(fragment) == below(page)


def test_presets_are_links_and_the_chosen_one_is_told(get):
    page = get(f"{PAGE}?preset=same-design").page
    links = {one.text: one for one in page.one("ul", id="presets").all("a")}
    assert list(links) == ["Balanced", "Same disease", "Same drug", "Same design"]
    assert [name for name, one in links.items() if "aria-current" in one.attributes] == ["Same design"]
    assert links["Balanced"]["href"] == PAGE
    assert page.one("input", name="design")["value"] == "2.0"  # as far as a slider goes; the preset's own is kept
    unmoved = {one["name"]: one["value"] for one in page.one("form", id="sliders").all("input")}
    assert get(PAGE, 302, params=unmoved).headers["location"] == f"{PAGE}?preset=same-design"


@pytest.mark.parametrize("spelling", ["nct07057778", "NCT7057778", "NCT%2007057778"])
def test_another_spelling_leads_to_the_canonical_address(get, spelling):
    found = get(f"/trials/{spelling}?preset=same-drug", 302)
    assert found.headers["location"] == f"{PAGE}?preset=same-drug"


def test_an_unknown_trial_is_not_found_with_ways_on(get):
    page = get("/trials/NCT99999999", 404).page
    assert page.one("h1").text == "This trial is not held here"
    links = [one["href"] for one in page.one("main").all("a")]
    assert links == ["https://clinicaltrials.gov/study/NCT99999999", "/"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/trials/foo", 400),
        (f"{PAGE}?weights=colour=1", 400),
        (f"{PAGE}?weights=condition=-1", 400),
        (f"{PAGE}?condition=9", 400),
        (f"{PAGE}?preset=x", 400),
        (f"{PAGE}?pageSize=x", 400),
    ],
)
def test_what_is_malformed_is_refused_on_a_page(get, path, status):
    assert get(path, status).page.one("h1").text


def test_kin_links_carry_the_map_and_exports(get, client):
    page = get(f"{PAGE}?preset=same-drug").page
    assert f"/map?nctId={NCT_ID}" in [one.attributes.get("href") for one in page.all("a")]
    exports = {one.text: one["href"] for one in page.one("p", class_="exports").all("a")}
    answer = client.get(exports["JSON"]).json()
    assert [hit["nctId"] for hit in answer["hits"]][: BESIDE + STEP] == beside(page) + below(page)
