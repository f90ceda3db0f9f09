"""`POST /api/v1/related`: several trials, drafts and texts."""

import json
import logging

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from support.routes import plain, problem
from trialkin.data import draft_of
from trialkin.data.draft import MOST_BYTES
from trialkin.index import PRESETS, Filters

ROUTE = "/api/v1/related"
NCT_ID, OTHER, UNLIKED = "NCT07057778", "NCT05302024", "NCT03304288"
TEXT = "iguratimod for steroid-resistant ITP"
DRAFT = {"briefTitle": "Iguratimod in ITP", "conditions": ["ITP"], "interventions": [{"name": "Iguratimod"}]}


def test_likes_and_unlikes_give_the_index_s_own_answer_and_its_source(client, index):
    body = {"likes": ["nct 7057778", OTHER], "unlikes": [UNLIKED]}
    answer = client.post(ROUTE, json=body).json()
    assert answer.pop("nextPageToken")
    assert answer == {
        "indexVersion": "0001",
        "dataDate": "2026-02-11",
        "dataSource": "ClinicalTrials.gov",
        "likes": [NCT_ID, OTHER],
        "unlikes": [UNLIKED],
        "hits": plain(index.alike([NCT_ID, OTHER], [UNLIKED])),
    }


@pytest.mark.parametrize("wrap", [dict, lambda draft: {"protocolSection": draft}])
def test_a_draft_is_answered_as_a_record_of_its_own(client, index, wrap):
    answer = client.post(ROUTE, json={"draft": wrap(DRAFT)}).json()
    assert answer["hits"] == plain(index.related_to(draft_of(DRAFT)))
    assert (answer["likes"], answer["unlikes"]) == ([], [])


def test_a_record_that_the_api_gave_can_be_sent_back_as_a_draft(client):
    record = client.get(f"/api/v1/trials/{NCT_ID}").json()
    answer = client.post(ROUTE, json={"draft": record}).json()
    assert answer["hits"][0]["nctId"] == NCT_ID


def test_a_text_is_answered_as_a_search(client, index):
    assert client.post(ROUTE, json={"text": TEXT}).json()["hits"] == plain(index.search(TEXT))


def test_what_a_text_is_meant_to_say_is_told_and_absent_if_it_says_it(client):
    for answer in (
        client.post(ROUTE, json={"text": "iguratimod thrombocytopnia"}),
        client.get("/api/v1/search", params={"q": "iguratimod thrombocytopnia"}),
    ):
        assert answer.json()["spelled"] == {"thrombocytopnia": "thrombocytopenia"}
    assert "spelled" not in client.post(ROUTE, json={"text": "iguratimod thrombocytopenia"}).json()


def test_what_a_text_denies_is_told_and_absent_if_there_is_none(client):
    denying = f"{TEXT}, no history of rheumatoid arthritis"
    told = ["no history of rheumatoid arthritis"]
    assert client.post(ROUTE, json={"text": denying}).json()["leftOut"] == told
    assert client.get("/api/v1/search", params={"q": denying}).json()["leftOut"] == told
    for answer in (client.post(ROUTE, json={"text": TEXT}), client.get("/api/v1/search", params={"q": TEXT})):
        assert "leftOut" not in answer.json()


def test_whom_a_text_asks_for_is_told_and_absent_if_it_tells_nobody(client):
    of_someone = "a 45-year-old woman with ITP"
    told = {"age": 45, "sex": "FEMALE", "pregnant": False}
    assert client.post(ROUTE, json={"text": of_someone}).json()["person"] == told
    assert client.get("/api/v1/search", params={"q": of_someone}).json()["person"] == told
    assert "person" not in client.get("/api/v1/search", params={"q": TEXT}).json()


