"""A limit on paths and query strings, and a check that they are properly encoded."""

import re
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Receive, Scope, Send

from .refusals import BrokenEncoding, Refusal, TargetTooLong, refuse

MOST_TARGET = 65_536
"""Bytes of path and query string at most: a text of `MOST_CHARACTERS` in ASCII fits."""
_BROKEN = re.compile(rb"%(?![0-9A-Fa-f]{2})")


class TargetLimit:
    """ASGI middleware that refuses what is too long with 414, and broken percent-encoding with 400."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        refusal = _refusal(scope) if scope["type"] == "http" else None
        if refusal is None:
            await self._app(scope, receive, send)
        else:
            await refuse(refusal, scope, receive, send)


def _refusal(scope: Scope) -> Refusal | None:
    path = scope.get("raw_path") or scope["path"].encode(errors="replace")
    query = scope["query_string"]
    if len(path) + len(query) > MOST_TARGET:
        return too_long()
    for name, part in (("path", path), ("query string", query)):
        if b"%" not in part:
            continue
        if (broken := _BROKEN.search(part)) is not None:
            return BrokenEncoding(
                f"The {name} has a % at byte {broken.start()} that two hexadecimal digits do not follow.",
                "Write %25 for a percent sign.",
            )
        try:
            unquote_to_bytes(part).decode()
        except UnicodeDecodeError:
            return BrokenEncoding(f"The {name} is not UTF-8.", "Encode it as UTF-8, then in percent.")
    return None


def too_long() -> TargetTooLong:
    """The refusal of a path and query string of more than `MOST_TARGET` bytes."""
    return TargetTooLong(
        f"The path and query string are longer than {MOST_TARGET:,} bytes.",
        'Send long texts in the body of POST /api/v1/related, as {"text": "..."}.',
    )
