"""The parameters of the registry's own API, as far as they can be honoured."""

import re
from dataclasses import replace
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import Field

from ..data import is_nct_id, normalise_nct_id
from ..errors import UsageError
from ..index import Aspect, Filters, Weights
from .options import make_filters
from .parameters import Flag, Parameters
from .registry_areas import AREAS, advanced_filters
from .value_lists import values

MOST_STUDIES = 1000
"""Studies of a page; a larger page is cut to it, as the registry does."""
_MORE = 2.0
"""What the aspect counts that words are looked for in."""
_OPERATOR = re.compile(r"\b(?:AREA|RANGE|SEARCH|COVER|EXPANSION|MISSING|CONCEPT)\s*(?:\[|$)|\bNOT\b")
_JOINING = re.compile(r"\b(?:AND|OR)\b|[()\"]")


class StudyParameters(Parameters):
    """How studies are shown."""

    format: Literal["json", "csv"] = Field(default="json", description="How to answer.")
    markup_format: Literal["markdown", "legacy"] = Field(
        default="markdown", alias="markupFormat", description="`markdown`, or `legacy`: texts without marks."
    )
    fields: str | None = Field(
        default=None,
        max_length=8000,
        description="Pieces such as NCTId or paths of modules, as CSV names of columns; separated by commas or `|`.",
        examples=["NCTId,BriefTitle,Condition"],
    )


class StudiesParameters(StudyParameters):
    """Which studies, in which order."""

    term: str = Field(default="", alias="query.term", description="Words, or NCT ids.", examples=["iguratimod ITP"])
    cond: str = Field(default="", alias="query.cond", description="Words of a condition.", examples=["ITP"])
    intr: str = Field(default="", alias="query.intr", description="Words of an intervention.", examples=["rituximab"])
    titles: str = Field(default="", alias="query.titles", description="Words of a title.")
    status: str = Field(
        default="", alias="filter.overallStatus", description="Overall statuses.", examples=["RECRUITING|COMPLETED"]
    )
    ids: str = Field(default="", alias="filter.ids", max_length=20_000, description="NCT ids.")
    geo: str = Field(
        default="",
        alias="filter.geo",
        max_length=100,
        description="Studies with a site within a distance, in `mi` or `km`.",
        examples=["distance(39.9,116.4,50mi)"],
    )
    advanced: str = Field(
        default="",
        alias="filter.advanced",
        max_length=1000,
        description=f"Conditions joined by AND, on {AREAS}.",
        examples=["AREA[Phase]PHASE2 AND AREA[StartDate]RANGE[2020,MAX]"],
    )
    sort: str = Field(
        default="",
        max_length=200,
        description="Two keys at most, with `:asc` or `:desc`; by relevance, or where no words are given by NCT id.",
        examples=["LastUpdatePostDate:desc"],
    )
    count_total: Flag = Field(
        default=False, alias="countTotal", description="Also give `totalCount` on the first page."
    )
    page_size: int = Field(default=10, alias="pageSize", ge=0, description=f"Up to {MOST_STUDIES:,}.")
    page_token: str | None = Field(
        default=None, alias="pageToken", max_length=400, description="`nextPageToken` of the page before."
    )

    def of_list(self) -> dict[str, Any]:
        """What decides which studies are listed, and in what order; pages of a list differ in the rest."""
        shown = {"format", "markup_format", "fields", "count_total", "page_size", "page_token"}
        return self.model_dump(exclude=shown)

    def text(self) -> str:
        """The words that are looked for; empty where studies are only filtered.

        Raises:
            UsageError: the words are an expression of operators that a search by likeness cannot honour.
        """
        words = " ".join(filter(None, (one.strip() for one in (self._words(), self.cond, self.intr, self.titles))))
        if found := _OPERATOR.search(words):
            raise UsageError(
                f"Searches are by likeness and know no operator {found[0].strip(' [')}.",
                "Give words, and narrow the list by filter.overallStatus, filter.advanced, filter.ids or filter.geo.",
            )
        return " ".join(_JOINING.sub(" ", words).split())

    def weights(self) -> Weights:
        """Condition and intervention count more where their own words are given."""
        named = {Aspect.CONDITION: self.cond, Aspect.INTERVENTION: self.intr}
        return {aspect: _MORE for aspect, words in named.items() if words.strip()}

    def chosen(self) -> frozenset[str] | None:
        """The NCT ids that studies are chosen from, those of ``query.term`` included; None for all.

        Raises:
            InvalidNctId: one is none.
        """
        named = [set(map(normalise_nct_id, values(self.ids)))] if values(self.ids) else []
        named += [set(map(normalise_nct_id, self.term.split()))] if self._is_of_ids() else []
        return frozenset(set.intersection(*named)) if named else None

    def filters(self) -> Filters:
        """As the index takes them.

        Raises:
            UsageError: a filter is malformed, or cannot be honoured.
        """
        found = advanced_filters(self.advanced)
        if self.status:
            if found.get("status"):
                raise UsageError("The status is filtered twice.", "Leave it out of filter.advanced.")
            found["status"] = values(self.status)
        filters = make_filters(**{**dict.fromkeys(_FILTERS), **found})
        if not self.geo:
            return filters
        from ..index.near import parse_near

        return replace(filters, near=parse_near(self.geo))

    def _is_of_ids(self) -> bool:
        return bool(self.term.strip()) and all(map(is_nct_id, self.term.split()))

    def _words(self) -> str:
        return "" if self._is_of_ids() else self.term


_FILTERS = (
    *("status", "phase", "study_type", "country", "sponsor_class", "sex", "age", "start", "completion", "updated"),
    "has_results",
)
StudyQuery = Annotated[StudyParameters, Query()]
StudiesQuery = Annotated[StudiesParameters, Query()]
