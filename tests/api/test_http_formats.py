"""Lists and records over HTTP as JSON, NDJSON, CSV and references, and what caches are told."""

import csv
import io
import json

import pytest

from trialkin.api import responding
from trialkin.index import Hit

NCT_ID = "NCT07057778"
TRIAL = f"/api/v1/trials/{NCT_ID}"
RELATED = f"{TRIAL}/related"
SEARCH = "/api/v1/search"
TYPES = {
    "json": "application/json",
    "ndjson": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
    "ris": "application/x-research-info-systems; charset=utf-8",
}
NAMES = [str(field.alias) for field in Hit.model_fields.values()]
SOURCE = {"indexVersion": "0001", "dataDate": "2026-02-11", "dataSource": "ClinicalTrials.gov"}


def objects(hits):
    return [hit.model_dump(by_alias=True, mode="json") for hit in hits]


@pytest.mark.parametrize("path", [TRIAL, RELATED, f"{SEARCH}?q=ITP"])
@pytest.mark.parametrize("name", TYPES)
def test_every_answer_comes_in_every_format_by_name_and_by_header(client, path, name):
    named = client.get(
        path, params={**dict(p.split("=") for p in path.partition("?")[2].split("&") if p), "format": name}
    )
    accepted = client.get(path, headers={"accept": TYPES[name].partition(";")[0]})
    assert named.status_code == accepted.status_code == 200
    assert named.content == accepted.content != b""
    for response in (named, accepted):
        assert response.headers["content-type"] == TYPES[name]
        assert response.headers["x-index-version"] == "0001"
        assert response.headers["x-data-date"] == "2026-02-11"
        assert response.headers["vary"] == "Accept, Accept-Encoding"


def test_ndjson_is_a_line_a_hit_with_its_source(client, index):
    lines = client.get(RELATED, params={"format": "ndjson", "pageSize": 3}).text.splitlines()
    assert [json.loads(line) for line in lines] == [SOURCE | one for one in objects(index.related(NCT_ID, 3))]


def test_csv_has_a_heading_and_a_row_a_hit(client, index):
    response = client.get(RELATED, params={"format": "csv", "pageSize": 3})
    rows = list(csv.reader(io.StringIO(response.text)))
    assert rows[0] == NAMES
    assert [row[1] for row in rows[1:]] == [hit.nct_id for hit in index.related(NCT_ID, 3)]
    assert response.headers["content-disposition"] == f'attachment; filename="trialkin-related-{NCT_ID}.csv"'


def test_a_list_as_references_has_one_each(client, index):
    text = client.get(RELATED, params={"format": "ris", "pageSize": 3}).text
    hits = index.related(NCT_ID, 3)
    assert text.count("TY  - DATA\r\n") == text.count("ER  - \r\n") == 3
    for hit in hits:
        assert f"UR  - https://clinicaltrials.gov/study/{hit.nct_id}\r\n" in text
        assert f"N1  - {hit.why}\r\n" in text


def test_the_chosen_fields_alone_are_given_in_their_order(client, index):
    wanted = {"fields": "title,rank|nctid", "pageSize": 2}
    expected = [{"title": hit.title, "rank": hit.rank, "nctId": hit.nct_id} for hit in index.related(NCT_ID, 2)]
    assert client.get(RELATED, params=wanted).json()["hits"] == expected
    assert client.get(RELATED, params=wanted | {"format": "csv"}).text.splitlines()[0] == "title,rank,nctId"
    lines = client.get(RELATED, params=wanted | {"format": "ndjson"}).text.splitlines()
    assert [json.loads(line) for line in lines] == [SOURCE | one for one in expected]


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"fields": "colour"}, "A hit has no field 'colour'."),
        ({"fields": ""}, "fields names no field."),
        ({"fields": " , |"}, "fields names no field."),
        ({"fields": "title", "format": "ris"}, "always whole"),
    ],
)
def test_fields_that_cannot_be_given_are_refused(client, parameters, reason):
    said = client.get(RELATED, params=parameters)
    assert said.status_code == 400
    assert reason in said.json()["detail"]


def test_a_format_that_is_not_there_is_refused_by_name_and_by_header(client):
    assert client.get(RELATED, params={"format": "xml"}).status_code == 422
    refused = client.get(RELATED, headers={"accept": "application/xml"})
    assert refused.status_code == 406
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["title"] == "NotAcceptable"
    assert client.get(RELATED, params={"format": "csv"}, headers={"accept": "application/xml"}).status_code == 200


def test_a_record_as_csv_is_a_row_of_all_its_fields(client, index):
    (row,) = csv.DictReader(io.StringIO(client.get(TRIAL, params={"format": "csv"}).text))
    trial = index.trial(NCT_ID)
    assert row["nctId"] == NCT_ID
    assert row["conditions"] == "|".join(trial.conditions)
    assert [one["name"] for one in json.loads(row["interventions"])] == [one.name for one in trial.interventions]


def test_a_record_as_a_reference_has_its_summary(client, index):
    text = client.get(TRIAL, params={"format": "ris"}).text
    assert f"AB  - {' '.join(index.trial(NCT_ID).brief_summary.split())}\r\n" in text


# Caches


@pytest.mark.parametrize("path", [TRIAL, RELATED, f"{SEARCH}?q=ITP", "/api/v1/facets", "/api/v1/version"])
def test_whoever_has_the_answer_is_told_so_without_it(client, path):
    first = client.get(path)
    assert first.headers["cache-control"] == "public, max-age=60, must-revalidate"
    for known in (first.headers["etag"], f'"other", {first.headers["etag"]}', "*"):
        again = client.get(path, headers={"if-none-match": known})
        assert (again.status_code, again.content) == (304, b"")
        for name in ("etag", "cache-control", "vary"):
            assert again.headers[name] == first.headers[name]
    assert client.get(path, headers={"if-none-match": '"other"'}).status_code == 200


def test_the_tag_is_another_for_each_question_format_index_and_program(client, monkeypatch):
    def tag(path, **parameters):
        return client.get(path, params=parameters).headers["etag"]

    tags = [
        tag(RELATED),
        tag(RELATED, pageSize=5),
        tag(RELATED, format="csv"),
        tag(TRIAL),
        tag(SEARCH, q="ITP"),
        tag(SEARCH, q="ITP", preset="same-drug"),
    ]
    assert len(set(tags)) == len(tags)
    assert tag(SEARCH, preset="same-drug", q="ITP") == tags[-1]
    monkeypatch.setattr(responding, "__version__", "9.9.9")
    assert tag(RELATED) != tags[0]


def test_a_tag_does_not_make_a_trial_that_is_not_there(client):
    path = "/api/v1/trials/NCT99999999"
    assert client.get(path, headers={"if-none-match": "*"}).status_code == 404


def test_errors_are_not_kept(client):
    assert client.get("/api/v1/trials/NCT99999999").headers["cache-control"] == "no-store"


def test_answers_are_compressed_for_whoever_takes_it(client):
    plain = client.get(RELATED, headers={"accept-encoding": "identity"})
    packed = client.get(RELATED, headers={"accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 2
    assert plain.content == packed.content
    assert plain.headers["etag"] == packed.headers["etag"]
