"""A server with more to do than it can: some work, some wait, the rest is refused at once. Real threads."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

PATIENCE = 30


class Work:
    """A route that works until it is let go.

    Attributes: at_work (now), most (at once so far), done (finished).
    """

    def __init__(self):
        self.go_on = threading.Event()
        self.changed = threading.Condition()
        self.at_work = self.most = self.done = 0

    def __call__(self):
        with self.changed:
            self.at_work += 1
            self.most = max(self.most, self.at_work)
            self.changed.notify_all()
        assert self.go_on.wait(PATIENCE)
        with self.changed:
            self.at_work -= 1
            self.done += 1
            self.changed.notify_all()
        return "done"

    def until(self, condition):
        with self.changed:
            assert self.changed.wait_for(condition, PATIENCE)


@pytest.fixture
def work():
    work = Work()
    yield work
    work.go_on.set()


@pytest.fixture
def pool(work):
    with ThreadPoolExecutor(24) as pool:
        yield pool
        work.go_on.set()


def gauge(client, name):
    (value,) = [line.split()[1] for line in client.get("/metrics").text.splitlines() if line.startswith(f"{name} ")]
    return float(value)


def shed(client, reason):
    """So many requests have been refused for a reason."""
    return gauge(client, f'trialkin_requests_shed_total{{reason="{reason}"}}')


def wait_until(client, name, value):
    for _ in range(1000):
        if gauge(client, name) == value:
            return
        threading.Event().wait(0.01)
    pytest.fail(f"{name} is {gauge(client, name)}, not {value}")


def check_busy(answer, title="Overloaded"):
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["title"] == title
    assert int(answer.headers["retry-after"]) >= 1
    assert "x-request-id" in answer.headers


def route(work):
    return {"/work": work}


def test_so_many_work_so_many_wait_and_the_rest_is_refused_at_once(guarded, work, pool):
    client = guarded(route(work), at_work=2, most_waiting=3, longest_wait=PATIENCE)
    asked = [pool.submit(client.get, "/work") for _ in range(5)]
    work.until(lambda: work.at_work == 2)
    wait_until(client, "trialkin_requests_waiting", 3)
    for _ in range(4):
        check_busy(client.get("/work"))  # answered while nothing moves
    assert work.done == 0
    assert shed(client, "busy") == 4
    work.go_on.set()
    assert [one.result().status_code for one in asked] == [200] * 5
    assert (work.most, work.done) == (2, 5)
    assert gauge(client, "trialkin_requests_waiting") == gauge(client, "trialkin_requests_at_work") == 0


def test_probes_are_answered_while_everything_else_is_refused(guarded, work, pool):
    client = guarded(route(work), at_work=1, most_waiting=0)
    pool.submit(client.get, "/work")
    work.until(lambda: work.at_work == 1)
    check_busy(client.get("/work"))
    assert client.get("/healthz").status_code == 200
    assert client.get("/metrics").status_code == 200
    assert client.get("/readyz").json()["title"] == "IndexMissing"  # its own answer
    assert client.get("/static/none.css").status_code == 404


def test_who_waits_too_long_is_refused(guarded, work, pool):
    client = guarded(route(work), at_work=1, most_waiting=5, longest_wait=0.05)
    first = pool.submit(client.get, "/work")
    work.until(lambda: work.at_work == 1)
    check_busy(client.get("/work"))
    assert shed(client, "waited") == 1
    work.go_on.set()
    assert first.result().status_code == 200
    assert client.get("/work").status_code == 200


def test_an_answer_that_takes_too_long_is_a_503_but_its_work_keeps_its_place(guarded, work):
    client = guarded(route(work), at_work=1, most_waiting=0, time_limit=0.05)
    check_busy(client.get("/work"), "TooSlow")
    assert shed(client, "too_slow") == 1
    check_busy(client.get("/work"))  # the thread still works, so there is no place
    work.go_on.set()
    work.until(lambda: work.done == 1)
    wait_until(client, "trialkin_requests_at_work", 0)
    assert client.get("/work").status_code == 200


def test_a_late_failure_of_what_was_given_up_harms_nobody(guarded, work):
    def late():
        work()
        raise RuntimeError("late")

    client = guarded({"/late": late, "/": lambda: "done"}, at_work=1, time_limit=0.05)
    check_busy(client.get("/late"), "TooSlow")
    work.go_on.set()
    wait_until(client, "trialkin_requests_at_work", 0)
    assert client.get("/").status_code == 200


def test_a_failure_frees_the_place(guarded):
    def fail():
        raise RuntimeError

    client = guarded({"/fail": fail, "/": lambda: "done"}, at_work=1, most_waiting=0)
    assert [client.get("/fail").status_code for _ in range(3)] == [500] * 3
    assert client.get("/").status_code == 200


def test_many_clients_are_all_answered_one_way_or_the_other(guarded, pool):
    client = guarded({"/": lambda: sum(range(20_000))}, at_work=2, most_waiting=4, longest_wait=PATIENCE)
    answers = [one.result() for one in [pool.submit(client.get, "/") for _ in range(200)]]
    assert {one.status_code for one in answers} <= {200, 503}
    refused = sum(one.status_code == 503 for one in answers)
    assert refused < 200
    assert refused == 0 or refused == shed(client, "busy")
    assert client.get("/").status_code == 200
    assert gauge(client, "trialkin_requests_at_work") == 0
