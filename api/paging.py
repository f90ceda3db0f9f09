"""Page tokens: where a list goes on, and of which list and which index version."""

import base64
import binascii
import hashlib
from typing import Any

import orjson

from ..errors import UsageError
from ..index import Index
from ..index.scoring import STABLE

MOST_HITS = STABLE
"""The longest ranked list."""
_AGAIN = "Start again without pageToken."
_BYTES = 9


def list_mark(index: Index, asked: dict[str, Any]) -> str:
    """A digest of a question and of the content of the index that answers it."""
    return _digest(index.manifest.seal, orjson.dumps(asked, option=orjson.OPT_SORT_KEYS).decode())


def page_token(index: Index, asked: dict[str, Any], position: int) -> str:
    """The token of the page that starts behind so many hits."""
    said = [index.version, list_mark(index, asked), position]
    return base64.urlsafe_b64encode(orjson.dumps([*said, _digest(*map(str, said))])).decode().rstrip("=")


def position_of(index: Index, asked: dict[str, Any], token: str | None) -> int:
    """How many hits lie before a page; 0 without a token.

    Raises:
        UsageError: the token is none, or of another index version or question.
    """
    if token is None:
        return 0
    version, mark, position = _said(token)
    if version != index.version:
        raise UsageError(
            f"The pageToken is of index version {version}, and version {index.version} answers now.", _AGAIN
        )
    if mark != list_mark(index, asked):
        raise UsageError("The pageToken is of another question, or of other data.", _AGAIN)
    return position


def _said(token: str) -> tuple[str, str, int]:
    try:
        content = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        version, mark, position, check = orjson.loads(content)
        if check != _digest(str(version), str(mark), str(position)) or not 0 < position < MOST_HITS:
            raise ValueError(token)
        if base64.urlsafe_b64encode(content).decode().rstrip("=") != token:  # bits that decoding ignores
            raise ValueError(token)
    except (ValueError, TypeError, binascii.Error):
        raise UsageError("The pageToken is damaged.", _AGAIN) from None
    return version, mark, position


def _digest(*parts: str) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode(errors="replace") + b"\0")
    return base64.urlsafe_b64encode(digest.digest()[:_BYTES]).decode()
