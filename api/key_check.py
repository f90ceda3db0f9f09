"""Who may ask: a key is demanded for the API, and for the pages if that is set."""

import base64
import binascii

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from .api_keys import KeyRing
from .refusals import KeyNeeded, refuse
from .request_paths import is_exempt, path_of

HEADER = "X-API-Key"
_FOR_PROGRAMS = "/api/"


class KeyCheck:
    """ASGI middleware that answers requests without a valid key with 401.

    A key is the value of ``X-API-Key``, of ``Authorization: Bearer``, or the password of ``Authorization: Basic``,
    which is what browsers ask people for. Probes and static files need none.
    """

    def __init__(self, app: ASGIApp, keys: KeyRing, *, pages: bool) -> None:
        """Wrap an application.

        Args:
            app: what is called.
            keys: those that are valid.
            pages: whether everything else needs a key as the API does.
        """
        self._app = app
        self._keys = keys
        self._pages = pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http" or is_exempt(scope):
            await self._app(scope, receive, send)
            return
        for_programs = path_of(scope).startswith(_FOR_PROGRAMS)
        key = given_key(Headers(scope=scope))
        owner = self._keys.owner(key) if key else None
        if owner is None and (for_programs or self._pages):
            what = "The key is not valid." if key else "A key is needed."
            error = KeyNeeded(what, f"Send your key as {HEADER}; who runs the server makes them.")
            challenge = ("Bearer" if for_programs else "Basic") + ' realm="trialkin"'
            await refuse(error, scope, receive, send, {"WWW-Authenticate": challenge})
            return
        if owner is not None:
            scope.setdefault("state", {})["key"] = owner
        await self._app(scope, receive, send)


def given_key(headers: Headers) -> str:
    """The key of a request, empty if there is none."""
    if key := headers.get(HEADER, "").strip():
        return key
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value, validate=True).decode().partition(":")[2]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""
