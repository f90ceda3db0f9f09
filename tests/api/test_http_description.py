"""The OpenAPI document of the routes."""

import pytest

from support.routes import FILTERS, LIST_NAMES, NCT_ID, RELATED, SEARCH
from trialkin.index import Hit


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
