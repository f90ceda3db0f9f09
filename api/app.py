"""The HTTP application."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from .. import __version__
from ..data.draft import MOST_BYTES
from ..errors import TrialkinError
from ..settings import Settings
from .body_limit import BodyLimit
from .problems import add_problem_handlers
from .routes import api, health
from .serving import ServedIndex

_log = logging.getLogger("trialkin")


def create_app(settings: Settings) -> FastAPI:
    """Make the application; nothing is opened before it starts."""
    served = ServedIndex(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            await run_in_threadpool(lambda: served.get().warm_up())
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
    )
    app.state.served = served
    app.add_middleware(BodyLimit, most=MOST_BYTES)
    add_problem_handlers(app)
    app.include_router(api)
    app.include_router(health)
    return app
