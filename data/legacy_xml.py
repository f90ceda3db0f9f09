"""The registry's legacy XML, one ``clinical_study`` element a record, to the shape of an API v2 study.

The elements are those of the registry's former ``public.xsd``; files from before 2018 lack some of them and name
others differently.
"""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.etree.ElementTree import Element

from .ages import age_in_years
from .records import Read, Rejection, read_study
from .spelled import code, date, flag, masking, phases
from .trial import Trial
from .xml_studies import studies_in

FIELDS = frozenset(Trial.model_fields) - {"absent_since", "condition_ancestors", "intervention_ancestors"}
"""What the format can carry.

Sites come without coordinates, headings without their ids, sponsors' references without those that the registry adds
itself, and the organisation without its class. Each of these fields is of use without that, so they count as carried.
"""

_DESIGN_LABEL = re.compile(r",\s*(?=[A-Z][A-Za-z ]*:)")
_DESIGN_FIELDS = {
    "Allocation": "allocation",
    "Intervention Model": "interventionModel",
    "Observational Model": "observationalModel",
    "Time Perspective": "timePerspective",
    "Primary Purpose": "primaryPurpose",
    "Masking": "masking",
}
_DESIGN_WORDS = {
    **dict.fromkeys(("RANDOMIZED", "NON_RANDOMIZED"), "allocation"),
    **dict.fromkeys(("SINGLE_GROUP", "PARALLEL", "CROSSOVER", "FACTORIAL"), "interventionModel"),
    **dict.fromkeys(("COHORT", "CASE_CONTROL", "CASE_ONLY", "CASE_CROSSOVER"), "observationalModel"),
    **dict.fromkeys(("PROSPECTIVE", "RETROSPECTIVE", "CROSS_SECTIONAL"), "timePerspective"),
    **dict.fromkeys(("TREATMENT", "PREVENTION", "DIAGNOSTIC", "SCREENING", "ECT"), "primaryPurpose"),
    **dict.fromkeys(("SUPPORTIVE_CARE", "HEALTH_SERVICES_RESEARCH", "BASIC_SCIENCE"), "primaryPurpose"),
    **dict.fromkeys(("OPEN_LABEL", "SINGLE_BLIND", "DOUBLE_BLIND"), "masking"),
}
"""What the words of an old design without labels tell ("Treatment, Randomized, Open Label")."""

_MARKER = re.compile(r"(-|\d{1,3}\.)\s+")
"""What starts an item of a list after an empty line."""
_DASH = re.compile(r"-  ")
"""What starts one right below another line; a single space could follow a dash between words that was wrapped."""


def read_xml(stream: BinaryIO, name: str) -> Iterator[Read]:
    """Read the records of an XML file: one as its root, or several inside any root.

    A record is known by its inner id, whatever the file is called. Malformed, cut or oversized XML, and any document
    type or entity definition, ends in a `Rejection` after the records that stand before it.
    """
    number = 0
    for found in studies_in(stream, name):
        if isinstance(found, Rejection):
            yield found
        else:
            number += 1
            yield read_study(study_of(found), name, f"study {number}", FIELDS)


def study_of(record: Element) -> dict[str, Any]:
    """A ``clinical_study`` element as a study object of the API v2; what it lacks is None or empty."""
    protocol = {
        "identification": _identification(record),
        "status": _status(record),
        "sponsorCollaborators": {
            "leadSponsor": next(iter(_sponsors(record, "lead_sponsor")), None),
            "collaborators": _sponsors(record, "collaborator"),
        },
        "description": {
            "briefSummary": _textblock(record.find("brief_summary/textblock")),
            "detailedDescription": _textblock(record.find("detailed_description/textblock")),
        },
        "conditions": {"conditions": _lines(record, "condition"), "keywords": _lines(record, "keyword")},
        "design": _design(record),
        "armsInterventions": _arms_interventions(record),
        "outcomes": {f"{kind}Outcomes": _outcomes(record, kind) for kind in ("primary", "secondary", "other")},
        "eligibility": _eligibility(record),
        "contactsLocations": {
            "overallOfficials": [_official(one) for one in record.findall("overall_official")],
            "locations": _locations(record),
        },
        "references": {
            "references": [
                {"citation": _line(one, "citation"), "pmid": _line(one, "PMID"), "type": kind}
                for element, kind in (("reference", "BACKGROUND"), ("results_reference", "RESULT"))
                for one in record.findall(element)
            ]
        },
    }
    return {
        "protocolSection": {f"{name}Module": module for name, module in protocol.items()},
        "derivedSection": {
            f"{kind}BrowseModule": {"meshes": [{"term": term} for term in _lines(record, f"{kind}_browse/mesh_term")]}
            for kind in ("condition", "intervention")
        },
        "hasResults": record.find("clinical_results") is not None,
    }


