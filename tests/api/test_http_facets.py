"""`GET /api/v1/facets`."""

import csv
import io
import json

import pytest

from trialkin.index import Filters
from trialkin.index.facets import FACETS

ROUTE = "/api/v1/facets"
NCT_ID = "NCT07057778"


def plain(facets):
    return [one.model_dump(by_alias=True, mode="json") for one in facets]


def test_all_trials_are_counted_by_every_field(client, index):
    answer = client.get(ROUTE).json()
    assert (answer["indexVersion"], answer["dataDate"], answer["trials"]) == ("0001", "2026-02-11", len(index))
    assert answer["facets"] == plain(index.facets())
    assert [one["field"] for one in answer["facets"]] == list(FACETS)


def test_filters_narrow_what_is_counted(client, index):
    answer = client.get(ROUTE, params={"filter.phase": "PHASE2", "fields": "phases,sex"}).json()
    filters = Filters(phase=("PHASE2",))
    assert answer["trials"] == index.count(filters) < len(index)
    assert answer["facets"] == [
        one for one in plain(index.facets(filters=filters)) if one["field"] in ("phases", "sex")
    ]


@pytest.mark.parametrize(("name", "value"), [("nctId", "nct 7057778"), ("q", "ITP")])
def test_the_list_of_a_trial_or_a_search_is_counted(client, index, name, value):
    answer = client.get(ROUTE, params={name: value, "preset": "same-drug", "most": 3}).json()
    hits = (index.related if name == "nctId" else index.search)(value, 1000, explain=False)
    assert answer[name] == (NCT_ID if name == "nctId" else value)
    assert 0 < answer["trials"] < len(index)
    unweighted = client.get(ROUTE, params={name: value, "most": 3}).json()
    assert unweighted["trials"] == len(hits)
    assert unweighted["facets"] == plain(index.facets([hit.nct_id for hit in hits], most=3))


def test_counts_come_as_csv_and_line_by_line(client):
    parameters = {"fields": "startYear,overallStatus"}
    facets = client.get(ROUTE, params=parameters).json()["facets"]
    rows = list(csv.DictReader(io.StringIO(client.get(ROUTE, params={**parameters, "format": "csv"}).text)))
    for one in facets:
        counted = {row["value"]: int(row["count"]) for row in rows if row["field"] == one["field"]}
        missing = {"": one["missing"]} if one["missing"] else {}
        assert counted == {value["value"]: value["count"] for value in one["values"]} | missing
    lines = client.get(ROUTE, params={**parameters, "format": "ndjson"}).text.splitlines()
    assert [json.loads(line)["field"] for line in lines] == ["startYear", "overallStatus"]


@pytest.mark.parametrize(
    ("parameters", "status", "reason"),
    [
        ({"nctId": NCT_ID, "q": "ITP"}, 400, "two lists"),
        ({"nctId": "ITP"}, 400, "not an NCT id"),
        ({"nctId": "NCT99999999"}, 404, "not among"),
        ({"q": ""}, 400, "empty"),
        ({"preset": "same-drug"}, 400, "Weights change nothing"),
        ({"fields": "colour"}, 400, "'colour'"),
        ({"most": 0}, 422, "'most'"),
        ({"filter.country": "Atlantis"}, 400, "Atlantis"),
        ({"format": "ris"}, 422, "'format'"),
        ({"pageSize": 5}, 400, "'pageSize'"),
    ],
)
def test_what_cannot_be_counted_is_refused(client, parameters, status, reason):
    response = client.get(ROUTE, params=parameters)
    assert response.status_code == status
    assert reason in response.json()["detail"]
