"""The formats of answers, and which one a request asks for."""

from collections.abc import Sequence
from enum import StrEnum

from fastapi import Request

from .problems import NotAcceptable


class Media(StrEnum):
    """A format of an answer, by the name that the parameter ``format`` takes."""

    JSON = "json"
    CSV = "csv"
    RIS = "ris"
    NDJSON = "ndjson"


MEDIA_TYPES = {
    Media.JSON: "application/json",
    Media.CSV: "text/csv",
    Media.RIS: "application/x-research-info-systems",
    Media.NDJSON: "application/x-ndjson",
}
"""The media type of each, for the headers Accept and Content-Type."""


def chosen_media(request: Request, named: Media | None, offered: Sequence[Media] = tuple(Media)) -> Media:
    """The format to answer in: the one that is named, else the best of those that the request accepts (RFC 9110).

    Args:
        request: its header Accept counts.
        named: by the parameter ``format``.
        offered: those the answer can have; of equally accepted ones the first.

    Raises:
        NotAcceptable: the header accepts none of them.
    """
    if named is not None:
        if named not in offered:
            raise NotAcceptable(f"This answer has no format {named}.", f"Formats are {', '.join(offered)}.")
        return named
    accepted = ",".join(request.headers.getlist("accept"))
    if not accepted.strip():
        return offered[0]
    ranges = [_range(part) for part in accepted.split(",") if part.strip()]
    best = max(offered, key=lambda media: _quality(MEDIA_TYPES[media], ranges))
    if _quality(MEDIA_TYPES[best], ranges) <= 0:
        raise NotAcceptable(
            f"This answer cannot be given as {accepted[:80]}.",
            f"Accept one of {', '.join(MEDIA_TYPES[one] for one in offered)}, or give format={'|'.join(offered)}.",
        )
    return best


def _range(part: str) -> tuple[str, float]:
    """One media range and its quality, 0 where that is no number from 0 to 1."""
    name, *parameters = (piece.strip().lower() for piece in part.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                quality = float(parameter[2:])
            except ValueError:
                return name, 0.0
            return name, quality if 0 <= quality <= 1 else 0.0
    return name, 1.0


def _quality(media_type: str, ranges: Sequence[tuple[str, float]]) -> float:
    """The quality of the most specific range that a type falls in; 0 if none does."""
    for wanted in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        found = [quality for name, quality in ranges if name == wanted]
        if found:
            return max(found)
    return 0.0
