import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from trialkin.api.body_limit import BodyLimit
from trialkin.api.problems import add_problem_handlers


@pytest.fixture
def client():
    """A client of an application that tells the size of what it gets, ten bytes at most."""
    app = FastAPI()
    app.add_middleware(BodyLimit, most=10)
    add_problem_handlers(app)

    @app.post("/")
    async def size(request: Request):
        return len(await request.body())

    @app.get("/")
    def nothing():
        return 0

    with TestClient(app) as client:
        yield client


def parts(*content):
    yield from content


@pytest.mark.parametrize("content", [b"", b"a" * 10, parts(b"a" * 5, b"b" * 5)])
def test_a_body_up_to_the_limit_arrives_whole(client, content):
    answer = client.post("/", content=content)
    assert answer.status_code == 200
    assert answer.json() in (0, 10)


@pytest.mark.parametrize("content", [b"a" * 11, parts(b"a" * 5, b"b" * 5, b"c")])
def test_a_larger_body_is_refused_in_one_piece_or_in_many(client, content):
    answer = client.post("/", content=content)
    assert answer.status_code == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "The body is larger than 10 bytes."
    assert answer.json()["hint"]


def test_each_request_has_a_limit_of_its_own(client):
    assert [client.post("/", content=b"a" * 8).status_code for _ in range(3)] == [200] * 3


def test_requests_without_a_body_are_let_through(client):
    assert client.get("/").json() == 0
