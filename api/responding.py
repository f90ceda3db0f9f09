"""Answers as responses: in one of the formats, with what caches need to know, or not at all where nothing changed."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request, Response

from .. import __version__
from ..index import Index
from .media import MEDIA_TYPES, Media
from .problems import PROBLEM

CACHE = "public, max-age=60, must-revalidate"
"""An answer changes with the next index version, of which a server learns within seconds."""
_NO_STORE = "no-store"
_VARY = "Accept"
"""The compressing middleware adds Accept-Encoding."""
_CHARSETS = {Media.CSV: "; charset=utf-8", Media.RIS: "; charset=utf-8"}


@dataclass(frozen=True)
class Content:
    """The body of an answer, and headers of its own; `name` is what it is saved as, without ending."""

    body: bytes
    name: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def answer_get(request: Request, index: Index, media: Media, make: Callable[[], Content]) -> Response:
    """Answer a GET, with 304 if the caller has that answer; then nothing is made."""
    tag = _tag(request, index, media)
    headers = _about(index) | {"ETag": tag, "Cache-Control": CACHE, "Vary": _VARY}
    known = {one.strip().removeprefix("W/") for one in ",".join(request.headers.getlist("if-none-match")).split(",")}
    if tag.removeprefix("W/") in known:
        return _not_modified(headers)
    content = make()
    return _not_modified(headers) if "*" in known else _response(content, media, headers)


def answer_post(index: Index, media: Media, content: Content) -> Response:
    """Answer a POST, which nobody keeps."""
    return _response(content, media, _about(index) | {"Cache-Control": _NO_STORE, "Vary": _VARY})


def responses(offered: Sequence[Media] = tuple(Media), *, posted: bool = False) -> dict[int | str, dict[str, Any]]:
    """What a route answers besides problems every route has, for the OpenAPI document.

    Args:
        offered: the formats; JSON is described by the route's own model.
        posted: whether the route takes a body.
    """
    found: dict[int | str, dict[str, Any]] = {
        200: {"content": {MEDIA_TYPES[one]: {"schema": {"type": "string"}} for one in offered if one != Media.JSON}},
        406: PROBLEM,
        414: PROBLEM,
    }
    if posted:
        return found | {413: PROBLEM, 415: PROBLEM}
    return found | {304: {"description": "The answer that the caller has is still right"}}


def _tag(request: Request, index: Index, media: Media) -> str:
    """Of index, program, question and format. Weak, for the same answer may come compressed."""
    asked = sorted(request.query_params.multi_items())
    parts = [index.version, index.manifest.seal, __version__, request.url.path, asked, media]
    return f'W/"{hashlib.sha256(repr(parts).encode(errors="replace")).hexdigest()[:32]}"'


def _about(index: Index) -> dict[str, str]:
    date = index.manifest.snapshot.data_date
    return {"X-Index-Version": index.version} | ({"X-Data-Date": date} if date else {})


def _not_modified(headers: Mapping[str, str]) -> Response:
    return Response(status_code=304, headers={**headers, "Vary": f"{_VARY}, Accept-Encoding"})


def _response(content: Content, media: Media, headers: Mapping[str, str]) -> Response:
    saved = {}
    if content.name and media in (Media.CSV, Media.RIS):
        saved = {"Content-Disposition": f'attachment; filename="{content.name}.{media}"'}
    return Response(
        content.body,
        headers={**headers, **saved, **content.headers},
        media_type=MEDIA_TYPES[media] + _CHARSETS.get(media, ""),
    )
