"""How the server answers what is no HTTP request that it can take: with a problem document, too."""

import asyncio

import h11
from starlette.responses import Response
from uvicorn.protocols.http.h11_impl import H11Protocol

from .problems import problem
from .security_headers import SECURITY_HEADERS
from .target_limit import MOST_TARGET, too_long

MOST_HEAD = MOST_TARGET + 32_768
"""Bytes of a request's first line and headers at most."""
_LINGER = 2.0
"""Seconds in which a client that is still sending can take note of a refusal."""


class HttpProtocol(H11Protocol):
    """uvicorn's own protocol, whose refusals are problem documents that reach a client that is still sending."""

    _refused = False

    def data_received(self, data: bytes) -> None:
        """Take bytes; after a refusal nothing is read from them."""
        if not self._refused:
            super().data_received(data)

    def send_400_response(self, msg: str) -> None:
        """Refuse what h11 could not read, and let the client finish.

        To close at once while the client sends would make its system throw the answer away unread.
        """
        self._refused = True
        answer = self._refusal(msg)
        headers = [*answer.raw_headers, *((k.encode(), v.encode()) for k, v in SECURITY_HEADERS.items())]
        events = (
            h11.Response(status_code=answer.status_code, headers=[*headers, (b"connection", b"close")]),
            h11.Data(data=bytes(answer.body)),
            h11.EndOfMessage(),
        )
        self.transport.write(b"".join(self.conn.send(event) or b"" for event in events))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        asyncio.get_running_loop().call_later(_LINGER, self.transport.close)

    def _refusal(self, msg: str) -> Response:
        unread = self.conn.trailing_data[0]
        if len(unread) <= MOST_HEAD:
            return problem("BadRequest", 400, msg, "Speak HTTP/1.1; see /openapi.json for the routes there are.")
        if b"\n" not in unread:
            error = too_long()
            return problem(type(error).__name__, error.status, error.what, error.hint)
        return problem("HeadersTooLarge", 431, f"The headers are larger than {MOST_HEAD:,} bytes.", "Send fewer.")
