"""How the trials related to one were built, in figures, over HTTP."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from ..data import normalise_nct_id
from ..index import Index
from ..index.precedents import FIELDS, Precedents, precedents
from .dependencies import NctId, TheIndex, single_valued
from .list_writing import source_of
from .media import Media, chosen_media
from .models import Source
from .parameters import WeightParameters
from .problems import PROBLEMS
from .responding import Content, answer_get, responses

router = APIRouter(prefix="/api/v1", responses=PROBLEMS, dependencies=[Depends(single_valued)])
_OFFERED = (Media.JSON,)


class PrecedentsParameters(WeightParameters):
    """Which of the related trials count, closest first."""

    page_size: int = Field(default=50, alias="pageSize", ge=1, le=200, description="How many of the closest count.")


class PrecedentsAnswer(Source, Precedents):
    """Distributions over the trials most like one trial."""

    nct_id: str = Field(examples=["NCT07057778"])


@router.get(
    "/trials/{nctId}/precedents",
    tags=["trials"],
    summary="How the trials most like one trial were built",
    responses=responses(_OFFERED),
    response_model=PrecedentsAnswer,
)
def precedents_of(
    nct_id: NctId, parameters: Annotated[PrecedentsParameters, Query()], index: TheIndex, request: Request
) -> Response:
    """Size, length, arms, sites, design, endpoints and early ends, each with the number of trials that state it."""
    media = chosen_media(request, None, _OFFERED)
    return answer_get(request, index, media, lambda: _written(index, nct_id, parameters))


def _written(index: Index, nct_id: str, parameters: PrecedentsParameters) -> Content:
    hits = index.related(nct_id, parameters.page_size, parameters.filters(), parameters.aspects(), explain=False)
    found = precedents(index.trials([hit.nct_id for hit in hits], FIELDS))
    about = source_of(index) | {"nctId": normalise_nct_id(nct_id)}
    return Content(orjson.dumps(about | found.model_dump(by_alias=True, mode="json")))
