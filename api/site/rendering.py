"""Pages from templates: autoescaped, with addresses of static files that change with their content."""

import hashlib
from functools import cache
from pathlib import Path

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from ... import __version__
from ...index import Index
from ..labels import code_label
from . import wording
from .marking import marked
from .sites_picture import sites_picture

STATIC = Path(__file__).resolve().parent / "static"
TEMPLATES = Path(__file__).resolve().parent / "templates"


def page(request: Request, template: str, index: Index | None, status: int = 200, **context: object) -> Response:
    """A page from a template.

    Args:
        request: that is answered.
        template: a file of `TEMPLATES`.
        index: whose trials are shown; None where there is none.
        status: of HTTP.
        context: names that the template uses besides `request` and `index`.
    """
    text = _environment().get_template(template).render(request=request, index=index, **context)
    return HTMLResponse(text, status_code=status, headers={"Cache-Control": "no-cache"})


@cache
def static_url(name: str) -> str:
    """The address of a static file, which changes with its content."""
    return f"/static/{name}?v={_digest(name)}"


class HashedFiles(StaticFiles):
    """Static files; one that is asked for by the hash of its content may be kept for a year."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer a request for a file."""
        response = await super().get_response(path, scope)
        asked = scope.get("query_string", b"").decode("latin-1")
        named = response.status_code < 400 and asked == f"v={_digest(path)}"
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if named else "no-cache"
        return response


@cache
def _digest(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(static_url=static_url, version=__version__)
    environment.filters.update(
        code=code_label,
        phase=wording.phase_words,
        date=wording.date_words,
        number=wording.number_words,
        status_tone=wording.status_tone,
        sponsor_class=wording.class_words,
        field=wording.field_words,
        marked=marked,
        sites_picture=sites_picture,
    )
    return environment
