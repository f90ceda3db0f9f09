"""The rows that AACT's tables have of one trial, to a study object of the registry's API v2."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from .spelled import code, date, flag, masking, phases

Row = Mapping[str, str | None]
"""A row's columns; None where a cell is empty."""
Rows = Mapping[str, Sequence[Row]]
"""A trial's rows by table, in the registry's order. A table may be absent, and so may any column of it."""
_REFERENCES = {"REFERENCE": "BACKGROUND", "RESULTS_REFERENCE": "RESULT", "RESULTS": "RESULT"}
"""Kinds of references as AACT named them before 2021."""


def study_of(nct_id: str, rows: Rows) -> dict[str, Any]:
    """A study object, as `trial_from_study` takes it. What it has no place for is left to `countries_of`."""
    study = _one(rows, "studies")
    return {
        "protocolSection": {
            "identificationModule": {"nctId": nct_id, **_identification(study, rows.get("id_information", ()))},
            "statusModule": _status(study),
            "sponsorCollaboratorsModule": _sponsors(rows.get("sponsors", ())),
            "descriptionModule": {
                "briefSummary": _one(rows, "brief_summaries").get("description"),
                "detailedDescription": _one(rows, "detailed_descriptions").get("description"),
            },
            "conditionsModule": {
                name: [one["name"] for one in rows.get(name, ()) if one.get("name")]
                for name in ("conditions", "keywords")
            },
            "designModule": _design(study, _one(rows, "designs")),
            "armsInterventionsModule": _arms_and_interventions(rows),
            "outcomesModule": _outcomes(rows.get("design_outcomes", ())),
            "eligibilityModule": _eligibility(_one(rows, "eligibilities")),
            "contactsLocationsModule": {
                "overallOfficials": [
                    _coded(one, "name", "affiliation", role="role") for one in rows.get("overall_officials", ())
                ],
                "locations": [_site(one) for one in rows.get("facilities", ())],
            },
            "referencesModule": {"references": [_reference(one) for one in rows.get("study_references", ())]},
        },
        "derivedSection": {
            "conditionBrowseModule": _meshes(rows.get("browse_conditions", ())),
            "interventionBrowseModule": _meshes(rows.get("browse_interventions", ())),
        },
        "hasResults": _has_results(study, _one(rows, "calculated_values")),
    }


def countries_of(rows: Rows) -> tuple[str, ...]:
    """The countries that a trial names beside its sites, without those that it has left, in alphabetical order."""
    found = {one.get("name") for one in rows.get("countries", ()) if flag(one.get("removed")) is not True}
    return tuple(sorted(name for name in found if name))


def _one(rows: Rows, table: str) -> Row:
    """The row of a table that has one a trial; of several the last, which was read last."""
    found = rows.get(table)
    return found[-1] if found else {}


def _coded(row: Row, *texts: str, **codes: str) -> dict[str, str | None]:
    """Some columns as they stand, and some as codes under a name of their own."""
    return {name: row.get(name) for name in texts} | {name: code(row.get(column)) for name, column in codes.items()}


def _identification(study: Row, ids: Sequence[Row]) -> dict[str, Any]:
    sources = [(code(one.get("id_source") or one.get("id_type")), one) for one in ids if one.get("id_value")]
    return {
        "nctIdAliases": [one["id_value"] for source, one in sources if source == "NCT_ALIAS"],
        "orgStudyIdInfo": {
            "id": next((one["id_value"] for source, one in sources if source == "ORG_STUDY_ID"), None),
        },
        "secondaryIdInfos": [_secondary(one) for source, one in sources if source not in {"NCT_ALIAS", "ORG_STUDY_ID"}],
        "briefTitle": study.get("brief_title"),
        "officialTitle": study.get("official_title"),
        "acronym": study.get("acronym"),
        "organization": {"fullName": study.get("source"), "class": code(study.get("source_class"))},
    }


def _secondary(one: Row) -> dict[str, str | None]:
    """A secondary id. Older downloads have no `id_source`, and say in `id_type` that it is one."""
    kind = code(one.get("id_type"))
    return {
        "id": one["id_value"],
        "type": None if kind == "SECONDARY_ID" else kind,
        "domain": one.get("id_type_description"),
    }


def _status(study: Row) -> dict[str, Any]:
    return {
        "overallStatus": code(study.get("overall_status")),
        "whyStopped": study.get("why_stopped"),
        "startDateStruct": _dated(study, "start"),
        "primaryCompletionDateStruct": _dated(study, "primary_completion"),
        "completionDateStruct": _dated(study, "completion"),
        "studyFirstPostDateStruct": {"date": date(study.get("study_first_posted_date"))},
        "lastUpdatePostDateStruct": {"date": date(study.get("last_update_posted_date"))},
    }


def _dated(study: Row, what: str) -> dict[str, str | None]:
    """A date as precise as the registry has it: AACT puts the last day of a month where only the month is known."""
    day, known = date(study.get(f"{what}_date")), date(study.get(f"{what}_month_year"))
    best = known if known and (day is None or day.startswith(known)) else day
    return {"date": best, "type": code(study.get(f"{what}_date_type"))}


