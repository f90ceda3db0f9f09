"""A page of a ranked list as JSON, CSV, NDJSON or references."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from ..errors import UsageError
from ..index import Index
from .formats import HIT_NAMES, hit_cells, hit_object
from .media import Media
from .ranked_pages import Page
from .responding import Content
from .ris import reference_of_hit, source_note, write_ris


@dataclass(frozen=True)
class Listed:
    """A page, and what is said around it.

    Attributes:
        page: the hits.
        token: of the next page, None on the last.
        about: the question, by the names of the answer.
        fields: of each hit, None for all.
        name: what a file of it is called, without ending.
    """

    page: Page
    token: str | None
    about: dict[str, Any]
    fields: Sequence[str] | None = None
    name: str = "trialkin"

    @property
    def headers(self) -> dict[str, str]:
        """What has no place in every format."""
        token = {"X-Next-Page-Token": self.token} if self.token else {}
        return token if self.page.total is None else token | {"X-Total-Count": str(self.page.total)}


def check_fields(media: Media, fields: Sequence[str] | None) -> None:
    """Refuse fields where none can be chosen.

    Raises:
        UsageError
    """
    if media is Media.RIS and fields is not None:
        raise UsageError("A reference (RIS) is always whole.", "Leave out fields, or choose another format.")


def write_list(index: Index, listed: Listed, media: Media) -> Content:
    """A page in a format; what has no place in it stands in the headers."""
    body = _WRITERS[media](index, listed)
    return Content(body, listed.name, listed.headers)


def source_of(index: Index) -> dict[str, Any]:
    """Where an answer comes from, by the names of `Source`."""
    date = index.manifest.snapshot.data_date
    return {"indexVersion": index.version, "dataDate": date, "dataSource": "ClinicalTrials.gov"}


def _json(index: Index, listed: Listed) -> bytes:
    page = listed.page
    return orjson.dumps(
        source_of(index)
        | listed.about
        | ({} if page.total is None else {"totalCount": page.total})
        | {"hits": [hit_object(hit, listed.fields) for hit in page.hits]}
        | ({} if listed.token is None else {"nextPageToken": listed.token})
    )


def _ndjson(index: Index, listed: Listed) -> bytes:
    source = source_of(index)
    return b"".join(orjson.dumps(source | hit_object(hit, listed.fields)) + b"\n" for hit in listed.page.hits)


def _csv(_: Index, listed: Listed) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(listed.fields or HIT_NAMES)
    writer.writerows(hit_cells(hit, listed.fields) for hit in listed.page.hits)
    return out.getvalue().encode()


def _ris(index: Index, listed: Listed) -> bytes:
    out = io.StringIO(newline="")
    note = source_note(index.version, index.manifest.snapshot.data_date)
    write_ris(map(reference_of_hit, listed.page.hits), note, out)
    return out.getvalue().encode()


_WRITERS = {Media.JSON: _json, Media.NDJSON: _ndjson, Media.CSV: _csv, Media.RIS: _ris}
