"""The sections of a copied trial page as a study object of the API v2, and which fields they carry.

A page has bare values in lines; each is told by its shape, or by the registry's codes, rather than by its place.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .nct_id import is_nct_id, normalise_nct_id
from .page_groups import groups_and_interventions
from .page_lists import BLANK, STATUS, Found, Sections, identifiers, locations, officials, sponsors, values
from .spelled import code, date, masking, phases


@dataclass(frozen=True)
class Page:
    """A page: its title line, its id and date as written, and the lines of each section by its heading."""

    title: str | None
    nct_id: str
    updated: str | None
    sections: Sections


_STUDY_TYPE = re.compile("INTERVENTIONAL|OBSERVATIONAL|EXPANDED_ACCESS")
_SEX = re.compile("ALL|FEMALE|MALE")
_MASKING = re.compile("NONE|SINGLE|DOUBLE|TRIPLE|QUADRUPLE")
_DESIGN = {
    "allocation": re.compile("RANDOMIZED|NON_RANDOMIZED|NA"),
    "interventionModel": re.compile("SINGLE_GROUP|PARALLEL|CROSSOVER|FACTORIAL|SEQUENTIAL"),
    "primaryPurpose": re.compile(
        "TREATMENT|PREVENTION|DIAGNOSTIC|ECT|SUPPORTIVE_CARE|SCREENING|HEALTH_SERVICES_RESEARCH|BASIC_SCIENCE"
        "|DEVICE_FEASIBILITY"
    ),
    "observationalModel": re.compile("COHORT|CASE_CONTROL|CASE_ONLY|CASE_CROSSOVER|ECOLOGIC_OR_COMMUNITY|FAMILY_BASED"),
    "timePerspective": re.compile("RETROSPECTIVE|PROSPECTIVE|CROSS_SECTIONAL"),
}
"""The codes of a design, without OTHER, which any of the last three may be."""
_OBSERVATION = ("observationalModel", "timePerspective")
_PARTICIPANTS = re.compile(r"([\d,]+) participants?", re.IGNORECASE)
_PHASE = re.compile(r"NA|(?:EARLY_)?PHASE\d")
_DAY = re.compile(r"\d{4}-\d\d(?:-\d\d)?")
_AGE = re.compile(r"\d+ (?:year|month|week|day|hour|minute)s?", re.IGNORECASE)
_NO_RESULTS = re.compile(
    r"\bnot (?:yet |been )*(?:publish|post|report|submit|availab)|\bno (?:study )?results\b", re.IGNORECASE
)


def study_and_fields(page: Page) -> tuple[dict[str, Any], frozenset[str]]:
    """The study that a page tells of, and the fields of a `Trial` that it carries."""
    protocol: dict[str, Any] = {"identificationModule": {"nctId": page.nct_id}}
    fields = {"nct_id"}
    if page.title:
        protocol["identificationModule"]["briefTitle"] = page.title
        fields.add("brief_title")
    if page.updated and page.updated not in BLANK:
        protocol["statusModule"] = {"lastUpdatePostDateStruct": {"date": date(page.updated)}}
        fields.add("last_update_post_date")
    filled = {heading: lines for heading, lines in page.sections.items() if any(lines)}
    for read in _READERS:
        modules, carried = read(filled)
        fields |= carried
        for name, module in modules.items():
            protocol[name] = {**protocol.get(name, {}), **module}
    results = _NO_RESULTS.search(" ".join(filled.get("Study Results", ())))
    if results:
        fields.add("has_results")
    return {"protocolSection": protocol, "hasResults": False if results else None}, frozenset(fields)


def _basic(sections: Sections) -> Found:
    status: dict[str, Any] = {}
    design: dict[str, Any] = {}
    fields: set[str] = set()
    days: list[str] = []
    for line in values(sections, "Basic Information"):
        one, spelled = code(line), phases(re.sub(r"\s*[,;]\s*", "|", line))
        if match := _PARTICIPANTS.fullmatch(line):
            design["enrollmentInfo"] = {"count": match[1].replace(",", "")}
            fields.add("enrollment_count")
        elif _DAY.fullmatch(day := date(line) or ""):
            days.append(day)
        elif STATUS.fullmatch(one or ""):
            status["overallStatus"] = one
            fields.add("overall_status")
        elif _STUDY_TYPE.fullmatch(one or ""):
            design["studyType"] = one
            fields.add("study_type")
        elif spelled and all(map(_PHASE.fullmatch, spelled)):
            design["phases"] = [*design.get("phases", ()), *spelled]
            fields.add("phases")
    for name, day in zip(_days(len(days)), days, strict=False):
        status[f"{name}DateStruct"] = {"date": day}
        fields.add("primary_completion_date" if name.startswith("primary") else f"{name}_date")
    return {"statusModule": status, "designModule": design}, fields


def _days(count: int) -> tuple[str, ...]:
    """Which dates stand there, in time order; that of the primary completion is not always given."""
    return ("start", "primaryCompletion", "completion") if count > 2 else ("start", "completion")


def _texts(sections: Sections) -> Found:
    named = (
        ("descriptionModule", "briefSummary", "brief_summary", "Brief Summary"),
        ("descriptionModule", "detailedDescription", "detailed_description", "Detailed Description"),
    )
    module = {name: "\n".join(sections[heading]) for _, name, _, heading in named if heading in sections}
    return {"descriptionModule": module}, {field for _, _, field, heading in named if heading in sections}


def _conditions(sections: Sections) -> Found:
    found = values(sections, "Conditions")
    return {"conditionsModule": {"conditions": found}}, {"conditions"} if found else set()


def _related(sections: Sections) -> Found:
    """The trials that the site lists, of both its lists in order, as references; each of them once."""
    found: dict[str, dict[str, str]] = {}
    for heading in ("Related Clinical Trials", "More Related Trials"):
        title = None
        for line in values(sections, heading):
            number = line.removeprefix("NCT ID:").strip()
            if is_nct_id(number):
                number = normalise_nct_id(number)
                named = {"citation": title} if title else {}
                found.setdefault(number, {"nctId": number, "type": "RELATED", **named})
                title = None
            else:
                title = line
    return {"referencesModule": {"references": list(found.values())}}, {"references"} if found else set()


def _design(sections: Sections) -> Found:
    lines = values(sections, "Study Design")
    codes = [code(line) or "" for line in lines]
    observed = "OBSERVATIONAL" in map(code, values(sections, "Basic Information")) or any(
        _DESIGN[name].fullmatch(one) for one in codes for name in _OBSERVATION
    )
    info: dict[str, Any] = {}
    for line, one in zip(lines, codes, strict=True):
        names = [name for name, known in _DESIGN.items() if known.fullmatch(one)]
        if one == "OTHER":
            names = [name for name in (_OBSERVATION if observed else ("primaryPurpose",)) if name not in info]
        if names:
            info.setdefault(names[0], one)
        elif _MASKING.fullmatch(masking(line) or ""):
            info["maskingInfo"] = {"masking": masking(line)}
    fields = {re.sub(r"([A-Z])", r"_\1", name).lower() for name in info if name != "maskingInfo"}
    return {"designModule": {"designInfo": info}}, fields | ({"masking"} if "maskingInfo" in info else set())


def _groups(sections: Sections) -> Found:
    arms, interventions = groups_and_interventions(values(sections, "Study Groups"), values(sections, "Interventions"))
    fields = ({"arm_groups"} if arms else set()) | ({"interventions"} if interventions else set())
    return {"armsInterventionsModule": {"armGroups": arms, "interventions": interventions}}, fields


def _eligibility(sections: Sections) -> Found:
    """The criteria, and below them the limits of age, the sex, and whether healthy people may take part.

    Where there is one limit of age it is the lower one, which few trials lack; that there is no upper one is not said.
    """
    lines = list(sections.get("Eligibility Criteria", ()))
    found: dict[str, Any] = {}
    limits: list[str | None] = []
    fields: set[str] = set()
    while lines:
        last = lines[-1]
        if last.lower() in {"yes", "no"} and not found and not limits:
            found["healthyVolunteers"] = last.lower() == "yes"
            fields.add("healthy_volunteers")
        elif _SEX.fullmatch(code(last) or "") and "sex" not in found and not limits:
            found["sex"] = code(last)
            fields.add("sex")
        elif (_AGE.fullmatch(last) or last in {"N/A", "-"}) and len(limits) < 2:
            limits.insert(0, last if _AGE.fullmatch(last) else None)
        elif last:
            break
        lines.pop()
    for name, limit in zip(("minimum", "maximum"), limits, strict=False):
        found[f"{name}Age"] = limit
        fields |= {f"{name}_age", f"{name}_age_years"}
    if any(lines):
        found["eligibilityCriteria"] = "\n".join(lines)
        fields.add("eligibility_criteria")
    return {"eligibilityModule": found}, fields


_READERS: tuple[Callable[[Sections], Found], ...] = (
    _basic,
    _texts,
    _conditions,
    _related,
    _design,
    _groups,
    _eligibility,
    sponsors,
    officials,
    locations,
    identifiers,
)
