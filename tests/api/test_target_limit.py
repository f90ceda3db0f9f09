import asyncio
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from starlette.responses import PlainTextResponse

from trialkin.api.problems import add_problem_handlers
from trialkin.api.target_limit import MOST_TARGET, TargetLimit


async def ask(raw_path, query):
    """The status and body of an answer; 200 where the request is let through."""
    sent = []

    async def send(message):
        sent.append(message)

    app = FastAPI()
    add_problem_handlers(app)
    scope = {"type": "http", "app": app, "method": "GET", "path": "/", "headers": []}
    scope |= {"raw_path": raw_path, "query_string": query}
    await TargetLimit(PlainTextResponse("through"))(scope, None, send)
    return sent[0]["status"], sent[1]["body"]


def status(raw_path=b"/", query=b""):
    return asyncio.run(ask(raw_path, query))[0]


@pytest.mark.parametrize(
    ("path", "query"), [(b"/", b"q=" + b"a" * 1_000_000), (b"/" + b"a" * 1_000_000, b""), (b"/" * MOST_TARGET, b"a")]
)
def test_what_is_too_long_is_refused(path, query):
    assert status(path, query) == 414


def test_a_query_of_the_longest_text_is_let_through():
    assert status(b"/api/v1/search", b"q=" + b"a" * 50_000) == 200
    assert status(b"/", b"a" * (MOST_TARGET - 1)) == 200


@pytest.mark.parametrize(
    "broken", [b"%", b"%4", b"%zz", b"%4g", b"a%", b"%%20", b"%ff", b"%c3", b"%ed%a0%80", b"%u0041"]
)
def test_broken_encoding_is_refused_wherever_it_is(broken):
    assert status(b"/" + broken) == 400
    assert status(b"/", b"q=" + broken) == 400


@hypothesis_settings(max_examples=200)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_whatever_is_properly_encoded_is_let_through(text):
    assert status(b"/" + quote(text, safe="").encode(), b"q=" + quote(text).encode()) == 200


def test_the_refusals_say_what_to_do(guarded, monkeypatch):
    monkeypatch.setattr("trialkin.api.target_limit.MOST_TARGET", 1000)  # the client refuses to send more than 65,536
    client = guarded({"/": lambda: "through"})
    broken = client.get("/?q=100%")
    assert (broken.status_code, broken.json()["title"]) == (400, "BrokenEncoding")
    assert "byte 5" in broken.json()["detail"]
    assert "%25" in broken.json()["hint"]
    long = client.get("/?q=" + "a" * 1000)
    assert (long.status_code, long.json()["title"]) == (414, "TargetTooLong")
    assert "POST /api/v1/related" in long.json()["hint"]
    for answer in (broken, long):
        assert answer.headers["content-type"] == "application/problem+json"
        assert "x-request-id" in answer.headers


def test_people_get_the_refusal_as_a_page(client):
    answer = client.get("/?q=100%", headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/html")
    assert "two hexadecimal digits" in answer.text
