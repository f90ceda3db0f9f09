"""The HTTP application."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.middleware.gzip import GZipMiddleware

from .. import __version__
from ..data.draft import MOST_BYTES
from ..errors import TrialkinError
from ..settings import Settings
from .about_routes import router as about
from .batch_routes import router as batch
from .body_limit import BodyLimit
from .compare_routes import router as compare
from .earlier import EarlierVersion
from .facet_routes import router as facets
from .health_routes import router as health
from .list_routes import router as lists
from .operations import add_operations
from .precedents_routes import router as precedents
from .problems import add_problem_handlers
from .registry_routes import router as registry
from .serving import ServedIndex
from .site import add_site
from .trial_routes import router as trials
from .watch_routes import router as watch

_log = logging.getLogger("trialkin")


def create_app(settings: Settings) -> FastAPI:
    """Make the application; nothing is opened before it starts."""
    served = ServedIndex(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            await run_in_threadpool(served.ready)
        except TrialkinError as error:  # /readyz says the same until it is mended
            _log.warning("Not ready: %s", error)
        yield

    app = FastAPI(
        title="trialkin",
        version=__version__,
        summary="Given a clinical trial, which other trials are its kin?",
        description="Data from ClinicalTrials.gov; every answer names the date of the data. Not medical advice.",
        docs_url=None,  # the usual pages load scripts from elsewhere; nothing here does
        redoc_url=None,
        lifespan=lifespan,
        redirect_slashes=False,  # they would send people wherever the request's Host says
    )
    app.state.served = served
    app.state.earlier = EarlierVersion(settings)
    app.add_middleware(BodyLimit, most=MOST_BYTES)
    app.add_middleware(GZipMiddleware, minimum_size=1, compresslevel=5)  # of every size, so that Vary always says so
    add_problem_handlers(app)
    app.include_router(trials)
    app.include_router(lists)
    app.include_router(batch)
    app.include_router(facets)
    app.include_router(compare)
    app.include_router(precedents)
    app.include_router(watch)
    app.include_router(registry)
    app.include_router(about)
    app.include_router(health)
    add_site(app)
    add_operations(app, settings)  # last: it is around everything
    return app
