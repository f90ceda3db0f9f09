"""`GET /api/v1/watch`: what entered or left lists since an earlier version, over HTTP."""

import threading

import pytest
from fastapi.testclient import TestClient

from trialkin.api.app import create_app
from trialkin.api.earlier import EarlierVersion
from trialkin.api.problems import UnknownVersion
from trialkin.index import Filters, Index
from trialkin.index.watching import watch

ROUTE = "/api/v1/watch"
NCT_ID = "NCT07057778"


@pytest.fixture(scope="module")
def watching(newer, settings_of):
    with TestClient(create_app(settings_of(newer.home)), raise_server_exceptions=False) as client:
        yield client


@pytest.fixture(scope="module")
def versions(newer):
    return [Index(newer.home / "index" / name, lambda _: None) for name in ("0001", "0002")]


def told(client, status=200, **parameters):
    response = client.get(ROUTE, params={name.replace("__", "."): value for name, value in parameters.items()})
    assert response.status_code == status, response.text
    if status != 200:
        assert response.headers["content-type"] == "application/problem+json"
    return response.json()


def test_the_answer_is_the_index_s_own_with_both_versions_and_dates(watching, versions, newer):
    answer = told(watching, nctId=f"{NCT_ID},{newer.new}", pageSize=3)
    assert answer == {
        "indexVersion": "0002",
        "dataDate": versions[1].manifest.snapshot.data_date,
        "dataSource": "ClinicalTrials.gov",
        "sinceVersion": "0001",
        "sinceDataDate": versions[0].manifest.snapshot.data_date,
        "changes": [
            change.model_dump(by_alias=True, mode="json") for change in watch(*versions, [NCT_ID, newer.new], top=3)
        ],
    }
    causes = {move["nctId"]: move["cause"] for move in answer["changes"][0]["entered"] + answer["changes"][0]["left"]}
    assert (causes[newer.new], causes[newer.gone]) == ("NEW_TRIAL", "GONE_TRIAL")


def test_filters_narrow_both_lists(watching, versions):
    asked = Filters(phase=("PHASE2",))
    (change,) = told(watching, nctId=NCT_ID, filter__phase="PHASE2")["changes"]
    assert change == next(watch(*versions, [NCT_ID], filters=asked)).model_dump(by_alias=True, mode="json")


def test_a_version_is_named_in_any_spelling(watching):
    assert told(watching, nctId=NCT_ID, since="1") == told(watching, nctId=NCT_ID, since="0001")


@pytest.mark.parametrize(
    ("parameters", "status", "reason", "hint"),
    [
        ({"since": "0007"}, 404, "There is no version 0007.", "Versions to compare with are 0001."),
        ({"since": "last"}, 400, "'last' is no version of the index.", "Versions to compare with are 0001."),
        ({"since": "²"}, 400, "'²' is no version of the index.", "0001"),
        ({"since": "0002"}, 400, "Version 0002 is the one that answers.", "0001"),
        ({"nctId": "ITP"}, 400, "'ITP' is not an NCT id.", ""),
        ({"nctId": ","}, 400, "nctId names 0 trials.", ""),
        ({"nctId": ",".join([NCT_ID] * 101)}, 400, "nctId names 101 trials.", ""),
        ({"nctId": "NCT99999999"}, 404, "NCT99999999 is neither in version 0001 nor in version 0002.", ""),
        ({"pageSize": "0"}, 422, "'pageSize'", ""),
        ({"top": "3"}, 400, "There is no parameter 'top'.", ""),
        ({"filter.phase": "PHASE9"}, 400, "No trial has phase 'PHASE9'.", ""),
    ],
)
def test_what_cannot_be_compared_is_refused_with_the_reason(watching, parameters, status, reason, hint):
    response = watching.get(ROUTE, params={"nctId": NCT_ID} | parameters)
    assert response.status_code == status, response.text
    assert reason in response.json()["detail"]
    assert hint in response.json()["hint"]


def test_without_an_earlier_version_there_is_nothing_to_compare_with(client):
    said = told(client, 404, nctId=NCT_ID)
    assert said["detail"] == "There is no version before 0001 to compare with."
    assert said["hint"] == "There is no other version yet."


def test_a_version_that_cannot_be_opened_is_named_without_a_path_of_the_machine(second_version, settings_of):
    (second_version / "index" / "0001" / "cards.arrow").write_bytes(b"")
    with TestClient(create_app(settings_of(second_version))) as client:
        said = told(client, 404, nctId=NCT_ID)
    assert "Version 0001 cannot be opened" in said["detail"]
    assert str(second_version) not in said["detail"] + said["hint"]


def test_one_earlier_version_is_kept_and_opened_once_for_all_who_ask_at_the_same_time(
    newer, settings_of, versions, monkeypatch
):
    opened = []
    genuine = Index.__init__

    def counting(self, folder, *rest, **named):
        opened.append(folder.name)
        genuine(self, folder, *rest, **named)

    earlier = EarlierVersion(settings_of(newer.home))
    monkeypatch.setattr(Index, "__init__", counting)
    found = []
    threads = [threading.Thread(target=lambda: found.append(earlier.get(None, versions[1]))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert opened == ["0001"]
    assert len(set(map(id, found))) == 1
    with pytest.raises(UnknownVersion):
        earlier.get(None, versions[0])
    assert earlier.get("2", versions[0]).version == "0002"
    assert opened == ["0001", "0002"]


def test_the_route_is_described(watching):
    route = watching.get("/openapi.json").json()["paths"][ROUTE]["get"]
    assert {"nctId", "since", "pageSize", "filter.phase"} <= {one["name"] for one in route["parameters"]}
    assert {"200", "304", "400", "404", "503"} <= set(route["responses"])