def _line(element: Element | None, path: str = ".") -> str | None:
    """The text of an element on one line; None for nothing."""
    found = None if element is None else element.find(path)
    return None if found is None else " ".join("".join(found.itertext()).split()) or None


def _lines(element: Element, path: str) -> list[str]:
    return [text for one in element.findall(path) if (text := _line(one))]


def _text(element: Element, path: str) -> str | None:
    """The text of an element with the line breaks that its author made; None for nothing."""
    found = element.find(path)
    lines = [] if found is None else "".join(found.itertext()).strip().splitlines()
    return "\n".join(" ".join(line.split()) for line in lines) or None


def _textblock(element: Element | None) -> str | None:
    """A text that the registry has wrapped and indented, unwrapped: a line for each paragraph and item of a list.

    Paragraphs are apart by an empty line, items are indented by two spaces a level.
    """
    lines: list[str] = []
    indents: list[int] = []  # of the items that a line stands within, and its own
    in_item, blank = False, True
    for line in ("" if element is None else "".join(element.itertext())).splitlines():
        said = line.strip()
        is_item = (_MARKER if blank else _DASH).match(said) is not None
        if said and (is_item or blank):
            if lines and not (is_item and in_item):
                lines.append("")
            indent = len(line) - len(line.lstrip())
            indents = [*(one for one in indents if one < indent), indent] if is_item else []
            lines.append("  " * (len(indents) - 1) + (_MARKER.sub(r"\1 ", said, count=1) if is_item else said))
            in_item = is_item
        elif said:
            lines[-1] += " " + said
        blank = not said
    return "\n".join(lines) or None


def _date(record: Element, path: str) -> dict[str, Any]:
    found = record.find(path)
    return {"date": date(_line(found)), "type": None if found is None else code(found.get("type"))}


def _identification(record: Element) -> dict[str, Any]:
    return {
        "nctId": _line(record, "id_info/nct_id"),
        "nctIdAliases": _lines(record, "id_info/nct_alias"),
        "orgStudyIdInfo": {"id": _line(record, "id_info/org_study_id")},
        "secondaryIdInfos": [{"id": one} for one in _lines(record, "id_info/secondary_id")],
        "briefTitle": _line(record, "brief_title"),
        "officialTitle": _line(record, "official_title"),
        "acronym": _line(record, "acronym"),
        "organization": {"fullName": _line(record, "source")},
    }


def _status(record: Element) -> dict[str, Any]:
    # Before 2018 there were no days of posting; those of the submission are a few days earlier and tell versions apart.
    posted = "study_first_posted" if _line(record, "study_first_posted") else "firstreceived_date"
    updated = "last_update_posted" if _line(record, "last_update_posted") else "lastchanged_date"
    return {
        "overallStatus": code(_line(record, "overall_status")),
        "whyStopped": _line(record, "why_stopped"),
        "startDateStruct": _date(record, "start_date"),
        "primaryCompletionDateStruct": _date(record, "primary_completion_date"),
        "completionDateStruct": _date(record, "completion_date"),
        "studyFirstPostDateStruct": _date(record, posted),
        "lastUpdatePostDateStruct": _date(record, updated),
    }


def _sponsors(record: Element, kind: str) -> list[dict[str, Any]]:
    return [
        {"name": _line(one, "agency"), "class": code(_line(one, "agency_class"))}
        for one in record.findall(f"sponsors/{kind}")
    ]


