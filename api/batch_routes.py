"""Many queries in one request."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import orjson
from fastapi import APIRouter, Depends, Request, Response

from ..data import is_nct_id, normalise_nct_id
from ..errors import TrialkinError
from ..index import Index
from .bodies import BATCH_REQUEST, IdQuery, TextQuery, TheQueries
from .chosen_fields import chosen_fields
from .dependencies import TheIndex, single_valued
from .formats import HIT_NAMES, hit_object
from .list_parameters import BatchQuery
from .list_writing import source_of
from .media import Media, chosen_media
from .models import BatchAnswer
from .problems import PROBLEMS, problem_of
from .ranked_pages import PageWanted, page_of
from .reading import as_read
from .responding import Content, answer_post, responses
from .sorting import parse_sort

router = APIRouter(prefix="/api/v1", responses=PROBLEMS, dependencies=[Depends(single_valued)])
_OFFERED = (Media.JSON, Media.NDJSON)


@router.post(
    "/batch",
    tags=["search"],
    summary="Ranked lists for up to 100 trials and texts",
    responses=responses(_OFFERED, posted=True),
    response_model=BatchAnswer,
    openapi_extra=BATCH_REQUEST,
)
def batch(queries: TheQueries, parameters: BatchQuery, index: TheIndex, request: Request) -> Response:
    """One answer for each query, in their order; one that cannot be answered says why and leaves the others alone."""
    media = chosen_media(request, parameters.format, _OFFERED)
    fields = chosen_fields(parameters.fields, HIT_NAMES, "A hit")
    wanted = PageWanted(
        size=parameters.page_size,
        families=parameters.collapse == "family",
        sort=parse_sort(parameters.sort),
        explain=fields is None or "why" in fields or "reasons" in fields,
    )
    asked = {"filters": parameters.filters(), "weights": parameters.aspects()}
    index.count(asked["filters"])  # a filter that means nothing fails the whole, not each query
    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(lambda query: _answer(index, query, wanted, asked, fields), queries))
    return answer_post(index, media, Content(_written(index, answers, media)))


def _answer(
    index: Index,
    query: str | IdQuery | TextQuery,
    wanted: PageWanted,
    asked: dict[str, Any],
    fields: Sequence[str] | None,
) -> dict[str, Any]:
    by_id = isinstance(query, IdQuery) or (isinstance(query, str) and is_nct_id(query))
    said = query.nct_id if isinstance(query, IdQuery) else query.text if isinstance(query, TextQuery) else query
    try:
        name = normalise_nct_id(said) if by_id else said
        page = page_of(index, partial(index.related if by_id else index.search, name, **asked), wanted)
        read = {} if by_id else as_read(index.sought(name))
    except TrialkinError as error:
        return {"query": said, "problem": problem_of(error).model_dump(by_alias=True, exclude_none=True)}
    return {"query": name} | read | {"hits": [hit_object(hit, fields) for hit in page.hits]}


def _written(index: Index, answers: list[dict[str, Any]], media: Media) -> bytes:
    """All as one object, or one object a line."""
    if media is Media.NDJSON:
        return b"".join(orjson.dumps(source_of(index) | answer) + b"\n" for answer in answers)
    return orjson.dumps(source_of(index) | {"answers": answers})
