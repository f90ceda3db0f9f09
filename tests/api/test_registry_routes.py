"""`GET /api/v1/studies` and `/studies/{nctId}`: the registry's own API over the index, and a client written for it."""

import csv
import io
import json
import shutil
import threading
import time

import pytest
import uvicorn
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from trialkin.api.app import create_app
from trialkin.api.registry_csv import COLUMNS
from trialkin.data.study_json import trial_from_study
from trialkin.index import Aspect, Filters

ROUTE = "/api/v1/studies"
NCT_ID, OTHER = "NCT07057778", "NCT05302024"
TERM = "iguratimod for steroid-resistant ITP"


def ask(client, status=200, path=ROUTE, **parameters):
    named = {name.replace("__", "."): str(value) for name, value in parameters.items()}
    response = client.get(path, params=named, follow_redirects=False)
    assert response.status_code == status, response.text
    return response.json()


def ids(answer):
    return [one["protocolSection"]["identificationModule"]["nctId"] for one in answer["studies"]]


def test_words_are_answered_by_the_index_s_search(client, index):
    answer = ask(client, query__term=TERM, pageSize=20, fields="NCTId", countTotal="true")
    hits = index.search(TERM, 1000, explain=False)
    assert ids(answer) == [hit.nct_id for hit in hits[:20]]
    assert answer["totalCount"] == len(hits)


def test_words_of_a_condition_and_an_intervention_count_more(client, index):
    answer = ask(client, query__cond="ITP", query__intr="rituximab", fields="NCTId")
    weights = {Aspect.CONDITION: 2.0, Aspect.INTERVENTION: 2.0}
    assert ids(answer) == [hit.nct_id for hit in index.search("ITP rituximab", 10, weights=weights)]


def test_joining_words_brackets_and_quotes_are_left_out(client):
    plain = ask(client, query__term="ITP rituximab", fields="NCTId")
    assert ask(client, query__term='(ITP AND "rituximab")', fields="NCTId")["studies"] == plain["studies"]


def test_without_words_all_studies_are_listed_once_over_the_pages(client, index):
    seen, token, pages = [], None, 0
    while pages == 0 or token:
        answer = ask(client, pageSize=100, fields="NCTId", countTotal="true", **({"pageToken": token} if token else {}))
        assert ("totalCount" in answer) == (pages == 0)
        seen, token, pages = seen + ids(answer), answer.get("nextPageToken"), pages + 1
    assert (seen, pages) == (index.nct_ids(), 3)


def test_pages_of_a_search_fit_together(client):
    whole = ask(client, query__term=TERM, pageSize=1000, fields="NCTId")
    seen, token = [], None
    while not seen or token:
        answer = ask(client, query__term=TERM, pageSize=7, fields="NCTId", **({"pageToken": token} if token else {}))
        seen, token = seen + ids(answer), answer.get("nextPageToken")
    assert seen == ids(whole)
    assert "nextPageToken" not in whole


def test_filters_are_the_index_s_own(client, index):
    answer = ask(
        client,
        query__term=TERM,
        filter__overallStatus="COMPLETED|UNKNOWN",
        filter__advanced="AREA[Phase](PHASE2 OR PHASE3) AND AREA[StartDate]RANGE[2015-01-01,MAX]",
        fields="NCTId",
    )
    filters = Filters(status=("COMPLETED", "UNKNOWN"), phase=("PHASE2", "PHASE3"), start_from="2015-01-01")
    assert ids(answer) == [hit.nct_id for hit in index.search(TERM, 10, filters)]
    assert ids(answer)
    listed = ask(client, filter__overallStatus="RECRUITING", pageSize=1000, fields="NCTId,OverallStatus")
    assert len(ids(listed)) == index.count(Filters(status=("RECRUITING",)))
    assert {one["protocolSection"]["statusModule"]["overallStatus"] for one in listed["studies"]} == {"RECRUITING"}


def test_ids_choose_from_all_or_from_those_found(client):
    assert ids(ask(client, filter__ids=f"{NCT_ID}|nct 5302024,NCT99999999")) == [OTHER, NCT_ID]
    assert ids(ask(client, query__term=NCT_ID)) == [NCT_ID]
    assert ids(ask(client, query__term=f"{NCT_ID} {OTHER}", filter__ids=OTHER)) == [OTHER]
    assert ids(ask(client, query__term="iguratimod", filter__ids=NCT_ID)) == [NCT_ID]


def test_studies_are_sorted_with_those_without_a_value_last(client):
    answer = ask(client, sort="LastUpdatePostDate:desc,NCTId", pageSize=1000, fields="NCTId,LastUpdatePostDate")
    dates = [
        one["protocolSection"].get("statusModule", {}).get("lastUpdatePostDateStruct", {}).get("date")
        for one in answer["studies"]
    ]
    present = [date for date in dates if date]
    assert dates == sorted(present, reverse=True) + [None] * (len(dates) - len(present))
    found = ask(client, query__term=TERM, sort="EnrollmentCount", pageSize=1000, fields="EnrollmentCount")
    counts = [one["protocolSection"]["designModule"]["enrollmentInfo"]["count"] for one in found["studies"] if one]
    assert counts == sorted(counts)
    assert len(counts) > 5


