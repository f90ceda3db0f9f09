import asyncio
import json

import pytest
from fastapi import FastAPI, Request

from trialkin.api.body_limit import BodyLimit
from trialkin.api.problems import add_problem_handlers
from trialkin.api.whole_body import WholeBody


class Client:
    """Sends a body in parts, each when the last has been taken.

    Attributes: taken (parts so far), begun (parts that had been taken when the work began).
    """

    def __init__(self, *parts, hangs=False, gone=False, gone_later=False):
        """Hangs after the parts though there is more to come, goes away then, or goes away after the whole body."""
        self.parts, self.hangs, self.gone, self.gone_later = parts, hangs, gone, gone_later
        self.taken, self.begun, self.sent = 0, None, []

    async def receive(self):
        if self.taken == len(self.parts):
            if not (self.gone or self.gone_later):
                await asyncio.Event().wait()  # for ever
            return {"type": "http.disconnect"}
        self.taken += 1
        more = self.taken < len(self.parts) or self.hangs or self.gone
        return {"type": "http.request", "body": self.parts[self.taken - 1], "more_body": more}

    async def send(self, message):
        self.sent.append(message)

    def ask(self, most=100, time_limit=10.0, headers=((b"transfer-encoding", b"chunked"),)):
        app = FastAPI()
        add_problem_handlers(app)

        @app.post("/")
        async def size(request: Request):
            self.begun = self.taken
            return len(await request.body())

        app.add_middleware(BodyLimit, most=most)
        app.add_middleware(WholeBody, most=most, time_limit=time_limit)
        scope = {"type": "http", "method": "POST", "path": "/", "query_string": b"", "headers": list(headers)}
        asyncio.run(asyncio.wait_for(app(scope, self.receive, self.send), 20))
        return self

    @property
    def answer(self):
        start, body = self.sent
        return start["status"], json.loads(body["body"])


def test_the_work_begins_once_the_body_is_there_and_gets_it_whole():
    client = Client(b"a" * 40, b"b" * 40, b"c").ask()
    assert client.answer == (200, 81)
    assert client.begun == 3


def test_a_body_that_does_not_come_is_given_up_before_any_work():
    client = Client(b"a", hangs=True).ask(time_limit=0.05)
    status, problem = client.answer
    assert (status, problem["title"]) == (408, "SlowBody")
    assert client.begun is None
    assert (b"connection", b"close") in client.sent[0]["headers"]


def test_a_client_that_goes_away_meanwhile_starts_no_work():
    client = Client(b"a", b"b", gone=True).ask()
    assert client.begun is None
    assert client.sent == []


def test_a_body_that_is_too_long_is_refused_without_reading_on():
    client = Client(*[b"a" * 60] * 50).ask()
    assert client.answer[0] == 413
    assert client.taken <= 3


@pytest.mark.parametrize("headers", [(), ((b"content-length", b"0"),)])
def test_a_request_without_a_body_waits_for_none(headers):
    class Never(Client):
        async def receive(self):
            if self.begun is None:
                raise AssertionError("asked before the work began")
            return await super().receive()

    assert Never(b"").ask(headers=headers).answer == (200, 0)


def test_the_limit_of_time_may_be_none():
    assert Client(b"a").ask(time_limit=0).answer == (200, 1)


def test_what_comes_after_the_body_comes_from_the_server_itself():
    seen = []

    async def app(_, receive, __):
        seen.extend([await receive(), await receive()])

    client = Client(b"a", gone_later=True)
    scope = {"type": "http", "headers": [(b"content-length", b"1")]}
    asyncio.run(WholeBody(app, most=10, time_limit=1)(scope, client.receive, client.send))
    assert [one["type"] for one in seen] == ["http.request", "http.disconnect"]
