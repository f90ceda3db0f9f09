"""The routes for machines that watch the server; none needs a key or waits behind other requests."""

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST

from .models import State
from .problems import PROBLEMS

router = APIRouter(tags=["health"])


@router.get("/healthz", summary="Whether the server lives")
async def healthz() -> State:
    """Answers as long as the server runs."""
    return State(status="ok")


@router.get("/readyz", summary="Whether the server can answer", responses={503: PROBLEMS[503]})
def readyz(request: Request) -> State:
    """Ready once the index is open, its files are checked and the model is loaded."""
    request.app.state.served.ready()
    return State(status="ready")


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    """What the server counts and measures, in Prometheus' text format."""
    return Response(request.app.state.metrics.text(), media_type=CONTENT_TYPE_LATEST)
