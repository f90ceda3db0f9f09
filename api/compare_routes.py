"""Two trials side by side over HTTP."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from ..errors import UsageError
from ..index import Index
from ..index.comparing import compare
from ..index.comparison import Comparison
from .dependencies import TheIndex, single_valued
from .list_writing import source_of
from .media import Media, chosen_media
from .models import Source
from .parameters import Parameters
from .problems import PROBLEMS
from .responding import Content, answer_get, responses

router = APIRouter(prefix="/api/v1", responses=PROBLEMS, dependencies=[Depends(single_valued)])
_OFFERED = (Media.JSON,)


class CompareParameters(Parameters):
    """Which trials are compared."""

    a: str = Field(max_length=40, description="NCT id of the first trial.", examples=["NCT07057778"])
    b: str = Field(max_length=40, description="NCT id of the second trial.", examples=["NCT05302024"])


class CompareAnswer(Source, Comparison):
    """Two trials, section by section: what is the same, what differs, what only one of them says."""


@router.get(
    "/compare",
    tags=["trials"],
    summary="Two trials side by side",
    responses=responses(_OFFERED),
    response_model=CompareAnswer,
)
def compare_two(parameters: Annotated[CompareParameters, Query()], index: TheIndex, request: Request) -> Response:
    """Items are paired one to one by likeness; changed numbers of paired texts are marked by their characters."""
    media = chosen_media(request, None, _OFFERED)
    return answer_get(request, index, media, lambda: _written(index, parameters))


def _written(index: Index, parameters: CompareParameters) -> Content:
    first, second = index.trial(parameters.a), index.trial(parameters.b)
    if first.nct_id == second.nct_id:
        raise UsageError(f"a and b are both {first.nct_id}.", "Give two different trials.")
    answer = source_of(index) | compare(first, second).model_dump(by_alias=True, mode="json")
    return Content(orjson.dumps(answer))
