"""A real server on a real socket: what is no proper request, and how it ends."""

import json
import re
import signal
import socket
import subprocess
import threading
import time

import pytest

RELATED = "/api/v1/trials/NCT07057778/related"
PATIENCE = 60


@pytest.fixture(scope="module")
def port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


@pytest.fixture(scope="module")
def begin(built, environment, executable):
    """Start a server; it is told apart from others by its port. What is left is killed at the end."""
    running = []

    def start(port, *arguments, **settings):
        process = subprocess.Popen(
            [executable, "serve", "--port", str(port), *arguments],
            env=environment(built.home, **settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return process
            time.sleep(0.05)
        process.kill()
        pytest.fail(str(process.communicate()))

    yield start
    for process in running:
        process.kill()
        process.communicate()


@pytest.fixture(scope="module")
def server(begin, port):
    return begin(port)


@pytest.fixture
def ask(server, port):  # noqa: ARG001 - it has to run
    """Send bytes and read until the server closes: status, headers, body."""

    def send(*parts):
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
            for part in parts:
                connection.sendall(part)
            answer = b""
            while piece := connection.recv(65_536):
                answer += piece
        head, _, body = answer.partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        return int(first.split()[1]), dict(line.lower().split(": ", 1) for line in lines), body

    return send


def get(target, *headers):
    lines = [f"GET {target} HTTP/1.1", "Host: localhost", "Connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


def check_problem(answer, status, title):
    got, headers, body = answer
    assert got == status
    assert headers["content-type"] == "application/problem+json"
    assert headers["x-content-type-options"] == "nosniff"
    assert "content-security-policy" in headers
    problem = json.loads(body)
    assert (problem["status"], problem["title"]) == (status, title)
    assert problem["hint"]


@pytest.mark.parametrize("size", [65_600, 90_000, 1_000_000, 8_000_000])
def test_a_query_string_that_is_too_long_gets_a_problem_document(ask, size):
    check_problem(ask(get("/api/v1/search?q=" + "a" * size)), 414, "TargetTooLong")


def test_a_path_that_is_too_long_does_too(ask):
    check_problem(ask(get("/api/v1/trials/" + "a" * 1_000_000)), 414, "TargetTooLong")


def test_a_search_for_the_longest_text_is_answered(ask):
    status, _, body = ask(get("/api/v1/search?q=" + "immune+" * 7_000))
    assert status == 200
    assert json.loads(body)["hits"]


@pytest.mark.parametrize("headers", [["X-Long: " + "a" * 1_000_000], [f"X-{n}: {'a' * 1000}" for n in range(1000)]])
def test_headers_that_are_too_large_get_a_problem_document(ask, headers):
    check_problem(ask(get("/healthz", *headers)), 431, "HeadersTooLarge")


@pytest.mark.parametrize(
    "raw", [b"rubbish\r\n\r\n", b"GET /\r\n\r\n\r\n", b"GET /\xff HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\nHost\r\n\r\n"]
)
def test_what_is_no_request_gets_a_problem_document(ask, raw):
    check_problem(ask(raw), 400, "BadRequest")


@pytest.mark.parametrize("broken", ["%", "%zz", "%ff"])
def test_broken_encoding_gets_a_problem_document(ask, broken):
    check_problem(ask(get(f"/api/v1/search?q={broken}")), 400, "BrokenEncoding")
    check_problem(ask(get(f"/api/v1/trials/{broken}")), 400, "BrokenEncoding")


def test_others_are_answered_while_one_client_sends_for_ever(ask, port):
    over = threading.Event()

    def flood():
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
            try:
                connection.sendall(b"GET /")
                while not over.is_set():
                    connection.sendall(b"a" * 65_536)
            except OSError:
                over.set()  # the server has had enough

    flooding = threading.Thread(target=flood)
    flooding.start()
    assert ask(get("/healthz"))[0] == 200
    assert over.wait(PATIENCE)
    flooding.join()


def test_the_server_does_not_say_what_it_is_made_of(ask):
    assert "server" not in ask(get("/healthz"))[1]


def test_a_stopped_server_answers_what_it_has_begun_and_logs_a_line_for_each_request(begin):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    process = begin(port, at_work=1, most_waiting=50, longest_wait=PATIENCE)
    connections = [socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) for _ in range(8)]
    for connection in connections:
        connection.sendall(get(f"{RELATED}?pageSize=200"))
    connections[0].recv(1, socket.MSG_PEEK)  # the first answer has begun, so the others have been taken in
    process.send_signal(signal.SIGTERM)
    answers = []
    for connection in connections:
        with connection, connection.makefile("rb") as stream:
            answers.append(stream.read())
    out, log = process.communicate(timeout=PATIENCE)
    assert process.returncode in (0, -signal.SIGTERM)
    assert [answer.split(b" ", 2)[1] for answer in answers] == [b"200"] * 8
    assert len({re.sub(rb"^.*?\r\n\r\n", b"", answer, flags=re.S) for answer in answers}) == 1
    assert out.startswith("Serving http://127.0.0.1")
    lines = [json.loads(line) for line in log.splitlines()]
    requests = [line for line in lines if line["message"] == "request"]
    assert [(line["route"], line["status"], line["index"]) for line in requests] == [
        ("/api/v1/trials/{nctId}/related", 200, "0001")
    ] * 8
    assert all(set(line["stages"]) == {"rank", "explain"} for line in requests)
    assert "NCT07057778" not in log


def test_a_server_whose_keys_cannot_be_read_does_not_start(call, built, tmp_path):
    done = call(built.home, "serve", api_keys_file=tmp_path / "none")
    assert done.returncode == 1
    assert "trialkin keys add" in done.stderr


def test_behind_a_proxy_the_root_path_is_no_part_of_routes_and_the_client_is_who_asked_the_proxy(begin):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    process = begin(port, "--host", "0.0.0.0", "--root-path", "/kin/", "--forwarded-allow-ips", "127.0.0.1")
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(get("/api/v1/version", "X-Forwarded-For: 192.0.2.7"))
        with connection.makefile("rb") as stream:
            assert b" 200 " in stream.readline()
    process.send_signal(signal.SIGTERM)
    warning, hint, *lines = process.communicate(timeout=PATIENCE)[1].splitlines()
    assert "0.0.0.0" in warning  # everybody can ask, for there are no keys
    assert "TRIALKIN_API_KEYS_FILE" in hint
    (line,) = map(json.loads, lines)
    assert (line["route"], line["client"]) == ("/api/v1/version", "192.0.2.7")
