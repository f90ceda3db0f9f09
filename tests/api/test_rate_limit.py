import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from trialkin.api.api_keys import add_key
from trialkin.api.rate_limit import Buckets

API = "/api/v1/version"
ROUTES = {API: lambda: "api"}


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_a_burst_passes_then_one_at_a_time_as_the_bucket_fills():
    clock = Clock()
    buckets = Buckets(per_minute=60, burst=3, clock=clock)
    assert [buckets.take("a") for _ in range(3)] == [0, 0, 0]
    assert buckets.take("a") == pytest.approx(1)
    clock.now = 0.75
    assert buckets.take("a") == pytest.approx(0.25)
    clock.now = 1.0
    assert buckets.take("a") == 0
    assert buckets.take("a") > 0
    clock.now = 1000.0
    assert [buckets.take("a") for _ in range(3)] == [0, 0, 0]  # it never holds more than the burst
    assert buckets.take("a") > 0


def test_each_name_has_a_bucket_of_its_own():
    buckets = Buckets(per_minute=1, burst=1, clock=Clock())
    assert (buckets.take("a"), buckets.take("b")) == (0, 0)
    assert buckets.take("a") > 0


@given(st.lists(st.floats(0, 30), min_size=1, max_size=60), st.integers(1, 120), st.integers(1, 10))
def test_no_more_pass_than_the_burst_and_what_has_flowed_in_since(pauses, per_minute, burst):
    clock = Clock()
    buckets = Buckets(per_minute, burst, clock)
    passed = 0
    for pause in pauses:
        clock.now += pause
        wait = buckets.take("a")
        passed += wait == 0
        if wait:
            assert 0 < wait <= 60 / per_minute + 1e-9
    assert passed <= burst + clock.now * per_minute / 60 + 1e-6
    assert passed >= 1


def test_a_flood_of_names_takes_no_more_memory_and_frees_nobody_who_just_asked(monkeypatch):
    monkeypatch.setattr("trialkin.api.rate_limit._MOST_BUCKETS", 100)
    buckets = Buckets(per_minute=1, burst=1, clock=(clock := Clock()))
    for number in range(1000):
        clock.now += 0.001
        buckets.take(str(number))
        assert len(buckets._kept) <= 101
    assert buckets.take("999") > 0


def check_slow_down(answer):
    assert answer.status_code == 429
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == "TooManyRequests"
    assert 1 <= int(answer.headers["retry-after"]) <= 60


def test_who_asks_too_often_is_told_when_to_ask_again(guarded):
    client = guarded(ROUTES, rate_limit=1, rate_burst=2)
    assert [client.get(API).status_code for _ in range(2)] == [200, 200]
    check_slow_down(client.get(API))
    assert 'trialkin_requests_shed_total{reason="rate"} 1.0' in client.get("/metrics").text
    assert client.get("/healthz").status_code == 200


def test_there_is_no_limit_unless_it_is_set(guarded):
    client = guarded(ROUTES)
    assert {client.get(API).status_code for _ in range(100)} == {200}


def test_each_key_has_its_own_limit_and_a_wrong_key_uses_nobody_s(guarded, tmp_path):
    path = tmp_path / "keys"
    one, other = ({"X-API-Key": add_key(path, name)} for name in ("one", "other"))
    client = guarded(ROUTES, rate_limit=1, rate_burst=1, api_keys_file=path)
    assert {client.get(API, headers={"X-API-Key": "wrong"}).status_code for _ in range(5)} == {401}
    assert client.get(API, headers=one).status_code == 200
    check_slow_down(client.get(API, headers=one))
    assert client.get(API, headers=other).status_code == 200


@pytest.mark.parametrize(
    ("first", "second", "shared"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),  # one network of 64 bits is one client
        ("2001:db8::1", "2001:db8:0:1::1", False),
    ],
)
def test_without_keys_each_client_address_has_its_own(guarded, first, second, shared):
    app = guarded(ROUTES, rate_limit=1, rate_burst=1).app
    assert TestClient(app, client=(first, 5)).get(API).status_code == 200
    assert TestClient(app, client=(second, 6)).get(API).status_code == (429 if shared else 200)