def test_a_page_of_no_studies_still_counts_and_one_that_is_too_large_is_cut(client):
    assert ask(client, pageSize=0, countTotal="true") == {"totalCount": 263, "studies": []}
    assert len(ask(client, pageSize=5000, fields="NCTId")["studies"]) == 263


def test_a_study_is_the_record_in_the_registry_s_shape(client, index):
    study = ask(client, path=f"{ROUTE}/nct%207057778")
    assert trial_from_study(study) == index.trial(NCT_ID)
    assert ask(client, filter__ids=NCT_ID)["studies"] == [study]


def test_fields_are_pieces_or_modules(client, index):
    record = index.trial(NCT_ID)
    study = ask(client, path=f"{ROUTE}/{NCT_ID}", fields="NCTId|Condition,protocolSection.statusModule,LargeDocLabel")
    assert set(study["protocolSection"]) == {"identificationModule", "conditionsModule", "statusModule"}
    assert study["protocolSection"]["identificationModule"] == {"nctId": NCT_ID}
    assert study["protocolSection"]["conditionsModule"] == {"conditions": list(record.conditions)}
    assert study["protocolSection"]["statusModule"]["startDateStruct"]["date"] == record.start_date.date


def test_texts_are_markdown_or_plain(tmp_path, home, run, settings_of):
    folder = tmp_path / "marked.jsonl"
    study = {
        "protocolSection": {
            "identificationModule": {"nctId": "NCT00000001", "nctIdAliases": ["NCT00000002"], "briefTitle": "Marks"},
            "descriptionModule": {"briefSummary": "\\* no bullet & \\&lt;"},
        }
    }
    folder.write_text(json.dumps(study))
    shutil.rmtree(home / "snapshot")
    assert run(home, "import", folder).returncode == 0
    assert run(home, "build").returncode == 0
    with TestClient(create_app(settings_of(home))) as client:

        def summary(**parameters):
            answer = ask(client, path=f"{ROUTE}/NCT00000001", **parameters)
            return answer["protocolSection"]["descriptionModule"]["briefSummary"]

        assert summary() == "\\* no bullet &amp; <"
        assert summary(markupFormat="legacy") == "* no bullet & <"
        moved = client.get(f"{ROUTE}/NCT00000002?fields=NCTId", follow_redirects=False)
        assert moved.status_code == 301
        assert moved.headers["location"].endswith(f"{ROUTE}/NCT00000001?fields=NCTId")
        assert client.get(f"{ROUTE}/NCT00000002?fields=NCTId").json() == {
            "protocolSection": {"identificationModule": {"nctId": "NCT00000001"}}
        }
        ask(client, 404, f"{ROUTE}/NCT00000003")


def test_csv_has_the_registry_s_columns_and_says_the_rest_in_headers(client):
    response = client.get(ROUTE, params={"query.term": TERM, "format": "csv", "pageSize": 3, "countTotal": "true"})
    assert response.headers["content-type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(response.text)))
    assert rows[0] == list(COLUMNS)
    assert len(rows) == 4
    assert int(response.headers["x-total-count"]) > 3
    following = {"query.term": TERM, "format": "csv", "pageSize": 3, "pageToken": response.headers["x-next-page-token"]}
    assert client.get(ROUTE, params=following).status_code == 200
    chosen = client.get(ROUTE, params={"format": "csv", "fields": "study title|NCT Number", "pageSize": 1})
    assert chosen.text.splitlines()[0] == "Study Title,NCT Number"


@pytest.mark.parametrize(
    ("parameters", "status", "reason"),
    [
        ({"query.outc": "pain"}, 400, "There is no parameter 'query.outc'."),
        ({"query.term": "AREA[Phase]PHASE2"}, 400, "know no operator AREA"),
        ({"query.cond": "asthma NOT children"}, 400, "know no operator NOT"),
        ({"filter.advanced": "AREA[Sex]FEMALE"}, 400, "filter.advanced cannot be honoured"),
        (
            {"filter.advanced": "AREA[OverallStatus]RECRUITING", "filter.overallStatus": "COMPLETED"},
            400,
            "filtered twice",
        ),
        ({"filter.overallStatus": "OPEN"}, 400, "No trial has status 'OPEN'."),
        ({"filter.ids": "NCT1,ITP"}, 400, "'ITP' is not an NCT id."),
        ({"filter.geo": "near Oslo"}, 400, "near Oslo"),
        ({"fields": "BreifTitle"}, 400, "A study has no field 'BreifTitle'."),
        ({"fields": ","}, 400, "fields names no field."),
        ({"fields": "NCTId", "format": "csv"}, 400, "CSV has no column 'NCTId'."),
        ({"sort": "Colour"}, 400, "Lists are not sorted by 'Colour'."),
        ({"sort": "PrimaryCompletionDate"}, 400, "not sorted by PrimaryCompletionDate"),
        ({"pageToken": "abc"}, 400, "The pageToken is damaged"),
        ({"pageToken": "abc.10"}, 400, "The pageToken is damaged"),
        ({"pageToken": "abc.²"}, 400, "The pageToken is damaged"),
        ({"pageSize": "-1"}, 422, "'pageSize'"),
        ({"pageSize": "many"}, 422, "'pageSize'"),
        ({"format": "xml"}, 422, "'format'"),
        ({"markupFormat": "html"}, 422, "'markupFormat'"),
    ],
)
def test_what_cannot_be_honoured_is_refused_with_the_reason(client, parameters, status, reason):
    response = client.get(ROUTE, params=parameters)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert reason in response.json()["detail"]
    assert response.json()["hint"]


def test_a_token_is_of_one_list(client):
    token = ask(client, query__term=TERM, pageSize=2)["nextPageToken"]
    assert ask(client, query__term=TERM, pageSize=4, pageToken=token)["studies"]
    said = ask(client, 400, query__term="asthma", pageSize=2, pageToken=token)
    assert "of another list" in said["detail"]


@pytest.mark.parametrize(("nct_id", "status"), [("ITP", 400), ("NCT00000000", 400), ("NCT99999999", 404)])
def test_a_study_that_is_not_there_is_a_problem(client, nct_id, status):
    assert ask(client, status, f"{ROUTE}/{nct_id}")["hint"]


NAMES = [
    "query.term",
    "query.cond",
    "filter.ids",
    "filter.advanced",
    "filter.geo",
    "fields",
    "sort",
    "pageToken",
    "format",
]
VALUES = st.text(max_size=8) | st.sampled_from(["NCTId", "AREA[Phase]PHASE2", NCT_ID, "csv", "StartDate:desc", "ITP"])


@hypothesis_settings(max_examples=150)
@given(parameters=st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4))
def test_no_question_is_an_error_of_the_server(client, parameters):
    assert client.get(ROUTE, params={"pageSize": 1} | parameters).status_code in (200, 400, 422)


