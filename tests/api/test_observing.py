"""Ids, headers, the log and the answers to what nobody expected."""

import json
import logging
import re

import orjson
import pytest
from fastapi import Request
from fastapi.responses import StreamingResponse

from trialkin.api.json_logs import JsonLines
from trialkin.api.security_headers import SECURITY_HEADERS

ROUTE = "/api/v1/trials/{nctId}"
SECRET = "hyponatraemia"


def trial(nctId: str):  # noqa: N803 - as in the API
    return {"nctId": nctId}


def fail():
    raise RuntimeError(f"could not weigh {SECRET}")


def fail_midway():
    def parts():
        yield b"first"
        raise RuntimeError("in the middle")

    return StreamingResponse(parts())


@pytest.fixture
def client(guarded):
    return guarded({ROUTE: trial, "/fail": fail, "/midway": fail_midway})


@pytest.fixture
def lines(caplog):
    """The lines that a server would have written, as objects."""
    caplog.set_level(logging.DEBUG, "trialkin.requests")
    return lambda: [json.loads(JsonLines().format(one)) for one in caplog.records if one.name == "trialkin.requests"]


def test_every_request_is_one_line_that_names_the_route_and_never_what_was_asked(client, lines):
    answer = client.get("/api/v1/trials/NCT07057778", params={"q": SECRET})
    (line,) = lines()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line.pop("time"))
    assert line.pop("ms") >= 0
    assert line == {
        "level": "info",
        "message": "request",
        "request": answer.headers["x-request-id"],
        "method": "GET",
        "route": ROUTE,
        "status": 200,
        "bytes": len(answer.content),
        "index": None,
        "client": "testclient",
    }


def test_what_was_asked_is_logged_where_that_is_set(guarded, lines):
    guarded({ROUTE: trial}, log_queries=True, log_clients=False).get(f"/api/v1/trials/NCT1?q={SECRET}")
    (line,) = lines()
    assert (line["path"], line["query"]) == ("/api/v1/trials/NCT1", f"q={SECRET}")
    assert "client" not in line


def test_a_body_is_never_logged(guarded, lines):
    guarded({"/": lambda: "done"}, log_queries=True).post("/", content=SECRET)
    assert SECRET not in str(lines())


def test_paths_without_a_route_are_all_one_in_the_log(client, lines):
    client.get(f"/nowhere/{SECRET}")
    (line,) = lines()
    assert (line["route"], line["status"]) == ("(none)", 404)
    assert SECRET not in str(line)


def test_probes_that_are_well_are_logged_as_details_and_others_as_warnings(client, lines):
    client.get("/healthz")
    client.get("/readyz")  # there is no index
    assert [(line["route"], line["level"]) for line in lines()] == [("/healthz", "debug"), ("/readyz", "warning")]


def test_an_unexpected_error_is_told_to_the_log_with_its_places_and_to_the_client_without(client, lines):
    answer = client.get("/fail")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["requestId"] == answer.headers["x-request-id"]
    assert set(SECURITY_HEADERS) <= set(answer.headers)
    assert SECRET not in answer.text
    assert "Traceback" not in answer.text
    (line,) = lines()
    assert (line["level"], line["status"], line["error"]) == ("error", 500, "RuntimeError")
    assert "in fail" in line["traceback"]
    assert f"could not weigh {SECRET}" not in str(line)  # a message may quote what was asked


def test_the_message_of_an_unexpected_error_is_logged_where_queries_are(guarded, lines):
    guarded({"/fail": fail}, log_queries=True).get("/fail")
    assert lines()[0]["error"] == f"RuntimeError: could not weigh {SECRET}"


def test_an_answer_that_breaks_off_is_logged_as_an_error(client, lines):
    client.get("/midway")
    (line,) = lines()
    assert (line["level"], line["status"], line["bytes"]) == ("error", 200, 5)
    assert "fail_midway" in line["traceback"] or "parts" in line["traceback"]


def test_who_leaves_in_the_middle_of_an_answer_is_no_error_of_the_server(guarded, lines):
    def gone():
        def parts():
            yield b"first"
            raise OSError

        return StreamingResponse(parts())

    guarded({"/gone": gone}).get("/gone")
    (line,) = lines()
    assert (line["level"], line["status"], line["bytes"]) == ("info", 200, 5)
    assert "traceback" not in line


@pytest.mark.parametrize("given", ["a", "7f3a-42.b_c:d", "x" * 64])
def test_a_sane_request_id_is_taken_over(client, given):
    answer = client.get("/nowhere", headers={"X-Request-ID": given})
    assert answer.headers["x-request-id"] == answer.json()["requestId"] == given


@pytest.mark.parametrize("given", ["", "x" * 65, "a b", 'a"b', "a\tb", "é".encode()])
def test_another_is_replaced(client, given):
    answer = client.get("/nowhere", headers={"X-Request-ID": given})
    assert re.fullmatch(r"[0-9a-f]{16}", answer.headers["x-request-id"])


def test_each_request_has_an_id_of_its_own(client):
    assert len({client.get("/healthz").headers["x-request-id"] for _ in range(20)}) == 20


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics", "/nowhere", "/fail", "/?q=%zz"])
def test_every_answer_tells_browsers_to_load_nothing_from_elsewhere(client, path):
    headers = client.get(path).headers
    assert SECURITY_HEADERS.items() <= dict(headers).items()
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_a_header_that_a_route_sets_itself_stays(guarded):
    async def own():
        return StreamingResponse(iter([b""]), headers={"Referrer-Policy": "same-origin"})

    answer = guarded({"/": own}).get("/")
    assert answer.headers.get_list("referrer-policy") == ["same-origin"]


def test_other_origins_may_ask_only_where_that_is_set(guarded):
    origin = {"Origin": "https://trials.example.org"}
    assert "access-control-allow-origin" not in guarded({ROUTE: trial}).get("/healthz", headers=origin).headers
    client = guarded({ROUTE: trial}, cors_origins=("https://trials.example.org",), api_keys_file="none")
    for answer in (client.get("/healthz", headers=origin), client.get("/api/v1/trials/NCT1", headers=origin)):
        assert answer.headers["access-control-allow-origin"] == origin["Origin"]
    assert "access-control-allow-origin" not in client.get("/healthz", headers={"Origin": "https://b.org"}).headers
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "X-API-Key"}
    allowed = client.options("/api/v1/related", headers=origin | asked)  # no key is sent with this
    assert allowed.status_code == 200


def test_a_line_of_another_logger_is_an_object_too():
    try:
        raise ValueError("inner")
    except ValueError as error:
        record = logging.LogRecord("trialkin", logging.ERROR, "", 0, "It %s.", ("broke",), (ValueError, error, None))
    line = orjson.loads(JsonLines().format(record))
    assert (line["level"], line["message"], line["error"]) == ("error", "It broke.", "ValueError: inner")


def test_the_state_of_a_request_is_not_shared(guarded):
    def state(request: Request):
        seen = getattr(request.state, "seen", 0)
        request.state.seen = seen + 1
        return seen

    client = guarded({"/": state})
    assert [client.get("/").json() for _ in range(3)] == [0, 0, 0]
