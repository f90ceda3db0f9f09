"""How related trials were built, over HTTP."""

import pytest

from trialkin.index import Filters, choose_weights
from trialkin.index.precedents import precedents

NCT_ID = "NCT07057778"
PATH = f"/api/v1/trials/{NCT_ID}/precedents"


def of_hits(index, hits):
    return precedents([index.trial(hit.nct_id) for hit in hits]).model_dump(by_alias=True, mode="json")


def test_the_fifty_closest_are_summed_up_with_the_source(client, index):
    answer = client.get(PATH).json()
    assert answer.pop("nctId") == NCT_ID
    source = {name: answer.pop(name) for name in ("indexVersion", "dataDate", "dataSource")}
    assert source == {"indexVersion": "0001", "dataDate": "2026-02-11", "dataSource": "ClinicalTrials.gov"}
    assert answer == of_hits(index, index.related(NCT_ID, 50))
    assert answer["n"] == len(answer["nctIds"]) == 50


def test_page_size_filters_and_weights_choose_the_trials(client, index):
    parameters = {"pageSize": 7, "filter.studyType": "INTERVENTIONAL", "preset": "same-drug"}
    answer = client.get(PATH, params=parameters).json()
    hits = index.related(NCT_ID, 7, Filters(study_type=("INTERVENTIONAL",)), choose_weights("same-drug", ""))
    assert answer["nctIds"] == [hit.nct_id for hit in hits]


def test_where_no_trial_counts_everything_is_empty(client):
    answer = client.get(PATH, params={"filter.startDate": "1900..1901"}).json()
    assert (answer["n"], answer["nctIds"], answer["primaryOutcomes"]) == (0, [], [])
    assert answer["stopped"]["share"] is None


@pytest.mark.parametrize(
    ("path", "parameters", "status", "title"),
    [
        (PATH, {"pageSize": 0}, 422, "InvalidParameter"),
        (PATH, {"pageSize": 201}, 422, "InvalidParameter"),
        (PATH, {"sort": "@relevance"}, 400, "UnknownParameter"),
        (PATH, {"preset": "no-such"}, 400, "UsageError"),
        ("/api/v1/trials/NCT99999999/precedents", {}, 404, "UnknownTrial"),
        ("/api/v1/trials/foo/precedents", {}, 400, "InvalidNctId"),
    ],
)
def test_what_cannot_be_answered_is_refused(client, path, parameters, status, title):
    response = client.get(path, params=parameters)
    assert (response.status_code, response.json()["title"]) == (status, title)


def test_the_document_describes_the_answer(client):
    document = client.get("/openapi.json").json()
    route = document["paths"]["/api/v1/trials/{nctId}/precedents"]["get"]
    answer = route["responses"]["200"]["content"]["application/json"]["schema"]
    schema = document["components"]["schemas"][answer["$ref"].rsplit("/", 1)[1]]
    assert set(client.get(PATH).json()) == set(schema["properties"])
