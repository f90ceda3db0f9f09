"""Two trials side by side over HTTP."""

import pytest

from trialkin.index.comparing import compare

FIRST, SECOND = "NCT07057778", "NCT06790888"
PATH = "/api/v1/compare"


def test_the_answer_is_the_comparison_with_its_source(client, index):
    answer = client.get(PATH, params={"a": FIRST, "b": SECOND}).json()
    source = {name: answer.pop(name) for name in ("indexVersion", "dataDate", "dataSource")}
    assert source == {"indexVersion": "0001", "dataDate": "2026-02-11", "dataSource": "ClinicalTrials.gov"}
    assert answer == compare(index.trial(FIRST), index.trial(SECOND)).model_dump(by_alias=True, mode="json")


def test_changed_thresholds_can_be_cut_from_the_texts(client):
    answer = client.get(PATH, params={"a": FIRST, "b": SECOND}).json()
    pairs = answer["eligibility"]["pairs"]
    changed = [
        (pair["first"]["text"][mark["first"]["start"] : mark["first"]["end"]],
         pair["second"]["text"][mark["second"]["start"] : mark["second"]["end"]])
        for pair in pairs
        for mark in pair["thresholds"]
        if mark["relation"] == "DIFFERENT"
    ]  # fmt: skip
    assert ("70 years", "80 years") in changed


def test_exchanged_ids_give_the_mirrored_answer(client):
    there = client.get(PATH, params={"a": FIRST, "b": SECOND}).json()
    back = client.get(PATH, params={"a": SECOND, "b": FIRST}).json()
    assert there["eligibility"]["firstOnly"] == back["eligibility"]["secondOnly"]
    assert (there["first"], there["second"]) == (back["second"], back["first"])


@pytest.mark.parametrize(
    ("parameters", "status", "title"),
    [
        ({"a": FIRST, "b": "foo"}, 400, "InvalidNctId"),
        ({"a": FIRST, "b": "NCT99999999"}, 404, "UnknownTrial"),
        ({"a": FIRST, "b": "nct 7057778"}, 400, "UsageError"),
        ({"a": FIRST}, 422, "InvalidParameter"),
        ({"a": FIRST, "b": SECOND, "c": "1"}, 400, "UnknownParameter"),
        ({"a": FIRST, "b": "N" * 50}, 422, "InvalidParameter"),
    ],
)
def test_what_cannot_be_compared_is_refused(client, parameters, status, title):
    response = client.get(PATH, params=parameters)
    assert (response.status_code, response.json()["title"]) == (status, title)
    assert response.headers["content-type"] == "application/problem+json"


def test_an_answer_that_the_caller_has_is_not_sent_again(client):
    parameters = {"a": FIRST, "b": SECOND}
    tag = client.get(PATH, params=parameters).headers["etag"]
    assert client.get(PATH, params=parameters, headers={"If-None-Match": tag}).status_code == 304


def test_the_document_describes_the_answer(client):
    document = client.get("/openapi.json").json()
    answer = document["paths"][PATH]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    schema = document["components"]["schemas"][answer["$ref"].rsplit("/", 1)[1]]
    assert set(client.get(PATH, params={"a": FIRST, "b": SECOND}).json()) == set(schema["properties"])
