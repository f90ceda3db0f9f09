"""The web site: pages for people, made on the server, over the same index as the HTTP API."""

from fastapi import FastAPI

from . import about, compare_page, home, map_page, trial_page
from .error_pages import add_error_pages
from .rendering import HashedFiles

__all__ = ["add_site"]


def add_site(app: FastAPI) -> None:
    """Add pages, static files, and errors as pages where a page was asked for."""
    for router in (home.router, trial_page.router, map_page.router, compare_page.router, about.router):
        app.include_router(router)
    app.mount("/static", HashedFiles(), name="static")
    add_error_pages(app)
