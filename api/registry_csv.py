"""Trials as the registry's CSV download writes them: its columns, and what stands in their cells."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence

from ..data import Trial
from ..data.trial import Outcome, Site, Sponsor, StudyDate

_ADDRESS = "https://clinicaltrials.gov/study/"


def _or_nothing(value: object) -> str:
    return "" if value is None else str(value)


def _interventions(trial: Trial) -> str:
    return "|".join(f"{one.type}: {one.name}" if one.type else one.name for one in trial.interventions)


def _outcomes(outcomes: Iterable[Outcome]) -> str:
    return "|".join(", ".join(filter(None, (one.measure, one.description, one.time_frame))) for one in outcomes)


def _sponsor(sponsor: Sponsor | None, part: str) -> str:
    return "" if sponsor is None else getattr(sponsor, part) or ""


def _design(trial: Trial) -> str:
    parts = {
        "Allocation": trial.allocation,
        "Intervention Model": trial.intervention_model,
        "Masking": trial.masking,
        "Primary Purpose": trial.primary_purpose,
        "Observational Model": trial.observational_model,
        "Time Perspective": trial.time_perspective,
    }
    return "|".join(f"{name}: {value}" for name, value in parts.items() if value)


def _ids(trial: Trial) -> str:
    return "|".join(filter(None, (trial.org_study_id, *(one.id for one in trial.secondary_ids))))


def _date(date: StudyDate | None) -> str:
    return "" if date is None else date.date


def _place(site: Site) -> str:
    return ", ".join(filter(None, (site.facility, site.city, site.state, site.zip, site.country)))


COLUMNS: Mapping[str, tuple[tuple[str, ...], Callable[[Trial], str]]] = {
    "NCT Number": (("nctId",), lambda one: one.nct_id),
    "Study Title": (("briefTitle",), lambda one: one.brief_title or ""),
    "Study URL": (("nctId",), lambda one: f"{_ADDRESS}{one.nct_id}"),
    "Acronym": (("acronym",), lambda one: one.acronym or ""),
    "Study Status": (("overallStatus",), lambda one: one.overall_status or ""),
    "Brief Summary": (("briefSummary",), lambda one: one.brief_summary or ""),
    "Study Results": (("hasResults",), lambda one: {True: "YES", False: "NO", None: ""}[one.has_results]),
    "Conditions": (("conditions",), lambda one: "|".join(one.conditions)),
    "Interventions": (("interventions",), _interventions),
    "Primary Outcome Measures": (("primaryOutcomes",), lambda one: _outcomes(one.primary_outcomes)),
    "Secondary Outcome Measures": (("secondaryOutcomes",), lambda one: _outcomes(one.secondary_outcomes)),
    "Other Outcome Measures": (("otherOutcomes",), lambda one: _outcomes(one.other_outcomes)),
    "Sponsor": (("leadSponsor",), lambda one: _sponsor(one.lead_sponsor, "name")),
    "Collaborators": (("collaborators",), lambda one: "|".join(sponsor.name for sponsor in one.collaborators)),
    "Sex": (("sex",), lambda one: one.sex or ""),
    "Age": (("stdAges",), lambda one: ", ".join(one.std_ages)),
    "Phases": (("phases",), lambda one: "|".join(one.phases)),
    "Enrollment": (("enrollmentCount",), lambda one: _or_nothing(one.enrollment_count)),
    "Funder Type": (("leadSponsor",), lambda one: _sponsor(one.lead_sponsor, "class_")),
    "Study Type": (("studyType",), lambda one: one.study_type or ""),
    "Study Design": (
        (
            *("studyType", "allocation", "interventionModel", "masking", "primaryPurpose"),
            *("observationalModel", "timePerspective"),
        ),
        _design,
    ),
    "Other IDs": (("orgStudyId", "secondaryIds"), _ids),
    "Start Date": (("startDate",), lambda one: _date(one.start_date)),
    "Primary Completion Date": (("primaryCompletionDate",), lambda one: _date(one.primary_completion_date)),
    "Completion Date": (("completionDate",), lambda one: _date(one.completion_date)),
    "First Posted": (("studyFirstPostDate",), lambda one: one.study_first_post_date or ""),
    "Results First Posted": ((), lambda _: ""),
    "Last Update Posted": (("lastUpdatePostDate",), lambda one: one.last_update_post_date or ""),
    "Locations": (("locations",), lambda one: "|".join(filter(None, map(_place, one.locations)))),
    "Study Documents": ((), lambda _: ""),
}
"""The columns of a download in its order: the fields that a cell is made from, and the cell.

Two are always empty, for a `Trial` has no place for the day of results and for documents.
"""


def studies_csv(trials: Iterable[Trial], columns: Sequence[str]) -> bytes:
    """A heading and a row a trial."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([COLUMNS[name][1](trial) for name in columns] for trial in trials)
    return out.getvalue().encode()
