"""Requests that are refused before a route is asked, and how that is said: as a page or as a problem document."""

from collections.abc import Mapping

from fastapi import FastAPI, Request
from starlette.types import Receive, Scope, Send

from ..errors import TrialkinError


class Refusal(TrialkinError):
    """A request that reaches no route; `status` is that of HTTP."""

    status = 400


class BrokenEncoding(Refusal):
    """The percent-encoding of the path or the query string is broken."""


class KeyNeeded(Refusal):
    """There is no key, or it is not valid."""

    status = 401


class SlowBody(Refusal):
    """The body takes too long to come."""

    status = 408


class TargetTooLong(Refusal):
    """The path and the query string are too long."""

    status = 414


class TooManyRequests(Refusal):
    """One client asks too often."""

    status = 429


class Overloaded(Refusal):
    """Too much is asked at once."""

    status = 503


class TooSlow(Refusal):
    """The answer takes too long."""

    status = 503


async def refuse(
    error: Refusal, scope: Scope, receive: Receive, send: Send, headers: Mapping[str, str] | None = None
) -> None:
    """Answer as the application answers errors, with further headers."""
    app: FastAPI = scope["app"]
    response = app.exception_handlers[TrialkinError](Request(scope, receive), error)
    response.headers.update(headers or {})  # pyright: ignore[reportAttributeAccessIssue]
    await response(scope, receive, send)  # pyright: ignore[reportCallIssue]
