"""A server picks up what is published, and neither stops answering nor waits because of it."""

import gc
import importlib
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

from trialkin.api import serving
from trialkin.api.app import create_app
from trialkin.api.serving import ServedIndex
from trialkin.data import Trial, upsert
from trialkin.errors import IndexDamaged, IndexMissing, ModelError
from trialkin.index import Index, Versions, build

NCT_ID = "NCT07057778"
RELATED = f"/api/v1/trials/{NCT_ID}/related"
NEVER = 3600.0
"""Seconds between looks where a test looks itself."""
PATIENCE = 60
"""Seconds after which a test that waits gives up."""


@pytest.fixture
def served(home, settings_of):
    return ServedIndex(settings_of(home), every=NEVER)


@pytest.fixture
def client(home, settings_of, monkeypatch):
    """A client of a server that follows new versions only when its `served` is told to look."""
    monkeypatch.setattr(ServedIndex.__init__, "__defaults__", (NEVER,))
    with TestClient(create_app(settings_of(home))) as client:
        yield client


@pytest.fixture
def slow(monkeypatch):
    """Opening version 0002 takes until the test lets it go on.

    Attributes: begun, go_on (events).
    """

    class Slow(Index):
        begun, go_on = threading.Event(), threading.Event()

        def __init__(self, folder, *given, **named):
            if folder.name == "0002":
                self.begun.set()
                self.go_on.wait(PATIENCE)
            super().__init__(folder, *given, **named)

    monkeypatch.setattr(serving, "Index", Slow)
    return Slow


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
    served = ServedIndex(settings_of(tmp_path / "new"), every=NEVER)
    for _ in range(2):
        with pytest.raises(IndexMissing):
            served.get()
    shutil.copytree(home, tmp_path / "new")
    assert served.get().version == "0001"


@pytest.fixture
def opened(monkeypatch):
    """The names of the versions that were opened, in order."""
    names = []

    class Counted(Index):
        def __init__(self, folder, *given, **named):
            names.append(folder.name)
            super().__init__(folder, *given, **named)

    monkeypatch.setattr(serving, "Index", Counted)
    return names


def test_an_index_is_opened_once_and_shared_by_all_requests(served, opened):
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
    assert opened == ["0001"]
    assert {id(one) for one in found} == {id(served.get())}


def test_a_new_version_is_served_while_requests_under_way_keep_theirs(served, publish):
    old = served.get()
    publish("0002")
    served.look()
    new = served.get()
    assert (old.version, new.version) == ("0001", "0002")
    assert old.related(NCT_ID) == new.related(NCT_ID)


def test_a_new_version_is_noticed_without_any_request(home, settings_of, publish, opened):
    served = ServedIndex(settings_of(home), every=0.01)
    served.get()
    publish("0002")
    for _ in range(100 * PATIENCE):
        if served.get().version == "0002":
            break
        time.sleep(0.01)
    assert served.get().version == "0002"
    assert opened == ["0001", "0002"]


def test_the_thread_that_follows_ends_with_what_it_follows(home, settings_of):
    served = ServedIndex(settings_of(home), every=NEVER)
    before = set(threading.enumerate())
    served.get()
    (follower,) = [one for one in set(threading.enumerate()) - before if one.name == "trialkin-follow"]
    del served
    gc.collect()
    follower.join(PATIENCE)
    assert not follower.is_alive()


def test_a_process_ends_only_once_a_look_under_way_has_ended(built, environment):
    """Cut off inside C++, by the end of the interpreter, it would abort the process."""
    script = """
import threading, time
from trialkin.api.serving import ServedIndex
from trialkin.settings import Settings

begun = threading.Event()

def look(self):
    if not begun.is_set():
        begun.set()
        time.sleep(0.5)
        print("looked", flush=True)

ServedIndex.look = look
served = ServedIndex(Settings(), every=0.01)
served.get()
assert begun.wait(60)
"""
    ended = subprocess.run(
        [sys.executable, "-c", script], env=environment(built.home), capture_output=True, text=True, check=False
    )
    assert (ended.stdout, ended.stderr, ended.returncode) == ("looked\n", "", 0)


def test_a_rollback_is_followed_too(served, home, publish):
    served.get()
    publish("0002")
    served.look()
    assert served.get().version == "0002"
    Versions(home / "index").point("0001")
    served.look()
    assert served.get().version == "0001"


def test_a_new_version_of_the_same_model_shares_its_encoder(served, publish, monkeypatch):
    served.get().warm_up()
    publish("0002")
    opening = importlib.import_module("trialkin.index.opening")
    monkeypatch.setattr(opening, "load_encoder", lambda *_: pytest.fail("the model was loaded again"))
    served.look()
    assert served.get().version == "0002"
    assert served.get().search("iguratimod")


def test_a_damaged_new_version_is_reported_and_the_old_one_goes_on(served, publish, caplog):
    before = served.get().related(NCT_ID)
    publish("0002", whole=False)
    served.look()
    assert served.get().version == "0001"
    assert served.get().related(NCT_ID) == before
    assert "version 0001 goes on answering" in caplog.text
    assert "title.faiss" in caplog.text


def test_a_damaged_version_is_tried_once_and_reported_once(served, publish, opened, caplog):
    served.get()
    publish("0002", whole=False)
    for _ in range(5):
        served.look()
    assert opened == ["0001", "0002"]
    assert caplog.text.count("goes on answering") == 1
    publish("0003")
    served.look()
    assert served.get().version == "0003"