@pytest.mark.parametrize("body", [{"likes": [NCT_ID]}, {"draft": DRAFT}, {"text": TEXT}])
def test_the_parameters_of_lists_are_taken_from_the_query_string(client, index, body):
    parameters = {"pageSize": 3, "filter.phase": "PHASE2", "preset": "same-drug"}
    asked = 3, Filters(phase=("PHASE2",)), PRESETS["same-drug"]
    expected = {"likes": lambda: index.related(NCT_ID, *asked), "text": lambda: index.search(TEXT, *asked)}
    expected["draft"] = lambda: index.related_to(draft_of(DRAFT), *asked)
    (name,) = body
    answer = client.post(ROUTE, params=parameters, json=body).json()
    assert answer["hits"] == plain(expected[name]())
    assert problem(client.post(ROUTE, params={"top": 3}, json=body), 400)["title"] == "UnknownParameter"


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        ({}, 400, "The body needs one of likes, draft and text."),
        ({"likes": []}, 400, "The body needs one of likes, draft and text."),
        ({"likes": [NCT_ID], "text": TEXT}, 400, "The body needs one of likes, draft and text."),
        ({"draft": DRAFT, "text": TEXT}, 400, "The body needs one of likes, draft and text."),
        ({"text": TEXT, "unlikes": [NCT_ID]}, 400, "unlikes need trials to be like."),
        ({"likes": [NCT_ID], "unlikes": [NCT_ID]}, 400, f"{NCT_ID} is liked and unliked."),
        ({"likes": ["ITP"]}, 400, "'ITP' is not an NCT id."),
        ({"likes": ["NCT00000000"]}, 400, "'NCT00000000' is not an NCT id."),
        ({"likes": ["NCT99999999"]}, 404, "NCT99999999 is not among the 263 trials"),
        ({"likes": [NCT_ID] * 101}, 422, "'likes'"),
        ({"likes": NCT_ID}, 422, "'likes'"),
        ({"like": [NCT_ID]}, 400, "There is no parameter 'like'."),
        ({"text": ""}, 400, "The query is empty."),
        ({"text": "a" * 50_001}, 400, "The query has 50,001 characters"),
        ({"text": 5}, 422, "'text'"),
        ({"draft": {}}, 400, "The draft is empty."),
        ({"draft": {"breifTitle": "A"}}, 400, "A study has no field 'breifTitle'."),
        ({"draft": {"conditions": "ITP"}}, 400, "The draft's field conditions"),
        ({"draft": {"sex": "FEMALE"}}, 400, "The draft has no text to compare."),
        ({"draft": {"sex": 10**30}}, 400, "The draft's field sex"),
        ({"draft": "ITP"}, 422, "'draft'"),
        ([NCT_ID], 422, "The body: "),
    ],
)
def test_a_body_that_means_nothing_is_refused_with_the_reason(client, body, status, reason):
    assert reason in problem(client.post(ROUTE, json=body), status)["detail"]


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b'{"text": "\xff"}', b"[" * 100_000])
def test_a_body_that_is_not_json_is_refused(client, content):
    response = client.post(ROUTE, content=content, headers={"content-type": "application/json"})
    assert response.status_code in (400, 422)
    assert "body" in problem(response, response.status_code)["detail"]


@pytest.mark.parametrize(
    "kind",
    [
        "application/x-www-form-urlencoded",
        "text/html",
        "",
        "application/json; charset=latin-1",
        "text/plain;charset=utf-16",
    ],
)
def test_a_body_of_another_kind_is_refused_with_what_to_send(client, kind):
    said = problem(client.post(ROUTE, content=json.dumps({"text": TEXT}), headers={"content-type": kind}), 415)
    assert "application/json or text/plain" in said["hint"] or "UTF-8" in said["hint"]


@pytest.mark.parametrize("kind", ["text/plain", "text/plain; charset=UTF-8", 'Text/Plain;charset="utf-8"'])
def test_a_plain_text_is_answered_as_a_search_for_it(client, index, kind):
    text = f"{TEXT} für β-Zellen"
    answer = client.post(ROUTE, content=text.encode(), headers={"content-type": kind})
    assert answer.json()["hits"] == plain(index.search(text))


