"""How many trials have which value: of the whole index, or of a ranked list."""

import csv
import io
from collections.abc import Sequence
from typing import Any

import orjson
from fastapi import APIRouter, Depends, Request, Response

from ..data import normalise_nct_id
from ..errors import UsageError
from ..index import Index
from ..index.facets import FACETS, Facet
from .chosen_fields import chosen_fields
from .dependencies import TheIndex, single_valued
from .list_parameters import FacetParameters, FacetQuery
from .list_writing import source_of
from .media import Media, chosen_media
from .models import FacetsAnswer
from .paging import MOST_HITS
from .problems import PROBLEMS
from .responding import Content, answer_get, responses

router = APIRouter(prefix="/api/v1", responses=PROBLEMS, dependencies=[Depends(single_valued)])
_OFFERED = (Media.JSON, Media.CSV, Media.NDJSON)


@router.get(
    "/facets",
    tags=["search"],
    summary="How many trials have which value",
    responses=responses(_OFFERED),
    response_model=FacetsAnswer,
)
def facets(parameters: FacetQuery, index: TheIndex, request: Request) -> Response:
    """Counts over all trials that meet the filters, or over the list of up to 400 of a trial or a search."""
    media = chosen_media(request, parameters.format, _OFFERED)
    return answer_get(request, index, media, lambda: _written(index, parameters, media))


def _written(index: Index, parameters: FacetParameters, media: Media) -> Content:
    fields = chosen_fields(parameters.fields, FACETS, "An index")
    about, ids = _asked(index, parameters)
    filters = parameters.filters()
    trials = index.count(filters) if ids is None else len(ids)
    counted = index.facets(ids, filters, parameters.most)
    by_name = {one.field: one for one in counted}
    found = [by_name[name] for name in fields or FACETS]
    if media is Media.CSV:
        return Content(_csv(found), "trialkin-facets")
    if media is Media.NDJSON:
        lines = [orjson.dumps(source_of(index) | about | {"trials": trials} | _object(one)) + b"\n" for one in found]
        return Content(b"".join(lines))
    answer = source_of(index) | about | {"trials": trials, "facets": [_object(one) for one in found]}
    return Content(orjson.dumps(answer))


def _asked(index: Index, parameters: FacetParameters) -> tuple[dict[str, Any], list[str] | None]:
    """What the answer says of the list, and its trials; None where all are counted."""
    if parameters.nct_id is not None and parameters.q is not None:
        raise UsageError("nctId and q ask for two lists.", "Give one of them.")
    filters, weights = parameters.filters(), parameters.aspects()
    if parameters.nct_id is not None:
        hits = index.related(parameters.nct_id, MOST_HITS, filters, weights, explain=False)
        about = {"nctId": normalise_nct_id(parameters.nct_id)}
    elif parameters.q is not None:
        hits = index.search(parameters.q, MOST_HITS, filters, weights, explain=False)
        about = {"q": parameters.q}
    elif weights:
        raise UsageError("Weights change nothing where all trials are counted.", "Give nctId or q, too.")
    else:
        return {}, None
    return about, [hit.nct_id for hit in hits]


def _object(facet: Facet) -> dict[str, Any]:
    return facet.model_dump(by_alias=True, mode="json")


def _csv(facets: Sequence[Facet]) -> bytes:
    """A row a value; an empty value counts the trials that state none."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["field", "value", "count"])
    for facet in facets:
        writer.writerows([facet.field, one.value, one.count] for one in facet.values)
        if facet.missing:
            writer.writerow([facet.field, "", facet.missing])
    return out.getvalue().encode()