def _has_results(study: Row, values: Row) -> object:
    return True if study.get("results_first_posted_date") else flag(values.get("were_results_reported")) or False


def _sponsors(sponsors: Sequence[Row]) -> dict[str, Any]:
    named = [one for one in sponsors if one.get("name")]
    leads = [one for one in named if code(one.get("lead_or_collaborator")) == "LEAD"]
    others = [one for one in named if one not in leads]
    return {
        "leadSponsor": _coded(leads[-1], "name", **{"class": "agency_class"}) if leads else None,
        "collaborators": [_coded(one, "name", **{"class": "agency_class"}) for one in others],
    }


def _design(study: Row, design: Row) -> dict[str, Any]:
    return {
        "studyType": code(study.get("study_type")),
        "phases": phases(study.get("phase")),
        "designInfo": _coded(
            design,
            allocation="allocation",
            interventionModel="intervention_model",
            observationalModel="observational_model",
            timePerspective="time_perspective",
            primaryPurpose="primary_purpose",
        )
        | {"maskingInfo": {"masking": masking(design.get("masking"))}},
        "enrollmentInfo": {"count": study.get("enrollment"), "type": code(study.get("enrollment_type"))},
    }


def _arms_and_interventions(rows: Rows) -> dict[str, Any]:
    groups, interventions = _by_id(rows.get("design_groups", ())), _by_id(rows.get("interventions", ()))
    names: dict[str | None, list[str]] = defaultdict(list)
    labels: dict[str | None, list[str]] = defaultdict(list)
    others: dict[str | None, list[str]] = defaultdict(list)
    for link in rows.get("design_group_interventions", ()):
        group, intervention = groups.get(link.get("design_group_id")), interventions.get(link.get("intervention_id"))
        if group and intervention and (label := group.get("title")) and (name := _typed_name(intervention)):
            names[group["id"]].append(name)
            labels[intervention["id"]].append(label)
    for other in rows.get("intervention_other_names", ()):
        if name := other.get("name"):
            others[other.get("intervention_id")].append(name)
    return {
        "armGroups": [
            {
                "label": one.get("title"),
                "interventionNames": names[one.get("id")],
                **_coded(one, "description", type="group_type"),
            }
            for one in rows.get("design_groups", ())
        ],
        "interventions": [
            {
                "armGroupLabels": labels[one.get("id")],
                "otherNames": others[one.get("id")],
                **_coded(one, "name", "description", type="intervention_type"),
            }
            for one in rows.get("interventions", ())
        ],
    }


def _by_id(rows: Sequence[Row]) -> dict[str | None, Row]:
    """Rows by id. An id that stands twice is one that a spreadsheet has rounded (9.3E+07), and joins nothing."""
    count = Counter(one.get("id") for one in rows)
    return {one["id"]: one for one in rows if one.get("id") and count[one["id"]] == 1}


def _typed_name(intervention: Row) -> str | None:
    """An intervention as arms name it: ``Dietary Supplement: Zinc``."""
    kind, name = code(intervention.get("intervention_type")), intervention.get("name")
    return f"{kind.replace('_', ' ').title()}: {name}" if kind and name else name


def _outcomes(outcomes: Sequence[Row]) -> dict[str, Any]:
    found: dict[str, list[dict[str, str | None]]] = {"primary": [], "secondary": [], "other": []}
    for one in outcomes:
        kind = (one.get("outcome_type") or "").lower()
        outcome = {"measure": one.get("measure"), "timeFrame": one.get("time_frame")} | _coded(one, "description")
        found[kind if kind in found else "other"].append(outcome)
    return {f"{kind}Outcomes": one for kind, one in found.items()}


def _eligibility(people: Row) -> dict[str, Any]:
    return {
        "eligibilityCriteria": people.get("criteria"),
        "healthyVolunteers": flag(people.get("healthy_volunteers")),
        "sex": code(people.get("gender")),
        "minimumAge": _age(people.get("minimum_age")),
        "maximumAge": _age(people.get("maximum_age")),
        "stdAges": [column.upper() for column in ("child", "adult", "older_adult") if flag(people.get(column)) is True],
    }


def _age(text: str | None) -> str | None:
    return None if code(text) == "NA" else text


def _site(one: Row) -> dict[str, Any]:
    site = _coded(one, "city", "state", "zip", "country", status="status") | {"facility": one.get("name")}
    return site | {"geoPoint": {"lat": one.get("latitude"), "lon": one.get("longitude")}}


def _reference(one: Row) -> dict[str, str | None]:
    kind = code(one.get("reference_type"))
    return {"citation": one.get("citation"), "pmid": one.get("pmid"), "type": _REFERENCES.get(kind or "", kind)}


def _meshes(terms: Sequence[Row]) -> dict[str, Any]:
    """Terms and their ancestors; older downloads have no ancestors and do not say which is which."""
    found: dict[str, list[dict[str, str | None]]] = {"meshes": [], "ancestors": []}
    for one in terms:
        found["ancestors" if one.get("mesh_type") == "mesh-ancestor" else "meshes"].append(
            {"term": one.get("mesh_term")}
        )
    return found
