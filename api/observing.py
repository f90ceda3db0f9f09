"""What becomes of every request: seen once, told to the log and to the metrics."""

import inspect
from dataclasses import dataclass, field
from time import perf_counter
from typing import Protocol

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..index.timing import timed_stages
from .problems import problem


@dataclass
class Exchange:
    """A request and what became of it.

    Attributes:
        status: of the answer; 499 where the client or the server went away before one began.
        seconds: from its arrival to the last byte of its answer.
        sent: bytes of the answer's body.
        stages: seconds by stage of the index.
        error: what nobody expected.
    """

    scope: Scope
    status: int = 0
    seconds: float = 0.0
    sent: int = 0
    stages: dict[str, float] = field(default_factory=dict)
    error: Exception | None = None


class Observer(Protocol):
    """Is told of requests."""

    def begun(self) -> None:
        """A request has come."""

    def ended(self, exchange: Exchange) -> None:
        """Its answer has gone, or nobody waits for it any more."""


class Observe:
    """ASGI middleware that tells observers of every request, and answers what nobody expected with a 500."""

    def __init__(self, app: ASGIApp, observers: list[Observer]) -> None:
        self._app = app
        self._observers = observers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = Exchange(scope)

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
            else:
                exchange.sent += len(message.get("body", b""))
            await send(message)

        for observer in self._observers:
            observer.begun()
        begun = perf_counter()
        try:
            with timed_stages() as exchange.stages:
                await self._app(scope, receive, noting)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is logged and answered
            if exchange.status and isinstance(error, OSError | ClientDisconnect):
                return  # whoever asked has left in the middle of the answer
            exchange.error = error
            if not exchange.status:
                answer = await _unexpected(scope, receive, error)
                await answer(scope, receive, noting)
        finally:
            exchange.seconds = perf_counter() - begun
            exchange.status = exchange.status or 499
            for observer in self._observers:
                observer.ended(exchange)


async def _unexpected(scope: Scope, receive: Receive, error: Exception) -> Response:
    """The application's own answer to an unexpected error."""
    handler = scope["app"].exception_handlers.get(Exception) if "app" in scope else None
    if handler is None:
        return problem("InternalError", 500, "Unexpected error.", "The server's log says more.")
    request = Request(scope, receive)
    if inspect.iscoroutinefunction(handler):
        return await handler(request, error)
    return await run_in_threadpool(handler, request, error)
