"""What the site is, what its answers are made from, and what it keeps."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from ..dependencies import TheIndex
from .rendering import page, static_url

router = APIRouter(include_in_schema=False)


@router.get("/about")
def about(request: Request, index: TheIndex) -> Response:
    """The page."""
    return page(request, "about.html", index)


@router.get("/favicon.ico")
def icon() -> Response:
    """What browsers ask for by themselves beside an answer that is no page, such as JSON."""
    return RedirectResponse(static_url("favicon.svg"), 302, {"Cache-Control": "public, max-age=86400"})
