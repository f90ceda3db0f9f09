"""What is sent to the HTTP API: read strictly, neither stored nor logged."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

import orjson
from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, TypeAdapter, ValidationError

from ..errors import UsageError
from . import examples
from .parameters import MOST_TEXT
from .problems import UnsupportedMediaType

_T = TypeVar("_T")
_JSON = "application/json"
_TEXT = "text/plain"
_CHARSETS = ("", "utf-8", "utf8", "us-ascii", "ascii")
_SAME_BYTES_HINT = "Send it as UTF-8."
NctIdText = Annotated[str, Field(max_length=40)]
MOST_QUERIES = 100


class RelatedBody(BaseModel):
    """What the trials are to be like: trials of the index, a draft protocol, or a text. Not stored, not logged."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [examples.RELATED_BODY]})

    likes: list[NctIdText] = Field(default=[], max_length=100, description="NCT ids.")
    unlikes: list[NctIdText] = Field(default=[], max_length=100, description="NCT ids; only beside `likes`.")
    draft: dict[str, Any] | None = Field(
        default=None, description="Any part of a study, by the names of the registry's API v2; needs no NCT id."
    )
    text: str | None = Field(default=None, description="A synopsis, or the whole protocol, of up to 50,000 characters.")

    def check(self) -> None:
        """Whether it says what to look for, once.

        Raises:
            UsageError
        """
        if bool(self.likes) + (self.draft is not None) + (self.text is not None) != 1:
            raise UsageError("The body needs one of likes, draft and text.", 'Such as {"likes": ["NCT07057778"]}.')
        if self.unlikes and not self.likes:
            raise UsageError("unlikes need trials to be like.", "Give likes beside them.")


class IdQuery(BaseModel):
    """A query of a batch: trials like this one."""

    model_config = ConfigDict(extra="forbid")
    nct_id: NctIdText = Field(alias="nctId", examples=["NCT07057778"])


class TextQuery(BaseModel):
    """A query of a batch: trials like this text."""

    model_config = ConfigDict(extra="forbid")
    text: str = Field(examples=["steroid-resistant ITP, anti-CD20"])


def _query_kind(value: object) -> str:
    """Which of a query's three shapes is meant, so that a complaint is about that one."""
    if isinstance(value, str):
        return "word"
    is_id = isinstance(value, IdQuery) or (isinstance(value, dict) and "nctId" in value)
    return "id" if is_id else "text"


_Query = Annotated[
    Annotated[str, Tag("word")] | Annotated[IdQuery, Tag("id")] | Annotated[TextQuery, Tag("text")],
    Discriminator(_query_kind),
]
Queries = Annotated[list[_Query], Field(min_length=1, max_length=MOST_QUERIES)]
_QUERIES: TypeAdapter[list[str | IdQuery | TextQuery]] = TypeAdapter(Queries)


async def _related_body(request: Request) -> RelatedBody:
    kind = _kind(request, _JSON, _TEXT)
    content = await request.body()
    if kind == _TEXT:
        try:
            return RelatedBody(text=content.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            raise UsageError(f"The text is not UTF-8 (byte {error.start}).", _SAME_BYTES_HINT) from None
    return _valid(RelatedBody.model_validate, _parsed(content))


async def _batch_body(request: Request) -> list[str | IdQuery | TextQuery]:
    _kind(request, _JSON)
    return _valid(_QUERIES.validate_python, _parsed(await request.body()))


TheRelatedBody = Annotated[RelatedBody, Depends(_related_body)]
"""The body of ``POST related``, as JSON or as plain text."""
TheQueries = Annotated[list[str | IdQuery | TextQuery], Depends(_batch_body)]
"""The body of ``POST batch``."""


def _inline(model: type[BaseModel]) -> dict[str, Any]:
    return model.model_json_schema()


RELATED_REQUEST: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            _JSON: {"schema": _inline(RelatedBody)},
            _TEXT: {"schema": {"type": "string", "minLength": 1, "maxLength": MOST_TEXT}},
        },
    }
}
"""For the OpenAPI document."""
BATCH_REQUEST: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            _JSON: {
                "schema": {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": MOST_QUERIES,
                    "items": {
                        "anyOf": [
                            {"type": "string", "description": "An NCT id, or else a text."},
                            _inline(IdQuery),
                            _inline(TextQuery),
                        ]
                    },
                    "examples": [["NCT07057778", {"text": "steroid-resistant ITP, anti-CD20"}]],
                }
            }
        },
    }
}
"""For the OpenAPI document."""


def _kind(request: Request, *known: str) -> str:
    """The media type of the body.

    Raises:
        UnsupportedMediaType: it is none of those known, or in another character set.
    """
    said = request.headers.get("content-type", "")
    kind, *parameters = (part.strip().lower() for part in said.split(";"))
    charset = next((one[8:].strip('"') for one in parameters if one.startswith("charset=")), "")
    if kind not in known:
        raise UnsupportedMediaType(f"A body of type {said[:80]!r} is not read.", f"Send it as {' or '.join(known)}.")
    if charset not in _CHARSETS:
        raise UnsupportedMediaType(f"A body in the character set {charset[:40]!r} is not read.", _SAME_BYTES_HINT)
    return kind


def _parsed(content: bytes) -> object:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise UsageError(
            f"The body is not JSON: {error.msg} ({where}).", "Send JSON as application/json; /openapi.json tells which."
        ) from None


def _valid(validate: Callable[[object], _T], value: object) -> _T:
    try:
        return validate(value)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in found]) from None
