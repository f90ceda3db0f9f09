import base64
import json
import logging

import pytest

from trialkin.api.api_keys import add_key, remove_key
from trialkin.api.json_logs import JsonLines

API = "/api/v1/version"
PAGE = "/page"
ROUTES = {API: lambda: "api", PAGE: lambda: "page"}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "keys"


@pytest.fixture
def key(path):
    return add_key(path, "clinic")


@pytest.fixture
def client(guarded, path, key):  # noqa: ARG001 - the key is made first
    return guarded(ROUTES, api_keys_file=path)


def check_refused(answer, challenge):
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == f'{challenge} realm="trialkin"'
    assert answer.json()["title"] == "KeyNeeded"


def basic(key, name="anybody"):
    return "Basic " + base64.b64encode(f"{name}:{key}".encode()).decode()


@pytest.mark.parametrize(
    "headers",
    [
        lambda key: {"X-API-Key": key},
        lambda key: {"Authorization": f"Bearer {key}"},
        lambda key: {"authorization": f"bearer  {key}"},
        lambda key: {"Authorization": basic(key)},
    ],
)
def test_a_key_opens_the_api(client, key, headers):
    assert client.get(API, headers=headers(key)).json() == "api"


@pytest.mark.parametrize(
    "headers",
    [
        lambda _: {},
        lambda _: {"X-API-Key": ""},
        lambda _: {"X-API-Key": "wrong"},
        lambda key: {"X-API-Key": key[:-1]},
        lambda key: {"X-API-Key": f"{key}x"},
        lambda key: {"Authorization": key},
        lambda key: {"Authorization": f"Digest {key}"},
        lambda _: {"Authorization": "Basic %%%"},
        lambda _: {"Authorization": "Basic /w=="},
        lambda key: {"Cookie": f"key={key}"},
    ],
)
def test_nothing_else_does(client, key, headers):
    check_refused(client.get(API, headers=headers(key)), "Bearer")


def test_a_key_in_the_query_string_is_none(client, key):
    check_refused(client.get(API, params={"key": key}), "Bearer")


@pytest.mark.parametrize(
    "asked", ["/api/v1/none", "/api%2fv1/version", "/%61pi/v1/version", "/api/v1/version/", "/api/"]
)
def test_no_spelling_of_a_path_passes_by(client, asked):
    answer = client.get(asked, follow_redirects=False)
    assert answer.status_code in (401, 404)
    assert answer.text != '"api"'


def test_pages_and_probes_need_no_key_unless_that_is_set(client, guarded, path, key):
    assert client.get(PAGE).json() == "page"
    closed = guarded(ROUTES, api_keys_file=path, keys_for_pages=True)
    check_refused(closed.get(PAGE), "Basic")
    assert closed.get(PAGE, headers={"Authorization": basic(key)}).json() == "page"
    for one in (client, closed):
        assert one.get("/healthz").status_code == 200
        assert one.get("/metrics").status_code == 200
        assert one.get("/static/none.js").status_code == 404


def test_a_removed_key_is_refused_at_once(client, path, key):
    assert client.get(API, headers={"X-API-Key": key}).status_code == 200
    remove_key(path, "clinic")
    check_refused(client.get(API, headers={"X-API-Key": key}), "Bearer")


def test_without_its_file_a_server_lets_nobody_in(guarded, path):
    check_refused(guarded(ROUTES, api_keys_file=path).get(API), "Bearer")


def test_without_the_setting_everybody_may_ask(guarded):
    assert guarded(ROUTES).get(API).json() == "api"


def test_the_log_tells_whose_key_it_was_and_never_the_key(client, key, caplog):
    caplog.set_level(logging.INFO, "trialkin.requests")
    client.get(API, headers={"X-API-Key": key})
    client.get(API, headers={"X-API-Key": "wrong-key"})
    lines = [json.loads(JsonLines().format(one)) for one in caplog.records if one.name == "trialkin.requests"]
    assert [(line.get("key"), line["status"], line["route"]) for line in lines] == [
        ("clinic", 200, API),
        (None, 401, API),
    ]
    assert key not in str(lines)
    assert "wrong-key" not in str(lines)


def test_the_commands_make_list_and_remove_keys(call, tmp_path, path, guarded):
    made = call(tmp_path, "keys", "add", "ward-3", api_keys_file=path)
    assert (made.returncode, made.stderr) == (0, "")
    key = made.stdout.strip()
    assert guarded(ROUTES, api_keys_file=path).get(API, headers={"X-API-Key": key}).status_code == 200
    assert call(tmp_path, "keys", "list", api_keys_file=path).stdout == "ward-3\n"
    again = call(tmp_path, "keys", "add", "ward-3", api_keys_file=path)
    assert (again.returncode, again.stdout) == (2, "")
    assert "already" in again.stderr
    assert call(tmp_path, "keys", "remove", "ward-3", api_keys_file=path).returncode == 0
    assert call(tmp_path, "keys", "list", api_keys_file=path).stdout == ""
    assert guarded(ROUTES, api_keys_file=path).get(API, headers={"X-API-Key": key}).status_code == 401


@pytest.mark.parametrize("command", [("add", "a"), ("list",), ("remove", "a")])
def test_the_commands_need_the_setting(call, tmp_path, command):
    done = call(tmp_path, "keys", *command)
    assert done.returncode == 2
    assert "TRIALKIN_API_KEYS_FILE" in done.stderr
