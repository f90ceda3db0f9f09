"""What stands between the network and the routes: ids, log, metrics, headers, keys and limits, outermost first."""

import os

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

from ..data.draft import MOST_BYTES
from ..settings import Settings
from .api_keys import KeyRing
from .key_check import HEADER as KEY_HEADER
from .key_check import KeyCheck
from .metrics import Metrics
from .observing import Observe
from .overload import Overload
from .rate_limit import Buckets, RateLimit
from .request_id import HEADER as ID_HEADER
from .request_id import RequestId
from .request_log import RequestLog
from .security_headers import SecurityHeaders
from .target_limit import TargetLimit
from .whole_body import WholeBody

_OF_ANSWERS = ("X-Next-Page-Token", "X-Total-Count", "X-Index-Version", "X-Data-Date")
"""What a page of another origin may read of an answer beside its body."""


def add_operations(app: FastAPI, settings: Settings) -> None:
    """Wrap an application that has its served index; what is added to it before is wrapped, too."""
    served = app.state.served
    metrics = app.state.metrics = Metrics(served)
    app.add_middleware(  # the last that is added is the outermost
        Overload,
        at_work=settings.at_work or processors(),
        waiting=settings.most_waiting,
        longest_wait=settings.longest_wait,
        time_limit=settings.time_limit,
        metrics=metrics,
    )
    app.add_middleware(WholeBody, most=MOST_BYTES, time_limit=settings.time_limit)
    if settings.rate_limit:
        app.add_middleware(RateLimit, buckets=Buckets(settings.rate_limit, settings.rate_burst), metrics=metrics)
    if settings.api_keys_file is not None:
        app.add_middleware(KeyCheck, keys=KeyRing(settings.api_keys_file), pages=settings.keys_for_pages)
    app.add_middleware(TargetLimit)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=("GET", "HEAD", "POST"),
            allow_headers=("Authorization", "Content-Type", KEY_HEADER, ID_HEADER),
            expose_headers=(ID_HEADER, "ETag", "Link", "Retry-After", *_OF_ANSWERS),
        )
    app.add_middleware(Observe, observers=[metrics, RequestLog(settings, served)])
    app.add_middleware(SecurityHeaders)
    app.add_middleware(RequestId)


def processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
