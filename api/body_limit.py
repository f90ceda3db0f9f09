"""A limit on what a request may send."""

from fastapi import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    """ASGI middleware that refuses larger bodies with 413 as they come, whatever their headers promise."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        """Wrap an application.

        Args:
            app: what is called.
            most: bytes of a body at most.
        """
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        received = 0

        async def limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self._most:
                raise HTTPException(413, f"The body is larger than {self._most:,} bytes")
            return message

        await self._app(scope, limited, send)