def test_the_routes_are_described(client):
    paths = client.get("/openapi.json").json()["paths"]
    names = {one["name"] for one in paths[ROUTE]["get"]["parameters"]}
    assert {"query.term", "filter.advanced", "pageToken", "markupFormat"} <= names
    assert {"200", "301", "400", "404"} <= set(paths[f"{ROUTE}/{{nctId}}"]["get"]["responses"])


@pytest.fixture(scope="module")
def address(built, settings_of):
    """The address of a server of its own thread, which a client of any kind can be given."""
    server = uvicorn.Server(uvicorn.Config(create_app(settings_of(built.home)), port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}/api/v1/"
    server.should_exit = True
    thread.join(timeout=30)


@pytest.fixture
def pytrials(address, monkeypatch):
    """A client that was written for the registry, with nothing changed but the address."""
    module = pytest.importorskip("pytrials.client")
    monkeypatch.setattr(module.ClinicalTrials, "_BASE_URL", address)
    return module.ClinicalTrials()


def test_a_client_of_the_registry_learns_the_version_and_the_date(pytrials):
    assert pytrials.api_info == ("2.0.5", "2026-02-11T00:00:00")


def test_a_client_of_the_registry_gets_full_studies_as_json_and_csv(pytrials, index):
    found = pytrials.get_full_studies("iguratimod+ITP", max_studies=5, fmt="json")
    expected = [hit.nct_id for hit in index.search("iguratimod ITP", 5)]
    assert ids(found) == expected
    assert trial_from_study(found["studies"][0]) == index.trial(expected[0])
    rows = pytrials.get_full_studies("iguratimod+ITP", max_studies=5)
    assert rows[0] == list(COLUMNS)
    assert [row[0] for row in rows[1:] if row and row[0].startswith("NCT")] == expected


def test_a_client_of_the_registry_gets_fields_as_json_and_csv(pytrials, index):
    (best,) = index.search("iguratimod ITP", 1)
    found = pytrials.get_study_fields("iguratimod+ITP", ["NCTId", "Condition", "BriefTitle"], max_studies=1, fmt="json")
    assert found["studies"] == [
        {
            "protocolSection": {
                "identificationModule": {"nctId": best.nct_id, "briefTitle": best.title},
                "conditionsModule": {"conditions": list(best.conditions)},
            }
        }
    ]
    rows = pytrials.get_study_fields("iguratimod+ITP", ["NCT Number", "Conditions"], max_studies=1)
    assert rows == [["NCT Number", "Conditions"], [best.nct_id, "|".join(best.conditions)]]


def test_a_client_of_the_registry_may_ask_for_every_field_it_knows(pytrials):
    known = pytrials.study_fields
    assert pytrials.get_study_fields("ITP", sorted(set(known["json"])), max_studies=2, fmt="json")["studies"]
    assert pytrials.get_study_fields("ITP", known["csv"], max_studies=2, fmt="csv")[0] == known["csv"]
