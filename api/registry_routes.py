"""The registry's own API over the index: studies in its shape, for programs that were written for the registry."""

import weakref
from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import Any

import orjson
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from ..data import Trial, normalise_nct_id
from ..data.plain_text import plain_text
from ..data.study_of_trial import study_of
from ..errors import UsageError
from ..index import Index
from .dependencies import NctId, TheIndex, single_valued
from .media import Media, chosen_media
from .problems import PROBLEMS
from .registry_csv import COLUMNS, studies_csv
from .registry_fields import Tree, kept, wanted_parts
from .registry_list import study_page
from .registry_parameters import StudiesQuery, StudyParameters, StudyQuery
from .responding import Content, answer_get, responses
from .value_lists import values

router = APIRouter(prefix="/api/v1", tags=["registry"], responses=PROBLEMS, dependencies=[Depends(single_valued)])
REGISTRY_API = "2.0.5"
"""The version of the registry's API whose shape studies have."""
_OFFERED = (Media.JSON, Media.CSV)


class Studies(BaseModel):
    """A page of studies, in the shape of the registry's API v2."""

    total_count: int | None = Field(default=None, alias="totalCount", description="On the first page, if asked for.")
    studies: list[dict[str, Any]]
    next_page_token: str | None = Field(default=None, alias="nextPageToken", description="Absent on the last page.")


@router.get(
    "/studies", summary="Studies in the registry's shape", responses=responses(_OFFERED), response_model=Studies
)
def studies(parameters: StudiesQuery, index: TheIndex, request: Request) -> Response:
    """As the registry's `GET /api/v2/studies`; with words the studies most like them, up to 1,000, closest first."""
    media = chosen_media(request, Media(parameters.format), _OFFERED)
    show = _Shown(parameters, media)

    def answer() -> Content:
        page = study_page(index, parameters)
        trials = index.trials(page.nct_ids, show.fields) if page.nct_ids else []
        total = page.total if parameters.count_total and parameters.page_token is None else None
        if media is Media.CSV:
            headers = {"X-Next-Page-Token": page.token} if page.token else {}
            headers |= {} if total is None else {"X-Total-Count": str(total)}
            return Content(studies_csv(trials, show.columns), "ctg-studies", headers)
        found: dict[str, Any] = {} if total is None else {"totalCount": total}
        found["studies"] = [show.study(one) for one in trials]
        return Content(orjson.dumps(found | ({"nextPageToken": page.token} if page.token else {})))

    return answer_get(request, index, media, answer)


@router.get(
    "/studies/{nctId}",
    summary="One study in the registry's shape",
    responses=responses(_OFFERED) | {301: {"description": "To the study that an alias names"}},
)
def study(nct_id: NctId, parameters: StudyQuery, index: TheIndex, request: Request) -> Response:
    """As the registry's `GET /api/v2/studies/{nctId}`, its `protocolSection` and what else the record holds."""
    canonical = normalise_nct_id(nct_id)
    if canonical not in index and (live := _aliases(index).get(canonical)):
        return RedirectResponse(str(request.url.replace(path=request.url.path.rpartition("/")[0] + f"/{live}")), 301)
    media = chosen_media(request, Media(parameters.format), _OFFERED)
    show = _Shown(parameters, media)

    def answer() -> Content:
        (trial,) = index.trials([canonical], show.fields)
        if media is Media.CSV:
            return Content(studies_csv([trial], show.columns), canonical)
        return Content(orjson.dumps(show.study(trial)))

    return answer_get(request, index, media, answer)


class _Shown:
    """What is shown of every study.

    Attributes:
        fields: of a `Trial` that have to be read; None for all.
        columns: of CSV.
    """

    def __init__(self, parameters: StudyParameters, media: Media) -> None:
        names = None if parameters.fields is None else values(parameters.fields)
        if names == []:
            raise UsageError("fields names no field.", "Leave it out for all of them.")
        self._tree: Tree | None = None
        self._plain = parameters.markup_format == "legacy"
        self.columns: Sequence[str] = ()
        self.fields: list[str] | None = None
        if media is Media.CSV:
            self.columns = _columns(names)
            self.fields = sorted({field for one in self.columns for field in COLUMNS[one][0]})
        elif names is not None:
            self._tree, self.fields = wanted_parts(names)

    def study(self, trial: Trial) -> dict[str, Any]:
        """The study object."""
        whole = study_of(trial)
        found = whole if self._tree is None else kept(whole, self._tree)
        return _unmarked(found) if self._plain else found


def _columns(names: Sequence[str] | None) -> list[str]:
    spelt = {name.lower(): name for name in COLUMNS}
    for name in names or ():
        if name.lower() not in spelt:
            raise UsageError(f"CSV has no column {name[:60]!r}.", f"Columns are {', '.join(COLUMNS)}.")
    return list(COLUMNS) if names is None else [spelt[name.lower()] for name in names]


def _unmarked(value: Any) -> Any:  # noqa: ANN401 - any part of a study
    if isinstance(value, Mapping):
        return {name: _unmarked(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_unmarked(one) for one in value]
    return plain_text(value) if isinstance(value, str) and ("\\" in value or "&" in value) else value


def _once_an_index(make: Callable[[Index], dict[str, str]]) -> Callable[[Index], dict[str, str]]:
    found: weakref.WeakKeyDictionary[Index, dict[str, str]] = weakref.WeakKeyDictionary()
    lock = Lock()

    def get(index: Index) -> dict[str, str]:
        with lock:
            if index not in found:
                found[index] = make(index)
            return found[index]

    return get


@_once_an_index
def _aliases(index: Index) -> dict[str, str]:
    """The live id of every alias; all records are looked through, once."""
    records = index.trials(index.nct_ids(), ["nctIdAliases"])
    return {alias: one.nct_id for one in records for alias in one.nct_id_aliases if alias not in index}
