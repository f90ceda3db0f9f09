"""The HTTP API does what its OpenAPI document says, whatever is asked of it."""

import shutil

import hypothesis
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.python import asgi
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from trialkin.api.app import create_app

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
TRIALS = ["NCT07057778", "NCT05281068", "nct 5302024", "NCT99999999"]
HELD = {"dictionary": "trials", "probability": 0.7}


@pytest.fixture(scope="module")
def two_versions(built, tmp_path_factory):
    """A home whose index has an earlier version, as `GET /api/v1/watch` needs."""
    home = tmp_path_factory.mktemp("contract") / "home"
    shutil.copytree(built.home / "index", home / "index")
    shutil.copytree(home / "index" / "0001", home / "index" / "0002")
    (home / "index" / "CURRENT").write_text("0002\n")
    (home / "models").symlink_to(built.home / "models")
    return home


@pytest.fixture(scope="module")
def document(two_versions, settings_of):
    """The document of an application, for which some trials are known."""
    told = schemathesis.Config.from_dict(
        {
            "dictionaries": {"trials": {"values": TRIALS}},
            "parameters": dict.fromkeys(("path.nctId", "query.nctId", "query.a", "query.b"), HELD),
        }
    )
    return schemathesis.openapi.from_asgi("/openapi.json", create_app(settings_of(two_versions)), config=told)


@pytest.fixture(scope="module")
def session(document):
    """One client for all requests, which keeps the application running."""
    with asgi.get_client(document.app) as client:
        yield client


@pytest.mark.parametrize("mode", schemathesis.GenerationMode)
def test_every_answer_is_one_that_the_document_describes(document, session, mode):
    statuses = set()
    operations = [found.ok() for found in document.get_all_operations()]
    for operation in (one for one in operations if mode == "positive" or one.query):  # each, whatever chance draws

        @hypothesis.settings(max_examples=10, suppress_health_check=list(hypothesis.HealthCheck))
        @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
        def ask(case):
            statuses.add(case.call_and_validate(session=session, checks=CHECKS).status_code)

        ask()
    assert statuses >= ({200, 400} if mode == "positive" else {400})
