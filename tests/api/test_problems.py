import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from trialkin import errors
from trialkin.api.dependencies import RepeatedParameter
from trialkin.api.problems import NotAcceptable, UnsupportedMediaType, add_problem_handlers

STATUS = {
    errors.UsageError: 400,
    errors.InvalidNctId: 400,
    errors.UnknownTrial: 404,
    errors.IndexMissing: 503,
    errors.IndexDamaged: 503,
    errors.ModelError: 503,
    errors.ReadError: 500,
    errors.SnapshotError: 500,
    errors.StorageError: 500,
    errors.Busy: 500,
    errors.TrialkinError: 500,
    RepeatedParameter: 400,
    NotAcceptable: 406,
    UnsupportedMediaType: 415,
}


@pytest.fixture
def answer():
    """Ask an application that meets a given error."""

    def ask(error, method="GET", path="/"):
        app = FastAPI()
        add_problem_handlers(app)

        @app.get("/")
        def fail(number: int = 0):
            raise error if number == 0 else AssertionError(number)

        with TestClient(app, raise_server_exceptions=False) as client:
            return client.request(method, path)

    return ask


def check_problem(response, status, title):
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert set(problem) == {"type", "title", "status", "detail", "hint"}
    assert (problem["type"], problem["status"], problem["title"]) == ("about:blank", status, title)
    return problem


def subclasses(kind):
    return {kind}.union(*map(subclasses, kind.__subclasses__()))


def test_every_kind_of_error_has_a_status_here():
    told = {kind for kind in subclasses(errors.TrialkinError) if kind.__module__ == errors.__name__}
    assert told <= set(STATUS)


@pytest.mark.parametrize("kind", STATUS, ids=lambda kind: kind.__name__)
def test_an_error_becomes_a_problem_document_that_says_what_and_what_to_do(answer, kind):
    problem = check_problem(answer(kind("It was wrong.", "Do this.")), STATUS[kind], kind.__name__)
    assert problem["detail"] == "It was wrong."
    assert problem["hint"] == "Do this."


def test_an_unexpected_error_says_that_much_and_gives_nothing_of_the_inside_away(answer):
    response = answer(RuntimeError("the secret path /home/someone"))
    problem = check_problem(response, 500, "InternalError")
    assert "RuntimeError" in problem["detail"]
    assert "secret" not in response.text


def test_a_parameter_of_the_wrong_kind_is_named(answer):
    problem = check_problem(answer(None, path="/?number=many"), 422, "InvalidParameter")
    assert "'number'" in problem["detail"]
    assert "openapi.json" in problem["hint"]


def test_a_route_that_is_not_there_points_to_those_that_are(answer):
    assert "openapi.json" in check_problem(answer(None, path="/nowhere"), 404, "HttpError")["hint"]


def test_a_method_that_is_not_there_is_answered_with_those_that_are(answer):
    response = answer(None, method="DELETE")
    check_problem(response, 405, "HttpError")
    assert response.headers["allow"] == "GET"
