"""One trial's record over HTTP."""

import csv
import io
from collections.abc import Sequence
from typing import Any

import orjson
from fastapi import APIRouter, Depends, Request, Response

from ..data import Trial
from ..index import Index
from .chosen_fields import chosen_fields
from .dependencies import NctId, TheIndex, single_valued
from .list_parameters import TrialQuery
from .list_writing import check_fields, source_of
from .media import Media, chosen_media
from .models import TrialAnswer
from .problems import PROBLEMS
from .responding import Content, answer_get, responses
from .ris import reference_of_trial, source_note, write_ris

router = APIRouter(prefix="/api/v1", responses=PROBLEMS, dependencies=[Depends(single_valued)])
_NAMES = [str(one.alias) for one in Trial.model_fields.values()]


@router.get(
    "/trials/{nctId}",
    tags=["trials"],
    summary="One trial's record",
    responses=responses(),
    response_model=TrialAnswer,
)
def trial(nct_id: NctId, parameters: TrialQuery, index: TheIndex, request: Request) -> Response:
    """The record in the registry's names, whole or some fields of it; absent fields are left out."""
    media = chosen_media(request, parameters.format)
    fields = chosen_fields(parameters.fields, _NAMES, "A record")
    check_fields(media, fields)
    return answer_get(request, index, media, lambda: _written(index, index.trial(nct_id), fields, media))


def _written(index: Index, record: Trial, fields: Sequence[str] | None, media: Media) -> Content:
    name = f"trialkin-{record.nct_id}"
    if media is Media.RIS:
        out = io.StringIO(newline="")
        note = source_note(index.version, index.manifest.snapshot.data_date)
        write_ris([reference_of_trial(record)], note, out)
        return Content(out.getvalue().encode(), name)
    whole = record.model_dump(by_alias=True, mode="json", exclude_none=True)
    chosen = whole if fields is None else {name: whole[name] for name in fields if name in whole}
    if media is Media.CSV:
        return Content(_csv(chosen, fields or _NAMES), name)
    ending = b"\n" if media is Media.NDJSON else b""
    return Content(orjson.dumps(source_of(index) | chosen) + ending, name)


def _csv(record: dict[str, Any], columns: Sequence[str]) -> bytes:
    """A heading and a row: lists of texts joined by ``|``, what has fields of its own as JSON."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerow(_cell(record.get(name)) for name in columns)
    return out.getvalue().encode()


def _cell(value: Any) -> Any:  # noqa: ANN401 - any field of a record
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return "|".join(value)
    return orjson.dumps(value).decode() if isinstance(value, list | dict) else value
