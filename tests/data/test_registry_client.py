import email.utils
import logging
import re
import socket
import threading
import time

import pytest

from support import fake_registry as fake
from trialkin import __version__
from trialkin.data.registry_client import RECORD, Registry
from trialkin.errors import ReadError, UsageError

ALL = {"pageSize": "1000"}


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    """A proxy of the person who runs the tests would be asked for 127.0.0.1, too."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def server(make_study):
    with fake.FakeRegistry(make_study(number) for number in range(1, 6)) as running:
        yield running


@pytest.fixture
def connect(server):
    """Clients of the server, without pauses, which are closed at the end."""
    opened = []

    def to(address=server.address, pause=0.0, **options):
        opened.append(Registry(address, pause, **options))
        return opened[-1]

    yield to
    for client in opened:
        client.__exit__()


def ids(page):
    return [fake.nct_id(study) for study in page.studies]


def test_the_stamp_is_when_the_data_were_refreshed(connect):
    assert connect().stamp() == "2026-03-25T09:00:05"


def test_pages_follow_one_another_by_their_tokens(server, connect):
    server.page_limit = 2
    first = connect().studies(ALL | {"countTotal": "true"})
    second = connect().studies(ALL | {"pageToken": first.next_page_token})
    third = connect().studies(ALL | {"pageToken": second.next_page_token})
    assert (first.total_count, second.total_count) == (5, None)
    assert [ids(page) for page in (first, second)] == [
        ["NCT00000001", "NCT00000002"],
        ["NCT00000003", "NCT00000004"],
    ]
    assert (ids(third), third.next_page_token) == (["NCT00000005"], None)


def test_a_page_token_that_died_is_told_from_a_bad_request(server, connect):
    server.page_limit = 2
    token = connect().studies(ALL).next_page_token
    server.refresh()
    assert connect().studies(ALL | {"pageToken": token}) is None
    with pytest.raises(ReadError):
        connect().studies({"pageSize": "1001"})


def test_what_a_bad_request_is_answered_is_shown_and_not_asked_again(server, connect):
    with pytest.raises(
        ReadError, match="refused the request with 400: Parameter `pageSize` must be between 0 and 1000"
    ):
        connect().studies({"pageSize": "1001"})
    assert len(server.requests) == 1


def test_what_is_shown_of_an_answer_is_one_short_line_without_control_characters(server, connect):
    server.faults.append(fake.says(b"\x1b[31mred\x1b[0m\n" + b"word " * 1000, "text/plain", 400))
    with pytest.raises(ReadError) as refused:
        connect().studies(ALL)
    assert "\x1b" not in str(refused.value)
    assert len(refused.value.what) < 400
    assert "[31mred [0m word word" in refused.value.what


def test_a_page_of_html_is_not_shown(server, connect):
    server.faults.append(fake.says(b"<html>Forbidden</html>", "text/html", 403))
    with pytest.raises(ReadError, match=r"refused the request with 403\."):
        connect().stamp()


def test_a_study_is_asked_for_by_its_id_and_without_its_results(server, connect):
    assert connect().study("NCT00000003") == server.studies["NCT00000003"]
    assert server.requests == [("/studies/NCT00000003", {"fields": RECORD})]


def test_an_unknown_study_is_none(connect):
    assert connect().study("NCT09999999") is None


def test_an_alias_leads_to_the_study_that_it_is_now(server, connect):
    server.aliases = {"NCT00000101": "NCT00000102", "NCT00000102": "NCT00000003"}
    assert fake.nct_id(connect().study("NCT00000101")) == "NCT00000003"
    assert [path for path, _ in server.requests] == [
        "/studies/NCT00000101",
        "/studies/NCT00000102",
        "/studies/NCT00000003",
    ]


def test_aliases_that_lead_in_a_circle_end(server, connect):
    server.aliases = {"NCT00000101": "NCT00000102", "NCT00000102": "NCT00000101"}
    with pytest.raises(ReadError, match="from one id to the next for NCT00000101"):
        connect().study("NCT00000101")


@pytest.mark.parametrize(
    "location",
    [
        "http://other.example/api/v2/studies/NCT00000003",
        "//other.example/api/v2/studies/NCT00000003",
        "https://127.0.0.1/api/v2/studies/NCT00000003",
        "http://127.0.0.1:1/api/v2/studies/NCT00000003",
        "/api/v2/version",
        "/api/v2/studies/../version",
        "/api/v2/studies/NCT00000003/../../version",
        "/studies/NCT00000003",
        "file:///etc/passwd",
        "http://[",
        "",
    ],
)
def test_a_redirect_that_leaves_the_studies_is_not_followed(server, connect, location):
    server.faults.append(fake.says(b"", status=301, Location=location))
    with pytest.raises(ReadError, match="sends elsewhere"):
        connect().study("NCT00000001")
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "location", ["NCT00000003", "/api/v2/studies/NCT00000003?format=json#top", "{address}/studies/NCT00000003"]
)
def test_a_redirect_may_be_written_in_several_ways(server, connect, location):
    server.faults.append(fake.says(b"", status=301, Location=location.format(address=server.address)))
    assert fake.nct_id(connect().study("NCT00000001")) == "NCT00000003"


def test_a_listing_is_not_redirected(server, connect):
    server.faults.append(fake.says(b"", status=301, Location="/api/v2/studies"))
    with pytest.raises(ReadError, match="refused the request with 301"):
        connect().studies(ALL)


FAULTS = {
    "429": fake.fails(429),
    "429 with a wait": fake.fails(429, Retry_After="0"),
    "408": fake.fails(408),
    "500": fake.fails(500),
    "503": fake.fails(503),
    "503 with a wait that is none": fake.fails(503, Retry_After="soon"),
    "a cut body": fake.cut,
    "HTML": fake.says(b"<html><body>Down for maintenance</body></html>", "text/html"),
    "half of a JSON text": fake.says(b'{"studies": ['),
    "an empty body": fake.says(b""),
    "JSON of another kind": fake.says(b"[]"),
    "JSON without studies": fake.says(b"{}"),
    "JSON with studies that are no list": fake.says(b'{"studies": 5}'),
    "a wrong encoding": fake.says(b"not gzip", **{"Content-Encoding": "gzip"}),
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_that_passes_is_waited_out(server, connect, fault):
    server.faults.extend([fault, fault])
    reasons = []
    assert len(connect(waiting=reasons.append).studies(ALL).studies) == 5
    assert len(server.requests) == 3
    assert len(reasons) == 2


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (fake.fails(503), "answered 503"),
        (fake.fails(429), "answered 429"),
        (fake.cut, "broke off its answer"),
        (fake.says(b"<html>"), "answered with something else than the JSON asked for"),
    ],
)
def test_a_fault_that_lasts_ends_in_words_that_say_what_where_and_what_to_do(server, connect, fault, said):
    server.faults.extend([fault] * 4)
    with pytest.raises(ReadError) as failed:
        connect(attempts=4).studies({"query.cond": "a secret"})
    assert failed.value.what == f"The registry {said}, 4 times in a row: {server.address}/studies."
    assert "run the same command again" in failed.value.hint
    assert len(server.requests) == 4


def test_a_registry_that_nobody_runs_is_tried_again_and_then_named(connect):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/api/v2"
    reasons = []
    with pytest.raises(ReadError, match=re.escape(address)):
        connect(address, attempts=3, waiting=reasons.append).stamp()
    assert len(reasons) == 3
    assert all(reason.startswith("cannot be reached") for reason in reasons)


def test_a_body_that_stops_is_cut_after_a_while(server, connect):
    server.faults.append(fake.silent(2.0))
    reasons = []
    assert connect(silence=0.2, waiting=reasons.append).stamp()
    assert reasons == ["fell silent"]


@pytest.mark.parametrize("where", ["headers", "body"])
def test_an_answer_that_drips_for_ever_is_cut_at_the_deadline(server, connect, where):
    server.faults.extend([None, fake.drips(where, 20)])
    reasons = []
    client = connect(silence=5, deadline=0.3, waiting=reasons.append)
    client.stamp()  # the connection is kept, and cut none the less
    began = time.monotonic()
    assert len(client.studies(ALL).studies) == 5
    assert time.monotonic() - began < 3
    assert reasons == ["took longer than 0.3 seconds to answer"]


def test_an_answer_that_is_too_large_is_not_read_to_its_end(server, connect):
    with pytest.raises(ReadError, match="answer exceeds"):
        connect(largest=100).studies(ALL)
    assert len(server.requests) == 1


class Clock:
    """Time that passes only when someone sleeps, in place of the module `time`."""

    def __init__(self):
        self.now, self.sleeps = 1_800_000_000.0, []

    def time(self):
        return self.now

    monotonic = time

    def sleep(self, seconds):
        self.now += seconds
        self.sleeps.append(seconds)


@pytest.fixture
def clock(monkeypatch):
    """The clock of the client and of its retries."""
    clock = Clock()
    monkeypatch.setattr("trialkin.data.registry_client.time", clock)
    monkeypatch.setattr("tenacity.nap.time", clock)
    return clock


def waited(clock):
    return [seconds for seconds in clock.sleeps if seconds]


def test_requests_start_one_pause_apart(connect, clock):
    client = connect(pause=1.0)
    for _ in range(4):
        client.stamp()
    assert waited(clock) == [1.0, 1.0, 1.0]


def test_the_pause_is_measured_from_the_start_of_a_request(server, connect, clock):
    server.faults.extend([fake.after(lambda: clock.sleep(0.75)), fake.after(lambda: clock.sleep(30))])
    client = connect(pause=1.0)
    for _ in range(3):
        client.stamp()
    assert waited(clock) == [0.75, 0.25, 30]


@pytest.mark.parametrize("address", ["https://clinicaltrials.gov/api/v2", "https://beta.clinicaltrials.gov/api/v2"])
def test_the_registry_itself_is_asked_once_a_second_whatever_is_set(connect, address):
    assert connect(address, pause=0.0).pause == 1.0
    assert connect(address, pause=5.0).pause == 5.0


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after_is_honoured(server, connect, clock, status, form):
    wanted = "42" if form == "seconds" else email.utils.formatdate(clock.now + 42, usegmt=True)
    server.faults.append(fake.fails(status, Retry_After=wanted))
    connect().stamp()
    assert waited(clock) == [42]


def test_a_retry_after_that_is_past_is_no_wait(server, connect, clock):
    server.faults.append(fake.fails(429, Retry_After=email.utils.formatdate(clock.now - 42, usegmt=True)))
    connect().stamp()
    assert waited(clock) == []


def test_a_retry_after_of_hours_is_told_and_not_waited_for(server, connect, clock):
    server.faults.append(fake.fails(429, Retry_After="7200"))
    with pytest.raises(ReadError, match=r"asks for a wait of 7,200 seconds"):
        connect().stamp()
    assert waited(clock) == []
    assert len(server.requests) == 1


def test_the_waits_grow_from_one_attempt_to_the_next(server, connect, clock):
    server.faults.extend([fake.fails(500)] * 7)
    connect(pause=1.0).stamp()
    for doubled, seconds in zip((1, 2, 4, 8, 16, 32, 60), waited(clock), strict=True):
        assert doubled <= seconds <= min(doubled + 1, 60)


def test_nothing_is_sent_but_the_request_itself(server, connect):
    client = connect()
    server.faults.append(fake.says(b'{"dataTimestamp": "2026-03-25"}', **{"Set-Cookie": "who=you; Path=/"}))
    client.stamp()
    client.studies(ALL)
    for headers in server.agents:
        assert headers.keys() == {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection"}
        assert headers["User-Agent"] == f"trialkin/{__version__}"


def test_what_is_asked_for_is_not_logged(server, connect, caplog):
    caplog.set_level(logging.DEBUG)
    server.page_limit = 1
    server.faults.extend([fake.fails(500), fake.cut])
    client = connect()
    page = client.studies({"query.cond": "study"})
    client.studies({"query.cond": "study", "pageToken": page.next_page_token})
    assert len(server.requests) == 4
    said = "".join(f"{record.getMessage()}{record.__dict__}" for record in caplog.records)
    assert page.next_page_token not in said
    assert "query.cond" not in said


def test_what_others_log_meanwhile_is_left_alone(server, connect, caplog):
    caplog.set_level(logging.INFO, "httpx2")
    elsewhere = threading.Thread(target=lambda: logging.getLogger("httpx2").info("of another thread"))

    def meanwhile():
        elsewhere.start()
        elsewhere.join()

    server.faults.append(fake.after(meanwhile))
    connect().stamp()
    assert [record.getMessage() for record in caplog.records] == ["of another thread"]


def test_a_proxy_of_the_environment_is_used(server, connect, monkeypatch):
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PROXY", server.address.removesuffix("/api/v2"))
    assert connect("http://registry.invalid/api/v2").stamp() == server.data_timestamp
    assert server.agents[0]["Host"] == "registry.invalid"


def test_a_proxy_that_cannot_be_used_is_told(connect, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "gopher://127.0.0.1:70")
    with pytest.raises(ReadError, match="proxy that the environment names cannot be used"):
        connect()


@pytest.mark.parametrize(
    "address",
    ["", "clinicaltrials.gov", "ftp://clinicaltrials.gov", "http://", "http://a:port", "https://a.example/?b"],
)
def test_an_address_that_is_none_is_refused(connect, address):
    with pytest.raises(UsageError, match="no address of a registry"):
        connect(address)
