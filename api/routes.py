"""The routes of the HTTP API; each asks the index one question."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request

from .. import __version__
from ..data import Trial, draft_of, normalise_nct_id
from ..index import Index
from .models import (
    AlikeAnswer,
    RelatedAnswer,
    RelatedBody,
    RelatedQuery,
    SearchAnswer,
    SearchQuery,
    State,
    VersionAnswer,
)
from .problems import PROBLEM, PROBLEMS
from .serving import ServedIndex


def _served(request: Request) -> ServedIndex:
    return request.app.state.served


def _index(served: Annotated[ServedIndex, Depends(_served)]) -> Index:
    return served.get()


TheIndex = Annotated[Index, Depends(_index)]
NctId = Annotated[str, Path(alias="nctId", max_length=40, examples=["NCT07057778"])]

api = APIRouter(prefix="/api/v1", responses=PROBLEMS)
health = APIRouter(tags=["health"])


@api.get("/trials/{nctId}", tags=["trials"], summary="One trial's record", response_model_exclude_none=True)
def trial(nct_id: NctId, index: TheIndex) -> Trial:
    """The full record, in the registry's names; absent fields are left out."""
    return index.trial(nct_id)


@api.get("/trials/{nctId}/related", tags=["trials"], summary="Trials most like one trial")
def related(nct_id: NctId, parameters: RelatedQuery, index: TheIndex) -> RelatedAnswer:
    """Ranked, without the trial itself."""
    hits = index.related(nct_id, parameters.page_size, parameters.filters(), parameters.aspects())
    return RelatedAnswer(
        index_version=index.version,
        data_date=index.manifest.snapshot.data_date,
        nct_id=index.trial(nct_id).nct_id,
        hits=hits,
    )


@api.post(
    "/related",
    tags=["trials"],
    summary="Trials most like several, like a draft protocol, or like a text",
    responses={413: PROBLEM},
)
def alike(body: RelatedBody, parameters: RelatedQuery, index: TheIndex) -> AlikeAnswer:
    """Ranked, without the trials of the body, which is neither stored nor logged."""
    body.check()
    asked = parameters.page_size, parameters.filters(), parameters.aspects()
    if body.draft is not None:
        hits = index.related_to(draft_of(body.draft), *asked)
    elif body.text is not None:
        hits = index.search(body.text, *asked)
    else:
        hits = index.alike(body.likes, body.unlikes, *asked)
    return AlikeAnswer(
        index_version=index.version,
        data_date=index.manifest.snapshot.data_date,
        likes=tuple(map(normalise_nct_id, body.likes)),
        unlikes=tuple(map(normalise_nct_id, body.unlikes)),
        hits=hits,
    )


@api.get("/search", tags=["search"], summary="Trials most like a text")
def search(parameters: SearchQuery, index: TheIndex) -> SearchAnswer:
    """Ranked by likeness to key words, a question, a protocol's synopsis or a patient's story."""
    hits = index.search(parameters.q, parameters.page_size, parameters.filters(), parameters.aspects())
    return SearchAnswer(
        index_version=index.version, data_date=index.manifest.snapshot.data_date, q=parameters.q, hits=hits
    )


@api.get("/version", tags=["about"], summary="The server, its index and its data")
def version(index: TheIndex) -> VersionAnswer:
    """What answers, made from what."""
    manifest = index.manifest
    return VersionAnswer(
        index_version=index.version,
        data_date=manifest.snapshot.data_date,
        trialkin=__version__,
        trials=len(index),
        sources=manifest.snapshot.sources,
        model=manifest.model.name,
        model_fingerprint=manifest.model.fingerprint,
    )


@health.get("/healthz", summary="Whether the server lives")
def healthz() -> State:
    """Answers as long as the server runs."""
    return State(status="ok")


@health.get("/readyz", summary="Whether the server can answer", responses={503: PROBLEMS[503]})
def readyz(index: TheIndex) -> State:
    """Ready once the index is open, its files are checked and the model is loaded."""
    index.warm_up()
    return State(status="ready")
