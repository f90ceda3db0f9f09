"""Errors as problem documents (RFC 9457)."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from ..errors import IndexDamaged, IndexMissing, ModelError, TrialkinError, UnknownTrial, UsageError
from .refusals import Refusal
from .request_id import current_request_id


class NotAcceptable(UsageError):
    """No format that the request accepts is one of the answer's."""


class UnsupportedMediaType(UsageError):
    """The body is of a kind that is not read."""


class UnknownVersion(TrialkinError):
    """A version of the index that is not there to be compared with."""


_STATUS: dict[type[TrialkinError], int] = {
    NotAcceptable: 406,
    UnsupportedMediaType: 415,
    UsageError: 400,
    UnknownTrial: 404,
    UnknownVersion: 404,
    IndexMissing: 503,
    IndexDamaged: 503,
    ModelError: 503,
}
_BODY_HINT = "Send JSON as application/json; /openapi.json tells which."
_HTTP_HINTS = {
    400: _BODY_HINT,
    404: "See /openapi.json for the routes there are.",
    405: "The Allow header names the methods of this route.",
    413: "Leave out results, sites and references; title, summary, criteria and interventions tell the most.",
}


class Problem(BaseModel):
    """What was wrong, and what to do about it."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    hint: str = ""
    request_id: str | None = Field(
        default_factory=current_request_id, serialization_alias="requestId", description="As in X-Request-ID."
    )

    model_config = {
        "json_schema_extra": {
            "example": {
                "type": "about:blank",
                "title": "UnknownTrial",
                "status": 404,
                "detail": "NCT99999999 is not among the 263 trials of this index.",
                "hint": "Check the number, import the record and build again, or search by its words.",
            }
        }
    }


PROBLEM: dict[str, Any] = {
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
}
"""An answer of an error, for the OpenAPI document."""
PROBLEMS: dict[int | str, dict[str, Any]] = dict.fromkeys((400, 404, 422, 503), PROBLEM)
"""The answers that every route may give besides its own, for the OpenAPI document."""


def add_problem_handlers(app: FastAPI) -> None:
    """Answer every error with a problem document."""

    @app.exception_handler(TrialkinError)
    def _trialkin(_: Request, error: TrialkinError) -> JSONResponse:
        return _response(problem_of(error))

    @app.exception_handler(RequestValidationError)
    def _invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        if first["type"] == "json_invalid":
            return problem("InvalidBody", 400, f"The body is not JSON: {first['ctx']['error']}.", "Send a JSON object.")
        if first["loc"] == ("body",):
            return problem("InvalidBody", 422, f"The body: {first['msg']}.", _BODY_HINT)
        name = ".".join(map(str, first["loc"][1:]))
        if first["loc"][0] == "body" and first["type"] != "extra_forbidden":
            return problem("InvalidBody", 422, f"The body, at {name!r}: {first['msg']}.", _BODY_HINT)
        if first["type"] == "extra_forbidden":
            return problem(
                "UnknownParameter", 400, f"There is no parameter {name!r}.", "See /openapi.json for those there are."
            )
        return problem(
            "InvalidParameter", 422, f"Parameter {name!r}: {first['msg']}.", "See /openapi.json for what it takes."
        )

    @app.exception_handler(HTTPException)
    def _http(_: Request, error: HTTPException) -> JSONResponse:
        response = problem("HttpError", error.status_code, f"{error.detail}.", _HTTP_HINTS.get(error.status_code, ""))
        response.headers.update(error.headers or {})  # 405 must say what is allowed (RFC 9110)
        return response

    @app.exception_handler(Exception)
    def _unexpected(_: Request, error: Exception) -> JSONResponse:
        return problem(
            "InternalError", 500, f"Unexpected error: {type(error).__name__}.", "The server's log says more."
        )


def problem_of(error: TrialkinError) -> Problem:
    """The problem document of an error."""
    known = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 500)
    status = error.status if isinstance(error, Refusal) else known
    return Problem(title=type(error).__name__, status=status, detail=_sound(error.what), hint=_sound(error.hint))


def problem(title: str, status: int, detail: str, hint: str = "") -> JSONResponse:
    """A problem document as a response."""
    return _response(Problem(title=title, status=status, detail=_sound(detail), hint=_sound(hint)))


def _response(body: Problem) -> JSONResponse:
    return JSONResponse(
        body.model_dump(by_alias=True, exclude_none=True),
        status_code=body.status,
        headers={"Cache-Control": "no-store"},  # what was wrong may be mended at any time
        media_type="application/problem+json",
    )


def _sound(text: str) -> str:
    return text.encode(errors="replace").decode()  # half of a surrogate pair in a name cannot be sent back
