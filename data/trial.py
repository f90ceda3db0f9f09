"""`Trial`: one study record, in the registry's own names and values."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


def _registry_date(text: str) -> str:
    if not _DATE.fullmatch(text):
        raise ValueError(f"{text!r} is no date (YYYY, YYYY-MM or YYYY-MM-DD)")
    return text


Date = Annotated[str, AfterValidator(_registry_date)]
"""A date as the registry writes it, of day, month or year precision; texts compare in time order."""


class Record(BaseModel):
    """Frozen; snake_case in Python, the registry's camelCase in JSON and Parquet."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", alias_generator=to_camel, validate_by_name=True, validate_by_alias=True
    )


class StudyDate(Record):
    """A date and whether it is ACTUAL or ESTIMATED."""

    date: Date
    type: str | None = None


class Sponsor(Record):
    """An organisation and its class (INDUSTRY, NIH, OTHER, ...)."""

    name: str
    class_: str | None = Field(default=None, alias="class")


class SecondaryId(Record):
    """Another registry's or funder's id of the same study."""

    id: str
    type: str | None = None
    domain: str | None = None


class Intervention(Record):
    """What is given or done."""

    name: str
    type: str | None = None
    description: str | None = None
    arm_group_labels: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()


class ArmGroup(Record):
    """One arm or cohort; `intervention_names` are as the registry writes them, ``Drug: Rituximab``."""

    label: str
    type: str | None = None
    description: str | None = None
    intervention_names: tuple[str, ...] = ()


class Outcome(Record):
    """One outcome measure."""

    measure: str
    description: str | None = None
    time_frame: str | None = None


class Site(Record):
    """One place where the study runs; degrees north and east."""

    facility: str | None = None
    status: str | None = None
    city: str | None = None
    state: str | None = None
    zip: str | None = None
    country: str | None = None
    lat: float | None = None
    lon: float | None = None


class Official(Record):
    """A person responsible for the study."""

    name: str
    affiliation: str | None = None
    role: str | None = None


class Reference(Record):
    """A publication (BACKGROUND, RESULT or DERIVED), or another trial that a trial site lists as RELATED."""

    citation: str | None = None
    pmid: str | None = None
    type: str | None = None
    nct_id: str | None = None


class MeshTerm(Record):
    """A heading of the Medical Subject Headings."""

    term: str
    id: str | None = None


class Trial(Record):
    """One study record. Absent fields are None or empty; texts are plain, without Markdown.

    Coded values are the registry's (``RECRUITING``, ``PHASE2``); a value that the registry adds later is
    kept as it comes. `minimum_age_years` and `maximum_age_years` are numbers beside the registry's text.
    `absent_since` is the day on which the registry was asked for the trial and had it no longer.
    """

    nct_id: str
    nct_id_aliases: tuple[str, ...] = ()
    org_study_id: str | None = None
    secondary_ids: tuple[SecondaryId, ...] = ()
    brief_title: str | None = None
    official_title: str | None = None
    acronym: str | None = None
    organization: Sponsor | None = None

    overall_status: str | None = None
    why_stopped: str | None = None
    start_date: StudyDate | None = None
    primary_completion_date: StudyDate | None = None
    completion_date: StudyDate | None = None
    study_first_post_date: Date | None = None
    last_update_post_date: Date | None = None
    has_results: bool | None = None
    absent_since: Date | None = None

    lead_sponsor: Sponsor | None = None
    collaborators: tuple[Sponsor, ...] = ()

    brief_summary: str | None = None
    detailed_description: str | None = None
    conditions: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()

    study_type: str | None = None
    phases: tuple[str, ...] = ()
    allocation: str | None = None
    intervention_model: str | None = None
    observational_model: str | None = None
    time_perspective: str | None = None
    primary_purpose: str | None = None
    masking: str | None = None
    enrollment_count: int | None = Field(default=None, ge=0, lt=2**63)
    enrollment_type: str | None = None

    arm_groups: tuple[ArmGroup, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    primary_outcomes: tuple[Outcome, ...] = ()
    secondary_outcomes: tuple[Outcome, ...] = ()
    other_outcomes: tuple[Outcome, ...] = ()

    eligibility_criteria: str | None = None
    healthy_volunteers: bool | None = None
    sex: str | None = None
    minimum_age: str | None = None
    maximum_age: str | None = None
    minimum_age_years: float | None = None
    maximum_age_years: float | None = None
    std_ages: tuple[str, ...] = ()

    overall_officials: tuple[Official, ...] = ()
    locations: tuple[Site, ...] = ()
    countries: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    condition_meshes: tuple[MeshTerm, ...] = ()
    condition_ancestors: tuple[MeshTerm, ...] = ()
    intervention_meshes: tuple[MeshTerm, ...] = ()
    intervention_ancestors: tuple[MeshTerm, ...] = ()

    @property
    def title(self) -> str:
        """The title to show: brief, else official, else acronym, else the id."""
        return self.brief_title or self.official_title or self.acronym or self.nct_id
