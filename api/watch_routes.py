"""What entered or left related lists since an earlier version of the index, over HTTP."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from ..errors import UsageError
from ..index.watching import DEEPEST, Change, watch
from .dependencies import TheIndex, single_valued
from .earlier import EarlierVersion
from .media import Media, chosen_media
from .models import Source
from .parameters import FilterParameters
from .problems import PROBLEMS
from .responding import Content, answer_get, responses
from .value_lists import values

router = APIRouter(prefix="/api/v1", responses=PROBLEMS, dependencies=[Depends(single_valued)])
_OFFERED = (Media.JSON,)
_MOST = 100


def _earlier(request: Request) -> EarlierVersion:
    return request.app.state.earlier


class WatchParameters(FilterParameters):
    """Whose lists are compared, and with what."""

    nct_ids: str = Field(
        alias="nctId",
        max_length=20 * _MOST,
        description=f"NCT ids, up to {_MOST}, separated by commas.",
        examples=["NCT07057778"],
    )
    since: str | None = Field(
        default=None, max_length=20, description="The earlier version; by default the one before the current."
    )
    page_size: int = Field(default=10, alias="pageSize", ge=1, le=DEEPEST, description="Length of the lists compared.")

    def ids(self) -> list[str]:
        """The NCT ids, as they are spelt.

        Raises:
            UsageError: there are none, or too many.
        """
        ids = values(self.nct_ids)
        if not 1 <= len(ids) <= _MOST:
            raise UsageError(f"nctId names {len(ids):,} trials.", f"Name 1 to {_MOST}, separated by commas.")
        return ids


class WatchAnswer(Source):
    """What entered or left each list, in the order asked for, lists without a change, too."""

    since_version: str = Field(examples=["0001"])
    since_data_date: str | None = Field(examples=["2026-01-11"])
    changes: list[Change]


@router.get(
    "/watch",
    tags=["trials"],
    summary="What entered or left trials' related lists since an earlier version of the index",
    responses=responses(_OFFERED),
    response_model=WatchAnswer,
)
def watch_(
    parameters: Annotated[WatchParameters, Query()],
    index: TheIndex,
    earlier: Annotated[EarlierVersion, Depends(_earlier)],
    request: Request,
) -> Response:
    """Both versions are ranked by the same rules; each move says why: a trial is new, moved, or meets the filters."""
    media = chosen_media(request, None, _OFFERED)

    def answer() -> Content:
        ids, filters = parameters.ids(), parameters.filters()
        before = earlier.get(parameters.since, index)
        changes = watch(before, index, ids, parameters.page_size, filters)
        answered = WatchAnswer(
            index_version=index.version,
            data_date=index.manifest.snapshot.data_date,
            since_version=before.version,
            since_data_date=before.manifest.snapshot.data_date,
            changes=list(changes),
        )
        return Content(orjson.dumps(answered.model_dump(by_alias=True, mode="json")))

    return answer_get(request, index, media, answer)
