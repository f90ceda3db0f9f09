"""Errors as pages, for people who look at pages; programs get the problem documents of the HTTP API."""

from collections.abc import Callable
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from ...data import is_nct_id, normalise_nct_id
from ...errors import TrialkinError
from .rendering import page

_FOR_PROGRAMS = ("/api/", "/healthz", "/readyz", "/openapi.json", "/static/", "/metrics")
_HEADINGS = {
    "UnknownTrial": "This trial is not held here",
    "InvalidNctId": "That is no NCT number",
    "IndexMissing": "Nothing has been indexed yet",
    "IndexDamaged": "The index is damaged",
    "ModelError": "Searches by words are not possible now",
    "Overloaded": "Too many are asking just now",
    "TooSlow": "This took too long",
    "SlowBody": "What you sent did not arrive",
    "TooManyRequests": "That was a lot of questions",
    "KeyNeeded": "This needs a key",
    "TargetTooLong": "This address is too long",
    "BrokenEncoding": "This address is broken",
}
_HINTS_OF_KIND = {"UnknownTrial": "Check the number, or search by its words."}
_BY_STATUS = {
    400: "This cannot be answered",
    404: "There is no such page",
    405: "This page is asked for in another way",
    413: "That is too long",
    422: "This cannot be answered",
    503: "Not ready yet",
}
_HINTS = {
    404: "The address may be mistyped, or the page may have moved.",
    413: "Leave out results, sites and references.",
}
_WENT_WRONG = "Something went wrong here"


def add_error_pages(app: FastAPI) -> None:
    """Answer errors with pages where a page was asked for, and as before elsewhere."""
    for kind in (TrialkinError, RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, _page_or(app.exception_handlers[kind]))


def _page_or(document: Callable[[Request, Any], Any]) -> Callable[[Request, Exception], Response]:
    def handler(request: Request, error: Exception) -> Response:
        response: Response = document(request, error)
        if not _wants_page(request):
            return response
        shown = _error_page(request, response.status_code, orjson.loads(bytes(response.body)))
        for name in ("allow", "retry-after", "www-authenticate"):
            if value := response.headers.get(name):
                shown.headers[name] = value
        return shown

    return handler


def _wants_page(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith(_FOR_PROGRAMS)


def _error_page(request: Request, status: int, problem: dict[str, Any]) -> Response:
    kind = problem["title"]
    heading = _HEADINGS.get(kind) or _BY_STATUS.get(status, _WENT_WRONG)
    asked = str(request.path_params.get("nctId", ""))
    by_route = kind in ("HttpError", "UnknownParameter", "InvalidParameter")
    response = page(
        request,
        "error.html",
        None,
        status,
        heading=heading,
        detail="" if kind == "HttpError" and status == 404 else problem["detail"],
        hint=_HINTS.get(status, "") if by_route else _HINTS_OF_KIND.get(kind, problem["hint"]),
        registry_id=normalise_nct_id(asked) if kind == "UnknownTrial" and is_nct_id(asked) else None,
    )
    response.headers["Cache-Control"] = "no-store"
    return response
