"""The parameters of records, ranked lists, batches and counts."""

from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import Field

from .media import Media
from .parameters import MOST_TEXT, Flag, Parameters, WeightParameters

_FORMAT = "How to answer; comes before the header Accept."


class TrialParameters(Parameters):
    """How a record is shown."""

    fields: str | None = Field(
        default=None, max_length=2000, description="Fields of the record to give.", examples=["nctId,briefTitle,phases"]
    )
    format: Media | None = Field(default=None, description=_FORMAT)


class OrderParameters(WeightParameters):
    """Which list, in what order, and what of each hit is given."""

    sort: str = Field(
        default="@relevance",
        max_length=200,
        description="Two keys at most, with `:asc` or `:desc`; sorts the whole list of up to 400.",
        examples=["LastUpdatePostDate:desc", "StartDate:asc,@relevance"],
    )
    collapse: Literal["family"] | None = Field(
        default=None, description="`family`: one trial of each family of extensions, substudies and near-duplicates."
    )
    fields: str | None = Field(
        default=None,
        max_length=500,
        description="Fields of a hit to give, separated by commas or `|`.",
        examples=["rank,nctId,title"],
    )


class ListParameters(OrderParameters):
    """What every ranked list takes."""

    page_size: int = Field(default=10, alias="pageSize", ge=1, le=1000, description="Trials of a page.")
    page_token: str | None = Field(
        default=None, alias="pageToken", max_length=400, description="`nextPageToken` of the page before."
    )
    count_total: Flag = Field(
        default=False, alias="countTotal", description="Also give the length of the list, up to 400."
    )
    format: Media | None = Field(default=None, description=_FORMAT)

    def of_list(self) -> dict[str, Any]:
        """What decides which trials stand in the whole list, and in what order; pages of it differ in the rest."""
        return self.model_dump(exclude={"page_size", "page_token", "count_total", "fields", "format"})


class SearchParameters(ListParameters):
    """A search by words."""

    q: str = Field(
        description=f"What to look for, up to {MOST_TEXT:,} characters.",
        examples=["steroid-resistant ITP, anti-CD20"],
        json_schema_extra={"pattern": r"\S", "maxLength": MOST_TEXT},
    )


class BatchParameters(OrderParameters):
    """What every list of a batch takes."""

    page_size: int = Field(default=10, alias="pageSize", ge=1, le=100, description="Trials of each list.")
    format: Literal[Media.JSON, Media.NDJSON] | None = Field(default=None, description=_FORMAT)


class FacetParameters(WeightParameters):
    """Of which trials values are counted: of all that meet the filters, or of a ranked list."""

    nct_id: str | None = Field(
        default=None,
        alias="nctId",
        max_length=40,
        description="Count in the list of a trial.",
        examples=["NCT07057778"],
    )
    q: str | None = Field(
        default=None,
        description="Count in the list of a search.",
        examples=["steroid-resistant ITP, anti-CD20"],
        json_schema_extra={"pattern": r"\S", "maxLength": MOST_TEXT},
    )
    fields: str | None = Field(
        default=None, max_length=500, description="Fields to count.", examples=["overallStatus,phases"]
    )
    most: int = Field(default=50, ge=1, le=1000, description="Values of a field at most, the most frequent.")
    format: Literal[Media.JSON, Media.CSV, Media.NDJSON] | None = Field(default=None, description=_FORMAT)


TrialQuery = Annotated[TrialParameters, Query()]
RelatedQuery = Annotated[ListParameters, Query()]
SearchQuery = Annotated[SearchParameters, Query()]
BatchQuery = Annotated[BatchParameters, Query()]
FacetQuery = Annotated[FacetParameters, Query()]
