"""`POST /api/v1/batch`."""

import json

import pytest

from support.routes import plain

ROUTE = "/api/v1/batch"
NCT_ID, OTHER = "NCT07057778", "NCT05302024"
TEXT = "iguratimod for steroid-resistant ITP"
SOURCE = {"indexVersion": "0001", "dataDate": "2026-02-11", "dataSource": "ClinicalTrials.gov"}


def test_each_query_has_its_own_answer_in_its_place(client, index):
    queries = ["nct 7057778", TEXT, {"nctId": OTHER}, {"text": NCT_ID}]
    answer = client.post(ROUTE, json=queries, params={"pageSize": 3}).json()
    assert answer == {
        **SOURCE,
        "answers": [
            {"query": NCT_ID, "hits": plain(index.related(NCT_ID, 3))},
            {"query": TEXT, "hits": plain(index.search(TEXT, 3))},
            {"query": OTHER, "hits": plain(index.related(OTHER, 3))},
            {"query": NCT_ID, "hits": plain(index.search(NCT_ID, 3))},
        ],
    }


def test_what_cannot_be_answered_says_why_and_leaves_the_others_alone(client, index):
    queries = ["NCT99999999", {"nctId": "ITP"}, {"text": " "}, {"text": "a" * 50_001}, NCT_ID]
    answers = client.post(ROUTE, json=queries, params={"pageSize": 1}).json()["answers"]
    assert [one["problem"]["status"] for one in answers[:4]] == [404, 400, 400, 400]
    assert all(one["problem"]["detail"] and one["problem"]["hint"] for one in answers[:4])
    assert [one["query"] for one in answers[:2]] == ["NCT99999999", "ITP"]
    assert answers[4]["hits"] == plain(index.related(NCT_ID, 1))


def test_each_answer_to_a_text_tells_how_it_was_read(client):
    texts = ["relapsed ITP", "a 45-year-old woman with thrombocytopnia, no rheumatoid arthritis"]
    plain, read = client.post(ROUTE, json=texts).json()["answers"]
    assert plain.keys() == {"query", "hits"}
    assert read["leftOut"] == ["no rheumatoid arthritis"]
    assert read["spelled"] == {"thrombocytopnia": "thrombocytopenia"}
    assert read["person"] == {"age": 45, "sex": "FEMALE", "pregnant": False}


def test_a_line_a_query_is_the_other_format(client):
    parameters = {"pageSize": 2, "fields": "nctId"}
    whole = client.post(ROUTE, json=[NCT_ID, "NCT99999999"], params=parameters).json()
    lines = client.post(ROUTE, json=[NCT_ID, "NCT99999999"], params={**parameters, "format": "ndjson"})
    assert lines.headers["content-type"] == "application/x-ndjson"
    first, second = map(json.loads, lines.text.splitlines())
    assert first == {**SOURCE, **whole["answers"][0]}
    assert second["problem"]["title"] == "UnknownTrial"


def test_parameters_count_for_every_list(client):
    parameters = {"pageSize": 2, "filter.phase": "PHASE2", "sort": "StartDate", "fields": "startDate,phases"}
    for one in client.post(ROUTE, json=[NCT_ID, TEXT], params=parameters).json()["answers"]:
        assert all(set(hit) == {"startDate", "phases"} and "PHASE2" in hit["phases"] for hit in one["hits"])
        dates = [hit["startDate"] for hit in one["hits"]]
        assert dates == sorted(dates)


@pytest.mark.parametrize(
    ("parameters", "status"),
    [
        ({"pageSize": 101}, 422),
        ({"pageToken": "a"}, 400),
        ({"format": "csv"}, 422),
        ({"filter.phase": "PHASE9"}, 400),
        ({"fields": "colour"}, 400),
        ({"sort": "Colour"}, 400),
    ],
)
def test_a_parameter_that_means_nothing_fails_the_whole(client, parameters, status):
    assert client.post(ROUTE, json=[NCT_ID], params=parameters).status_code == status


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ([], 422),
        ([NCT_ID] * 101, 422),
        ({"nctId": NCT_ID}, 422),
        ([NCT_ID, 5], 422),
        ([None], 422),
        ([{}], 422),
        ([{"nctId": 5}], 422),
        ([{"nctId": NCT_ID, "text": TEXT}], 400),
        (["a" * 1_000_000], 413),
    ],
)
def test_a_body_that_is_no_list_of_queries_is_refused(client, body, status):
    response = client.post(ROUTE, json=body)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("raw", [b"", b"[", b"NaN", b'["\\ud800"]', b'["a", "\xff"]', b"[" * 5000, b'["a"] x'])
def test_a_body_that_is_not_json_is_refused(client, raw):
    response = client.post(ROUTE, content=raw, headers={"content-type": "application/json"})
    assert response.status_code == 400
    assert "not JSON" in response.json()["detail"]


def test_queries_of_another_kind_are_refused(client):
    assert client.post(ROUTE, content=b"[]", headers={"content-type": "text/plain"}).status_code == 415
    assert client.post(ROUTE, json=[NCT_ID], headers={"accept": "text/csv"}).status_code == 406
    assert client.post(ROUTE, json=[NCT_ID]).headers["cache-control"] == "no-store"
