"""The parameters that many of the HTTP API's answers take, in the registry's spelling."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ..index import PRESETS, Filters, Weights, choose_weights
from .date_ranges import plain_range
from .options import make_filters
from .value_lists import values

_PRESETS = f"Weights for a purpose: {', '.join(PRESETS)}."
_DATES = "`FROM..TO`, either end open, or `RANGE[FROM,TO]` with `MIN` and `MAX`; an end is YYYY, YYYY-MM or YYYY-MM-DD."


def _true_or_false(value: object) -> object:
    """Only the two words that are documented; ``1`` and ``yes`` would be taken else."""
    return {"true": True, "false": False}.get(value, "neither") if isinstance(value, str) else value


Flag = Annotated[bool, BeforeValidator(_true_or_false)]
"""``true`` or ``false``."""
MOST_TEXT = 50_000
"""Characters of a text at most, as the index takes them."""


class Parameters(BaseModel):
    """Base of all: a name that is not there is refused."""

    model_config = ConfigDict(extra="forbid")


class NoParameters(Parameters):
    """Of answers that have none."""


class FilterParameters(Parameters):
    """Which trials may answer. Values of a list are separated by commas or ``|``, any of which fits."""

    status: str = Field(
        default="", alias="filter.overallStatus", description="Overall statuses.", examples=["RECRUITING,COMPLETED"]
    )
    phase: str = Field(default="", alias="filter.phase", description="Phases.", examples=["PHASE2,PHASE3"])
    study_type: str = Field(
        default="",
        alias="filter.studyType",
        description="INTERVENTIONAL, OBSERVATIONAL or EXPANDED_ACCESS.",
        examples=["INTERVENTIONAL"],
    )
    country: str = Field(
        default="",
        alias="filter.country",
        description=r"Countries, of any site. A comma within a name is written `\,`.",
        examples=["China,France", r"Korea\, Republic of"],
    )
    sponsor_class: str = Field(
        default="",
        alias="filter.sponsorClass",
        description="Classes of the lead sponsor.",
        examples=["INDUSTRY", "NIH,FED,OTHER_GOV"],
    )
    sex: str | None = Field(
        default=None,
        alias="filter.sex",
        description="FEMALE or MALE: trials that admit them; ALL: trials that admit everybody.",
        examples=["FEMALE"],
    )
    age: float | None = Field(
        default=None,
        alias="filter.age",
        description="Years, 0 to 150; trials that admit that age.",
        json_schema_extra={"minimum": 0, "maximum": 150},
    )
    start: str | None = Field(
        default=None, alias="filter.startDate", description=_DATES, examples=["2020..2022-06", "RANGE[2020-01-01,MAX]"]
    )
    completion: str | None = Field(default=None, alias="filter.completionDate", description=_DATES, examples=["2020.."])
    updated: str | None = Field(
        default=None, alias="filter.lastUpdatePostDate", description=_DATES, examples=["..2021"]
    )
    has_results: Flag | None = Field(default=None, alias="filter.hasResults", description="Whether results are posted.")
    geo: str = Field(
        default="",
        alias="filter.geo",
        max_length=100,
        description="Trials with a site within a distance: `distance(LATITUDE,LONGITUDE,50mi)`, or in `km`.",
        examples=["distance(39.9,116.4,50mi)"],
    )

    def filters(self) -> Filters:
        """As the index takes them.

        Raises:
            UsageError: a date, an age or a distance is malformed.
        """
        return make_filters(
            status=values(self.status),
            phase=values(self.phase),
            study_type=values(self.study_type),
            country=values(self.country),
            sponsor_class=values(self.sponsor_class),
            sex=self.sex,
            age=self.age,
            start=plain_range(self.start),
            completion=plain_range(self.completion),
            updated=plain_range(self.updated),
            has_results=self.has_results,
            near=self.geo or None,
        )


class WeightParameters(FilterParameters):
    """What counts more or less, beside the filters."""

    preset: str = Field(default="", max_length=40, examples=["same-disease"], description=_PRESETS)
    weights: str = Field(
        default="",
        max_length=200,
        description="Such as `condition=2,intervention=0.5`; on top of the preset.",
        examples=["condition=2,intervention=0.5"],
    )

    def aspects(self) -> Weights:
        """As the index takes them.

        Raises:
            UsageError: a preset, an aspect or a weight is unknown.
        """
        return choose_weights(self.preset, self.weights)


NoQuery = Annotated[NoParameters, Query()]
