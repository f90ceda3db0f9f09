"""Ranked lists over HTTP: like one trial, like a text, like what is sent."""

from collections.abc import Callable
from functools import partial
from typing import Any

from fastapi import APIRouter, Depends, Request, Response

from ..data import draft_of, normalise_nct_id
from ..index import Index
from .bodies import RELATED_REQUEST, RelatedBody, TheRelatedBody
from .chosen_fields import chosen_fields
from .dependencies import NctId, TheIndex, single_valued
from .formats import HIT_NAMES
from .list_parameters import ListParameters, RelatedQuery, SearchQuery
from .list_writing import Listed, check_fields, write_list
from .media import Media, chosen_media
from .models import AlikeAnswer, RelatedAnswer, SearchAnswer
from .paging import page_token, position_of
from .problems import PROBLEMS
from .ranked_pages import Ask, PageWanted, page_of
from .reading import as_read
from .responding import Content, answer_get, answer_post, responses
from .sorting import parse_sort

router = APIRouter(prefix="/api/v1", responses=PROBLEMS, dependencies=[Depends(single_valued)])


@router.get(
    "/trials/{nctId}/related",
    tags=["trials"],
    summary="Trials most like one trial",
    responses=responses(),
    response_model=RelatedAnswer,
)
def related(nct_id: NctId, parameters: RelatedQuery, index: TheIndex, request: Request) -> Response:
    """Ranked, without the trial itself."""
    canonical = normalise_nct_id(nct_id)
    ask = partial(index.related, canonical, filters=parameters.filters(), weights=parameters.aspects())
    return _got(request, index, parameters, ask, {"nctId": canonical}, f"related-{canonical}")


@router.get(
    "/search",
    tags=["search"],
    summary="Trials most like a text",
    responses=responses(),
    response_model=SearchAnswer,
)
def search(parameters: SearchQuery, index: TheIndex, request: Request) -> Response:
    """Ranked by likeness to key words, a question, a protocol's synopsis or a patient's story."""
    ask = partial(index.search, parameters.q, filters=parameters.filters(), weights=parameters.aspects())
    return _got(request, index, parameters, ask, {"q": parameters.q} | as_read(index.sought(parameters.q)), "search")


@router.post(
    "/related",
    tags=["trials"],
    summary="Trials most like several, like a draft protocol, or like a text",
    responses=responses(posted=True),
    response_model=AlikeAnswer,
    openapi_extra=RELATED_REQUEST,
)
def alike(body: TheRelatedBody, parameters: RelatedQuery, index: TheIndex, request: Request) -> Response:
    """Ranked, without the trials of the body, which is neither stored nor logged."""
    body.check()
    about: dict[str, Any] = {
        "likes": [normalise_nct_id(one) for one in body.likes],
        "unlikes": [normalise_nct_id(one) for one in body.unlikes],
    }
    if body.text is not None:
        about |= as_read(index.sought(body.text))
    media = chosen_media(request, parameters.format)
    ask = partial(_of_body(index, body), filters=parameters.filters(), weights=parameters.aspects())
    asked = {"body": body.model_dump_json()}
    return answer_post(index, media, _page(index, parameters, ask, asked, about, media, "related"))


def _got(
    request: Request, index: Index, parameters: ListParameters, ask: Ask, about: dict[str, Any], name: str
) -> Response:
    media = chosen_media(request, parameters.format)
    return answer_get(
        request, index, media, lambda: _page(index, parameters, ask, about, about, media, f"trialkin-{name}")
    )


def _page(
    index: Index,
    parameters: ListParameters,
    ask: Ask,
    asked: dict[str, Any],
    about: dict[str, Any],
    media: Media,
    name: str,
) -> Content:
    """The page that is asked for, written.

    Args:
        index: answers.
        parameters: which page, and how.
        ask: asks the question.
        asked: the question, by which a page token knows its list.
        about: the question as the answer repeats it.
        media: the format.
        name: of a file.
    """
    fields = chosen_fields(parameters.fields, HIT_NAMES, "A hit")
    check_fields(media, fields)
    whole = {**parameters.of_list(), **asked}
    position = position_of(index, whole, parameters.page_token)
    page = page_of(
        index,
        ask,
        PageWanted(
            position=position,
            size=parameters.page_size,
            count=parameters.count_total,
            families=parameters.collapse == "family",
            sort=parse_sort(parameters.sort),
            explain=fields is None or "why" in fields or "reasons" in fields,
        ),
    )
    token = page_token(index, whole, position + len(page.hits)) if page.goes_on else None
    return write_list(index, Listed(page, token, about, fields, name), media)


def _of_body(index: Index, body: RelatedBody) -> Callable[..., Any]:
    if body.draft is not None:
        return partial(index.related_to, draft_of(body.draft))
    if body.text is not None:
        return partial(index.search, body.text)
    return partial(_alike, index, body)


def _alike(index: Index, body: RelatedBody, top: int, **asked: Any) -> list[Any]:  # noqa: ANN401 - as `Index.alike`
    return index.alike(body.likes, body.unlikes, top, **asked)