def _design(record: Element) -> dict[str, Any]:
    enrolled, info = record.find("enrollment"), record.find("study_design_info")
    design = {field: _line(info, label.lower().replace(" ", "_")) for label, field in _DESIGN_FIELDS.items()}
    if info is None:
        design = _older_design(_line(record, "study_design") or "")
    return {
        "studyType": code(_line(record, "study_type")),
        "phases": phases(_line(record, "phase")),
        "designInfo": {
            **{field: code(value) for field, value in design.items()},
            "maskingInfo": {"masking": masking(design.get("masking"))},
        },
        "enrollmentInfo": {
            "count": _line(enrolled),
            "type": None if enrolled is None else code(enrolled.get("type")),
        },
    }


def _older_design(text: str) -> dict[str, str]:
    """The design in one string, "Allocation: Randomized, Masking: Open Label" or, older still, without the labels."""
    if ":" in text:
        pairs = (part.partition(":") for part in _DESIGN_LABEL.split(text))
        return {_DESIGN_FIELDS[label]: value.strip() for label, _, value in pairs if label in _DESIGN_FIELDS}
    words = (word.strip() for word in text.split(","))
    return {_DESIGN_WORDS[coded]: word for word in words if (coded := code(word)) in _DESIGN_WORDS}


def _arms_interventions(record: Element) -> dict[str, Any]:
    interventions = record.findall("intervention")
    given = [
        (", ".join(_lines(one, "intervention_type")), _line(one, "intervention_name"), _lines(one, "arm_group_label"))
        for one in interventions
    ]
    return {
        "armGroups": [
            {
                "label": (label := _line(one, "arm_group_label")),
                "type": code(_line(one, "arm_group_type")),
                "description": _text(one, "description"),
                "interventionNames": [f"{kind}: {name}" for kind, name, labels in given if name and label in labels],
            }
            for one in record.findall("arm_group")
        ],
        "interventions": [
            {
                "name": name,
                "type": code(kind),
                "description": _text(one, "description"),
                "armGroupLabels": labels,
                "otherNames": _lines(one, "other_name"),
            }
            for one, (kind, name, labels) in zip(interventions, given, strict=True)
        ],
    }


def _outcomes(record: Element, kind: str) -> list[dict[str, Any]]:
    return [
        {
            "measure": _line(one, "measure"),
            "timeFrame": _line(one, "time_frame"),
            "description": _text(one, "description"),
        }
        for one in record.findall(f"{kind}_outcome")
    ]


def _eligibility(record: Element) -> dict[str, Any]:
    found = record.find("eligibility")
    if found is None:
        return {}
    youngest, oldest = (_age(_line(found, f"{which}_age")) for which in ("minimum", "maximum"))
    return {
        "eligibilityCriteria": _textblock(found.find("criteria/textblock")),
        "healthyVolunteers": flag(_line(found, "healthy_volunteers")),
        "sex": code(_line(found, "gender")),
        "minimumAge": youngest,
        "maximumAge": oldest,
        "stdAges": _std_ages(youngest, oldest),
    }


def _age(text: str | None) -> str | None:
    return None if text is None or text.upper() == "N/A" else text


def _std_ages(youngest: str | None, oldest: str | None) -> list[str]:
    """The age groups that the registry derives from the limits: up to 17, from 18 to 64, and from 65 years."""
    low, high = age_in_years(youngest) or 0.0, age_in_years(oldest)
    groups = (("CHILD", 0, 18), ("ADULT", 18, 65), ("OLDER_ADULT", 65, float("inf")))
    return [group for group, start, end in groups if low < end and (high is None or high >= start)]


def _official(one: Element) -> dict[str, Any]:
    name = " ".join(filter(None, (_line(one, f"{part}_name") for part in ("first", "middle", "last"))))
    return {
        "name": ", ".join(filter(None, (name, _line(one, "degrees")))),
        "affiliation": _line(one, "affiliation"),
        "role": code(_line(one, "role")),
    }


def _locations(record: Element) -> list[dict[str, Any]]:
    """The sites, and the countries that are listed without any."""
    sites = [
        {
            "facility": _line(one, "facility/name"),
            "status": code(_line(one, "status")),
            **{part: _line(one, f"facility/address/{part}") for part in ("city", "state", "zip", "country")},
        }
        for one in record.findall("location")
    ]
    known = {site["country"] for site in sites}
    return sites + [{"country": one} for one in _lines(record, "location_countries/country") if one not in known]