def test_a_version_that_was_refused_is_tried_again_after_a_rollback(served, home, built, publish):
    served.get()
    publish("0002", whole=False)
    served.look()
    versions = Versions(home / "index")
    versions.point("0001")
    served.look()
    title = home / "index" / "0002" / "dense" / "title.faiss"
    shutil.copyfile(built.home / "index" / "0001" / "dense" / "title.faiss", title)
    versions.point("0002")
    served.look()
    assert served.get().version == "0002"


def test_an_unexpected_failure_of_a_new_version_is_survived_too(served, publish, monkeypatch, caplog):
    served.get()

    def fail(*_):
        raise ZeroDivisionError("invented")

    monkeypatch.setattr(Index, "warm_up", fail)
    publish("0002")
    served.look()
    assert served.get().version == "0001"
    assert "ZeroDivisionError: invented" in caplog.text


@pytest.mark.parametrize(("searchable", "version"), [(True, "0001"), (False, "0002")])
def test_a_version_that_cannot_be_searched_answers_only_where_the_old_one_could_not_either(
    served, publish, monkeypatch, searchable, version
):
    index = served.get()
    if searchable:
        index.warm_up()

    def fail(*_):
        raise ModelError("Another model.")

    monkeypatch.setattr(Index, "warm_up", fail)
    publish("0002")
    served.look()
    assert served.get().version == version


@pytest.mark.parametrize("pointer", ["0009\n", "", "rubbish", None])
def test_a_damaged_pointer_does_not_stop_the_server(served, home, pointer, caplog):
    served.get()
    current = home / "index" / "CURRENT"
    if pointer is None:
        current.unlink()
    else:
        current.write_text(pointer)
    for _ in range(3):
        served.look()
    assert served.get().version == "0001"
    assert caplog.text.count("goes on answering") == 1
    current.write_text("0001\n")
    served.look()
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


def test_over_http_a_build_is_answered_from_without_a_restart(client, home, settings_of, silent):
    new = Trial(nct_id="NCT00000001", brief_title="Iguratimod and rituximab for relapsed immune thrombocytopenia")
    assert client.get("/api/v1/version").json()["indexVersion"] == "0001"
    assert client.get(f"/api/v1/trials/{new.nct_id}").status_code == 404
    upsert(home / "snapshot", [new], "one more")
    assert build(settings_of(home), silent).version == "0002"
    client.app.state.served.look()
    version = client.get("/api/v1/version").json()
    assert (version["indexVersion"], version["trials"]) == ("0002", 264)
    assert client.get(f"/api/v1/trials/{new.nct_id}").json()["briefTitle"] == new.brief_title
    related = client.get(RELATED, params={"pageSize": 20}).json()
    assert new.nct_id in [hit["nctId"] for hit in related["hits"]]
    assert client.get("/api/v1/search", params={"q": new.brief_title}).json()["hits"][0]["nctId"] == new.nct_id


def test_over_http_the_old_version_answers_if_the_new_one_is_damaged(client, publish):
    before = client.get(RELATED).json()
    publish("0002", whole=False)
    client.app.state.served.look()
    assert client.get(RELATED).json() == before
    assert client.get("/readyz").status_code == 200


def test_over_http_no_request_waits_while_a_version_is_slow_to_open(client, publish, slow):
    client.get(RELATED)
    publish("0002")
    with ThreadPoolExecutor() as pool:
        looking = pool.submit(client.app.state.served.look)
        assert slow.begun.wait(PATIENCE)
        answers = [client.get(path) for path in (RELATED, "/api/v1/search?q=itp", "/api/v1/version", "/readyz") * 5]
        assert not looking.done()  # all of them were answered before it was open
        slow.go_on.set()
        looking.result()
    assert {one.status_code for one in answers} == {200}
    assert {one.json().get("indexVersion", "0001") for one in answers} == {"0001"}
    assert client.get(RELATED).json()["indexVersion"] == "0002"


def test_over_http_no_request_is_dropped_while_versions_change(client, publish):
    """Requests of several clients all the time, over five changes of version."""
    over, seen = threading.Event(), []

    def ask():
        answers = []
        while not over.is_set():
            answers.append(client.get(RELATED))
        return answers

    with ThreadPoolExecutor() as pool:
        asking = [pool.submit(ask) for _ in range(2)]
        for name in ("0002", "0003", "0004", "0005", "0006"):
            publish(name)
            client.app.state.served.look()
            seen.append(client.get("/api/v1/version").json()["indexVersion"])
        over.set()
        answers = [answer for one in asking for answer in one.result()]
    assert seen == ["0002", "0003", "0004", "0005", "0006"]
    assert {one.status_code for one in answers} == {200}
    assert len({str([hit["nctId"] for hit in one.json()["hits"]]) for one in answers}) == 1


def test_over_http_a_request_under_way_finishes_on_the_version_that_it_began_with(client, publish, monkeypatch):
    begun, go_on, related = threading.Event(), threading.Event(), Index.related

    def slow_related(index, *given, **named):
        if index.version == "0001":
            begun.set()
            assert go_on.wait(PATIENCE)
        return related(index, *given, **named)

    monkeypatch.setattr(Index, "related", slow_related)
    publish("0002")
    with ThreadPoolExecutor() as pool:
        answer = pool.submit(client.get, RELATED)
        assert begun.wait(PATIENCE)
        client.app.state.served.look()
        assert client.get(RELATED).json()["indexVersion"] == "0002"
        go_on.set()
        assert answer.result().status_code == 200
        assert answer.result().json()["indexVersion"] == "0001"
