"""What the HTTP API says of itself."""

import orjson
from fastapi import APIRouter, Depends, Request, Response

from .. import __version__
from .dependencies import TheIndex, single_valued
from .media import Media, chosen_media
from .models import VersionAnswer
from .parameters import NoQuery
from .problems import PROBLEMS
from .registry_routes import REGISTRY_API
from .responding import Content, answer_get, responses

router = APIRouter(prefix="/api/v1", responses=PROBLEMS, dependencies=[Depends(single_valued)])
_OFFERED = (Media.JSON,)


@router.get(
    "/version",
    tags=["about"],
    summary="The server, its index and its data",
    responses=responses(_OFFERED),
    response_model=VersionAnswer,
)
def version(_: NoQuery, index: TheIndex, request: Request) -> Response:
    """What answers, made from what."""
    manifest = index.manifest
    answer = VersionAnswer(
        index_version=index.version,
        data_date=manifest.snapshot.data_date,
        trialkin=__version__,
        trials=len(index),
        sources=manifest.snapshot.sources,
        model=manifest.model.name,
        model_fingerprint=manifest.model.fingerprint,
        counted_beside=manifest.counted_beside,
        api_version=REGISTRY_API,
        data_timestamp=manifest.snapshot.data_date and f"{manifest.snapshot.data_date}T00:00:00",
    )
    body = orjson.dumps(answer.model_dump(by_alias=True, mode="json"))
    return answer_get(request, index, chosen_media(request, None, _OFFERED), lambda: Content(body))