@pytest.mark.parametrize(
    ("content", "reason"), [(b"", "empty"), (b" \n", "empty"), (b"\xff", "byte 0"), (b"a" * 50_001, "50,001")]
)
def test_a_plain_text_that_is_none_is_refused(client, content, reason):
    said = problem(client.post(ROUTE, content=content, headers={"content-type": "text/plain"}), 400)
    assert reason in said["detail"]


def test_pages_of_what_was_sent_are_walked_by_sending_it_again(client, index):
    body = {"draft": DRAFT}
    first = client.post(ROUTE, json=body, params={"pageSize": 4}).json()
    second = client.post(ROUTE, json=body, params={"pageSize": 4, "pageToken": first["nextPageToken"]}).json()
    assert first["hits"] + second["hits"] == plain(index.related_to(draft_of(DRAFT), 8))
    other = client.post(
        ROUTE, json={"draft": DRAFT | {"briefTitle": "Another"}}, params={"pageToken": first["nextPageToken"]}
    )
    assert "another question" in problem(other, 400)["detail"]


def test_nobody_keeps_the_answer_to_what_was_sent(client):
    for body in ({"draft": DRAFT}, {}):
        assert client.post(ROUTE, json=body).headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "raw", [r'{"text": "\ud800"}', r'{"draft": {"\ud800": 1}}', r'{"draft": {"briefTitle": "\ud800"}}']
)
def test_half_of_a_surrogate_pair_is_not_the_end_of_the_server(client, raw):
    response = client.post(ROUTE, content=raw, headers={"content-type": "application/json"})
    assert response.status_code in (200, 400, 422)


def test_a_draft_is_neither_logged_nor_stored(client, built, caplog, capfd):
    before = {path: path.stat().st_mtime_ns for path in built.home.rglob("*")}
    with caplog.at_level(logging.DEBUG):
        assert client.post(ROUTE, json={"draft": DRAFT | {"officialTitle": "A secret of ours"}}).status_code == 200
        problem(client.post(ROUTE, json={"draft": {"briefTitle": ["A secret of ours"]}}), 400)
    assert "secret" not in caplog.text + "".join(capfd.readouterr())
    assert {path: path.stat().st_mtime_ns for path in built.home.rglob("*")} == before


def test_a_body_that_is_too_large_is_refused(client):
    said = problem(client.post(ROUTE, json={"text": "a" * MOST_BYTES}), 413)
    assert "larger than 1,000,000 bytes" in said["detail"]


def test_the_route_and_its_body_are_described(client):
    route = client.get("/openapi.json").json()["paths"][ROUTE]["post"]
    assert {"200", "400", "404", "406", "413", "415", "422", "503"} <= set(route["responses"])
    assert {one["name"] for one in route["parameters"]} >= {"pageSize", "preset", "weights", "filter.phase"}


def test_the_example_of_a_body_is_answered(client):
    route = client.get("/openapi.json").json()["paths"][ROUTE]["post"]
    assert set(route["requestBody"]["content"]) == {"application/json", "text/plain"}
    for example in route["requestBody"]["content"]["application/json"]["schema"]["examples"]:
        assert client.post(ROUTE, json=example).json()["hits"]


NAMES = st.sampled_from(["likes", "unlikes", "draft", "text", "briefTitle", "protocolSection"]) | st.text(max_size=4)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.sampled_from([NCT_ID, OTHER]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=6,
)


@hypothesis_settings(max_examples=200)
@given(body=st.dictionaries(NAMES, VALUES, max_size=3) | VALUES)
def test_no_body_is_an_error_of_the_server(client, body):
    response = client.post(
        ROUTE, content=json.dumps(body), params={"pageSize": 1}, headers={"content-type": "application/json"}
    )
    assert response.status_code in (200, 400, 404, 422)
