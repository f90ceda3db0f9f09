"""A server picks up what is published, and never stops answering because of it."""

import shutil
import threading

import pytest
from fastapi.testclient import TestClient

from trialkin.api import serving
from trialkin.api.app import create_app
from trialkin.api.serving import ServedIndex
from trialkin.data import Trial, upsert
from trialkin.errors import IndexDamaged, IndexMissing
from trialkin.index import build, open_index

NCT_ID = "NCT07057778"


@pytest.fixture
def served(home, settings_of):
    return ServedIndex(settings_of(home))


@pytest.fixture
def publish(home):
    """Publish a copy of version 0001 under another name."""

    def as_version(name, *, whole=True):
        folder = home / "index" / name
        shutil.copytree(home / "index" / "0001", folder)
        if not whole:
            (folder / "dense" / "title.faiss").write_bytes(b"rubbish")
        (home / "index" / "CURRENT").write_text(f"{name}\n")

    return as_version


def test_without_an_index_there_is_nothing_to_serve_until_one_is_published(tmp_path, home, settings_of):
    served = ServedIndex(settings_of(tmp_path / "new"))
    for _ in range(2):
        with pytest.raises(IndexMissing):
            served.get()
    shutil.copytree(home, tmp_path / "new")
    assert served.get().version == "0001"


def test_an_index_is_opened_once_and_shared_by_all_requests(served, monkeypatch):
    opened = []
    monkeypatch.setattr(serving, "open_index", lambda **given: opened.append(1) or open_index(**given))
    together = threading.Barrier(8)
    found = []

    def ask():
        together.wait()
        found.append(served.get())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert opened == [1]
    assert {id(one) for one in found} == {id(served.get())}


def test_a_new_version_is_served_while_requests_under_way_keep_theirs(served, publish):
    old = served.get()
    publish("0002")
    new = served.get()
    assert (old.version, new.version) == ("0001", "0002")
    assert old.related(NCT_ID) == new.related(NCT_ID)


def test_a_rollback_is_followed_too(served, home, publish):
    publish("0002")
    assert served.get().version == "0002"
    (home / "index" / "CURRENT").write_text("0001\n")
    assert served.get().version == "0001"


def test_a_damaged_new_version_is_reported_and_the_old_one_goes_on(served, publish, caplog):
    before = served.get().related(NCT_ID)
    publish("0002", whole=False)
    assert served.get().version == "0001"
    assert served.get().related(NCT_ID) == before
    assert "version 0001 goes on answering" in caplog.text
    assert "title.faiss" in caplog.text


def test_a_damaged_version_is_tried_once_and_not_for_every_request(served, publish, monkeypatch):
    served.get()
    tried = []
    monkeypatch.setattr(serving, "open_index", lambda **given: tried.append(1) or open_index(**given))
    publish("0002", whole=False)
    for _ in range(5):
        served.get()
    assert tried == [1]
    publish("0003")
    assert served.get().version == "0003"


@pytest.mark.parametrize("pointer", ["0009\n", "", "rubbish", None])
def test_a_damaged_pointer_does_not_stop_the_server(served, home, pointer):
    served.get()
    current = home / "index" / "CURRENT"
    if pointer is None:
        current.unlink()
    else:
        current.write_text(pointer)
    assert served.get().version == "0001"
    current.write_text("0001\n")
    assert served.get().version == "0001"


def test_a_damaged_first_version_is_an_error_until_a_whole_one_follows(served, built, home, publish):
    (home / "index" / "0001" / "dense" / "title.faiss").write_bytes(b"rubbish")
    with pytest.raises(IndexDamaged, match=r"title\.faiss"):
        served.get()
    publish("0002")
    with pytest.raises(IndexDamaged, match=r"0002.*title\.faiss"):
        served.get()
    shutil.copytree(built.home / "index" / "0001", home / "index" / "0003")
    (home / "index" / "CURRENT").write_text("0003\n")
    assert served.get().version == "0003"


def test_over_http_a_build_is_answered_from_without_a_restart(home, settings_of, silent):
    settings = settings_of(home)
    new = Trial(nct_id="NCT00000001", brief_title="Iguratimod and rituximab for relapsed immune thrombocytopenia")
    with TestClient(create_app(settings)) as client:
        assert client.get("/api/v1/version").json()["indexVersion"] == "0001"
        assert client.get(f"/api/v1/trials/{new.nct_id}").status_code == 404
        upsert(home / "snapshot", [new], "one more")
        assert build(settings, silent).version == "0002"
        version = client.get("/api/v1/version").json()
        assert (version["indexVersion"], version["trials"]) == ("0002", 264)
        assert client.get(f"/api/v1/trials/{new.nct_id}").json()["briefTitle"] == new.brief_title
        related = client.get(f"/api/v1/trials/{NCT_ID}/related", params={"pageSize": 20}).json()
        assert new.nct_id in [hit["nctId"] for hit in related["hits"]]
        assert client.get("/api/v1/search", params={"q": new.brief_title}).json()["hits"][0]["nctId"] == new.nct_id


def test_over_http_the_old_version_answers_if_the_new_one_is_damaged(home, publish, settings_of):
    with TestClient(create_app(settings_of(home))) as client:
        before = client.get(f"/api/v1/trials/{NCT_ID}/related").json()
        publish("0002", whole=False)
        assert client.get(f"/api/v1/trials/{NCT_ID}/related").json() == before
        assert client.get("/readyz").status_code == 200
