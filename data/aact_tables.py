"""The tables of AACT that say something of a trial: their columns, and how a file is told to be one of them.

After the schema that the Clinical Trials Transformation Initiative publishes with its downloads. Tables of results,
contacts and documents have no place in a `Trial` and are passed over.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from pathlib import PurePath

from ..errors import ReadError


@dataclass(frozen=True)
class Table:
    """A table that is read.

    Attributes:
        name: AACT's.
        fields: its columns that are read, each with the fields of `Trial` that it fills, by spaces; the first column
            is the one without which a row says nothing.
        told_by: sets of columns, by spaces, any of which no other table has; where there is none, the file's name
            decides.
        names_every_trial: whether each trial of a whole download has a row in it.
        joins: the tables without which its rows say nothing.
    """

    name: str
    fields: Mapping[str, str]
    told_by: tuple[str, ...] = ()
    names_every_trial: bool = False
    joins: tuple[str, ...] = ()

    @property
    def main(self) -> str:
        """The column without which a row says nothing."""
        return next(iter(self.fields))

    def known(self, columns: Set[str]) -> frozenset[str]:
        """The fields of `Trial` that these of its columns can fill."""
        return frozenset(field for column in columns & self.fields.keys() for field in self.fields[column].split())


_MESH_CONDITION = {"mesh_term": "condition_meshes", "mesh_type": "condition_ancestors"}
_MESH_INTERVENTION = {"mesh_term": "intervention_meshes", "mesh_type": "intervention_ancestors"}

TABLES = (
    Table(
        "studies",
        {
            "brief_title": "brief_title",
            "official_title": "official_title",
            "acronym": "acronym",
            "source": "organization",
            "source_class": "",
            "overall_status": "overall_status",
            "why_stopped": "why_stopped",
            **{
                f"{what}_{column}": f"{what}_date" if column != "date_type" else ""
                for what in ("start", "primary_completion", "completion")
                for column in ("date", "month_year", "date_type")
            },
            "study_first_posted_date": "study_first_post_date",
            "last_update_posted_date": "last_update_post_date",
            "results_first_posted_date": "has_results",
            "study_type": "study_type",
            "phase": "phases",
            "enrollment": "enrollment_count",
            "enrollment_type": "enrollment_type",
        },
        ("brief_title", "official_title", "overall_status"),
        names_every_trial=True,
    ),
    Table("calculated_values", {"were_results_reported": "has_results"}, ("were_results_reported",), True),
    Table(
        "id_information",
        {"id_value": "nct_id_aliases org_study_id secondary_ids", "id_source": "", "id_type": ""}
        | {"id_type_description": ""},
        ("id_value",),
    ),
    Table(
        "sponsors",
        {"lead_or_collaborator": "lead_sponsor collaborators", "name": "", "agency_class": ""},
        ("lead_or_collaborator name",),
        names_every_trial=True,
    ),
    Table("brief_summaries", {"description": "brief_summary"}, names_every_trial=True),
    Table("detailed_descriptions", {"description": "detailed_description"}),
    Table("conditions", {"name": "conditions"}, names_every_trial=True),
    Table("keywords", {"name": "keywords"}),
    Table(
        "designs",
        {
            column: column
            for column in ("intervention_model", "observational_model", "time_perspective", "primary_purpose")
        }
        | {"allocation": "allocation", "masking": "masking"},
        ("intervention_model", "observational_model", "time_perspective", "primary_purpose"),
    ),
    Table(
        "design_groups", {"title": "arm_groups", "id": "", "group_type": "", "description": ""}, ("group_type title",)
    ),
    Table(
        "interventions",
        {"name": "interventions", "id": "", "intervention_type": "", "description": ""},
        ("intervention_type name",),
    ),
    Table(
        "intervention_other_names",
        {"name": "", "intervention_id": ""},
        ("intervention_id name",),
        joins=("interventions",),
    ),
    Table(
        "design_group_interventions",
        {"design_group_id": "", "intervention_id": ""},
        ("design_group_id intervention_id",),
        joins=("design_groups", "interventions"),
    ),
    Table(
        "design_outcomes",
        {
            "measure": "primary_outcomes secondary_outcomes other_outcomes",
            "outcome_type": "",
            "time_frame": "",
            "description": "",
        },
        ("measure outcome_type",),
    ),
    Table(
        "eligibilities",
        {
            "criteria": "eligibility_criteria",
            "gender": "sex",
            "minimum_age": "minimum_age minimum_age_years",
            "maximum_age": "maximum_age maximum_age_years",
            "healthy_volunteers": "healthy_volunteers",
            "child": "std_ages",
            "adult": "std_ages",
            "older_adult": "std_ages",
        },
        ("criteria", "gender", "minimum_age", "maximum_age", "healthy_volunteers"),
        names_every_trial=True,
    ),
    Table(
        "overall_officials",
        {"name": "overall_officials", "role": "", "affiliation": ""},
        ("affiliation name role",),
    ),
    Table(
        "facilities",
        {"name": "locations", "country": "countries", "city": "locations"}
        | dict.fromkeys(("status", "state", "zip", "latitude", "longitude"), ""),
        ("city", "country"),
    ),
    Table("countries", {"name": "countries", "removed": ""}, ("name removed",)),
    Table("study_references", {"citation": "references", "pmid": "", "reference_type": ""}, ("citation",)),
    Table("browse_conditions", _MESH_CONDITION),
    Table("browse_interventions", _MESH_INTERVENTION),
)
BY_NAME = {table.name: table for table in TABLES}

_PASSED_OVER = (
    *("baseline_counts", "baseline_measurements", "central_contacts", "documents", "drop_withdrawals"),
    *("facility_contacts", "facility_investigators", "ipd_information_types", "links", "milestones", "outcomes"),
    *("outcome_analyses", "outcome_analysis_groups", "outcome_counts", "outcome_measurements", "participant_flows"),
    *("pending_results", "provided_documents", "reported_events", "reported_event_totals", "responsible_parties"),
    *("result_agreements", "result_contacts", "result_groups", "retractions", "search_results"),
)


def table_of(columns: Set[str], file: str) -> Table | None:
    """The table that has these columns; None for one that says nothing that a `Trial` holds.

    Some tables have the same columns (conditions, keywords; both kinds of descriptions; both of MeSH terms): the
    file's name decides between them.

    Raises:
        ReadError: neither the columns nor the name tell.
    """
    for table in TABLES:
        if any(columns >= set(told.split()) for told in table.told_by):
            return table
    stem = PurePath(file).name.lower().replace("-", "_").replace(" ", "_")
    named = max((name for name in (*BY_NAME, *_PASSED_OVER) if name in stem), key=len, default="")
    if named in _PASSED_OVER:
        return None
    if named and BY_NAME[named].main in columns:
        return BY_NAME[named]
    possible = [f"{one.name}.txt" for one in TABLES if not one.told_by and one.main in columns]
    raise ReadError(
        "Its columns do not tell which table of AACT it is.",
        f"Name it after its table, such as {' or '.join(possible or ['studies.txt'])}.",
    )
