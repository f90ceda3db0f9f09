"""A request's body is read before its work begins, so that who sends slowly keeps nobody waiting."""

import asyncio
from collections import deque

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .refusals import SlowBody, refuse


class WholeBody:
    """ASGI middleware that hands requests on once their bodies are there, or are too long.

    A body that takes longer than the time limit is answered with 408. A client that goes away meanwhile asks nothing.
    """

    def __init__(self, app: ASGIApp, *, most: int, time_limit: float) -> None:
        """Wrap an application, which refuses longer bodies itself.

        Args:
            app: what is called.
            most: bytes of a body that are read before it is handed on, at most.
            time_limit: seconds that a body may take; 0 for no limit.
        """
        self._app = app
        self._most = most
        self._time_limit = time_limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http" or not _has_body(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        try:
            async with asyncio.timeout(self._time_limit or None):
                messages = await self._read(receive)
        except TimeoutError:
            error = SlowBody(f"The body has not come within {self._time_limit:g} s.", "Send it again, faster.")
            await refuse(error, scope, receive, send, {"Connection": "close"})
            return
        if messages[-1]["type"] == "http.disconnect":
            return

        async def replay() -> Message:
            return messages.popleft() if messages else await receive()

        await self._app(scope, replay, send)

    async def _read(self, receive: Receive) -> deque[Message]:
        messages: deque[Message] = deque()
        size = 0
        while size <= self._most:
            messages.append(message := await receive())
            size += len(message.get("body", b""))
            if not message.get("more_body"):
                break
        return messages


def _has_body(headers: Headers) -> bool:
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers
