"""Rows of the registry's CSV downloads as study objects of the API v2, and which fields each column carries."""

from collections.abc import Iterable, Mapping
from typing import Any

from .csv_cells import ages, design, interventions, items, outcomes
from .sites import site_from
from .spelled import code, date, phases

_DESIGN = ("allocation", "intervention_model", "primary_purpose", "masking")
_OBSERVATION = ("observational_model", "time_perspective")
_SHARED: Mapping[str, tuple[str, ...]] = {
    "NCT Number": ("nct_id",),
    "Acronym": ("acronym",),
    "Study Results": ("has_results",),
    "Conditions": ("conditions",),
    "Interventions": ("interventions",),
    "Phases": ("phases",),
    "Enrollment": ("enrollment_count",),
    "Study Type": ("study_type",),
    "Other IDs": ("org_study_id", "secondary_ids"),
    "Start Date": ("start_date",),
    "Primary Completion Date": ("primary_completion_date",),
    "Completion Date": ("completion_date",),
    "First Posted": ("study_first_post_date",),
    "Results First Posted": ("has_results",),
    "Last Update Posted": ("last_update_post_date",),
    "Locations": ("locations", "countries"),
    "Study Documents": (),
}
_NEW: Mapping[str, tuple[str, ...]] = {
    **_SHARED,
    "Study Title": ("brief_title",),
    "Study URL": (),
    "Study Status": ("overall_status",),
    "Brief Summary": ("brief_summary",),
    "Primary Outcome Measures": ("primary_outcomes",),
    "Secondary Outcome Measures": ("secondary_outcomes",),
    "Other Outcome Measures": ("other_outcomes",),
    "Sponsor": ("lead_sponsor",),
    "Collaborators": ("collaborators",),
    "Sex": ("sex",),
    "Age": ("std_ages",),
    "Funder Type": (),
    "Study Design": _DESIGN,
}
_OLD: Mapping[str, tuple[str, ...]] = {
    **_SHARED,
    "Rank": (),
    "Title": ("brief_title",),
    "Status": ("overall_status",),
    "Outcome Measures": ("primary_outcomes",),
    "Sponsor/Collaborators": ("lead_sponsor", "collaborators"),
    "Gender": ("sex",),
    "Age": ("std_ages", "minimum_age", "maximum_age", "minimum_age_years", "maximum_age_years"),
    "Funded Bys": (),
    "Study Designs": (*_DESIGN, *_OBSERVATION),
    "URL": (),
}
"""The fields of each column. A funder's class is a part of the lead sponsor, and says nothing by itself; for web
addresses, documents and the day of the results a `Trial` has no place."""


def is_header(names: list[str]) -> bool:
    """Whether the names of columns are those of a download: an NCT number first, or second after a rank.

    Columns in another order, or beside those that are known, are no hindrance.
    """
    first = names[1:] if names[:1] == ["Rank"] else names
    known = _NEW if first is names else _OLD
    started = first[:1] == ["NCT Number"] and len(set(names)) == len(names)
    return started and (len(first) == 1 or any(name in known for name in first[1:]))


def fields_of(names: Iterable[str]) -> frozenset[str]:
    """The fields of a `Trial` that a download with these columns carries."""
    names = list(names)
    known = _OLD if "Rank" in names else _NEW
    return frozenset(field for name in names for field in known.get(name, ()))


def filled_fields(study: Mapping[str, Any]) -> frozenset[str]:
    """The fields that are known of a row only where it fills them: the design of an observation."""
    info = study["protocolSection"]["designModule"]["designInfo"]
    named = {"observationalModel": _OBSERVATION[0], "timePerspective": _OBSERVATION[1]}
    return frozenset(field for name, field in named.items() if info.get(name))


def study_from(row: Mapping[str, str]) -> dict[str, Any]:
    """A row, by the names of its columns, as a study object.

    The older download lists measures of primary, secondary and other outcomes after one another without a mark
    between; all are given as primary, so that none is lost.

    Raises:
        ReadError: an age has no known form.
    """

    def cell(*names: str) -> str | None:
        return next((text for name in names if (text := row.get(name, "").strip())), None)

    def on(name: str) -> dict[str, str | None]:
        return {"date": date(cell(name))}

    ids = items(cell("Other IDs"))
    sponsors = [one for name in ("Sponsor/Collaborators", "Collaborators") for one in items(cell(name))]
    lead = cell("Sponsor") or (sponsors.pop(0) if cell("Sponsor/Collaborators") and sponsors else None)
    funders = items(cell("Funder Type", "Funded Bys"))
    protocol = {
        "identificationModule": {
            "nctId": cell("NCT Number"),
            "briefTitle": cell("Study Title", "Title"),
            "acronym": cell("Acronym"),
            "orgStudyIdInfo": {"id": ids[0] if ids else None},
            "secondaryIdInfos": [{"id": one} for one in ids[1:]],
        },
        "statusModule": {
            "overallStatus": code(cell("Study Status", "Status")),
            "startDateStruct": on("Start Date"),
            "primaryCompletionDateStruct": on("Primary Completion Date"),
            "completionDateStruct": on("Completion Date"),
            "studyFirstPostDateStruct": on("First Posted"),
            "lastUpdatePostDateStruct": on("Last Update Posted"),
        },
        "sponsorCollaboratorsModule": {
            "leadSponsor": {"name": lead, "class": code(funders[0]) if funders else None},
            "collaborators": [{"name": one} for one in sponsors],
        },
        "descriptionModule": {"briefSummary": cell("Brief Summary")},
        "conditionsModule": {"conditions": items(cell("Conditions"))},
        "designModule": {
            "studyType": code((cell("Study Type") or "").partition(":")[0]),
            "phases": phases(cell("Phases")),
            "designInfo": design(cell("Study Design", "Study Designs")),
            "enrollmentInfo": {"count": cell("Enrollment")},
        },
        "armsInterventionsModule": {"interventions": interventions(cell("Interventions"))},
        "outcomesModule": {
            "primaryOutcomes": outcomes(cell("Primary Outcome Measures"))
            or [{"measure": one} for one in items(cell("Outcome Measures"))],
            "secondaryOutcomes": outcomes(cell("Secondary Outcome Measures")),
            "otherOutcomes": outcomes(cell("Other Outcome Measures")),
        },
        "eligibilityModule": {"sex": code(cell("Sex", "Gender")), **ages(cell("Age"))},
        "contactsLocationsModule": {"locations": [site_from(one) for one in items(cell("Locations"))]},
    }
    return {"protocolSection": protocol, "hasResults": _has_results(row)}


def _has_results(row: Mapping[str, str]) -> bool | None:
    """Whether results are posted, from a yes or no in either download's words, or from the day of their posting."""
    said = row.get("Study Results", "").strip().lower()
    if said in {"yes", "has results"} or row.get("Results First Posted", "").strip():
        return True
    return False if said in {"no", "no results available"} or "Results First Posted" in row else None
