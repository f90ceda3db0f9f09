"""The registry's legacy JSON (``FullStudiesResponse``, PascalCase names) to the shape of an API v2 study."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

import ijson
import orjson

from ..errors import ReadError
from .records import Read, Rejection, read_study
from .rejoined import Rejoined
from .spelled import code, date, flag, masking, phases
from .trial import Trial

FIELDS = frozenset(Trial.model_fields) - {"absent_since"}
"""What the format can carry: everything but, within the sites, their coordinates."""

_MODULES = (
    *("Identification", "Status", "SponsorCollaborators", "Description", "Conditions", "Design"),
    *("ArmsInterventions", "Outcomes", "Eligibility", "ContactsLocations", "References"),
)
_BOM = b"\xef\xbb\xbf"
_CHUNK = 64 << 10
_STUDY_LIMIT = 64 << 20
"""The largest file of one study that is held in memory, in bytes; the largest real one is about 20 MB."""
_MANY = re.compile(rb'\s*\{\s*"FullStudiesResponse"')
_FIRST_KEY = re.compile(
    rb'\s*\{\s*"(FullStudiesResponse|FullStudy|Study|Rank|ProtocolSection|DerivedSection|ResultsSection)"'
)
_SECONDARY_IDS = {
    "Other Identifier": "OTHER",
    "Other Grant/Funding Number": "OTHER_GRANT",
    "Registry Identifier": "REGISTRY",
    "U.S. NIH Grant/Contract": "NIH",
    "U.S. FDA Grant/Contract": "FDA",
    "U.S. CDC Grant/Contract": "CDC",
    "U.S. AHRQ Grant/Contract": "AHRQ",
    "U.S. SAMHSA Grant/Contract": "SAMHSA",
    "U.S. VA Grant/Contract": "VA",
}


def is_legacy(head: bytes) -> bool:
    """Whether the first bytes of a file are those of legacy JSON."""
    return _FIRST_KEY.match(head.removeprefix(_BOM)) is not None


def is_legacy_study(value: object) -> bool:
    """Whether a JSON value is one study of legacy JSON."""
    return isinstance(value, dict) and bool({"FullStudy", "Study", "ProtocolSection"} & value.keys())


def read_legacy(stream: BinaryIO, name: str) -> Iterator[Read]:
    """Read a file of one study, or a response of any number of them, one study in memory at a time.

    A file that is cut short gives what stands before the cut, and a `Rejection` for the rest.
    """
    head = stream.read(_CHUNK).removeprefix(_BOM)
    if _MANY.match(head):
        yield from _read_response(Rejoined(head, stream), name)
        return
    text = head + stream.read(_STUDY_LIMIT + 1)
    if len(text) > _STUDY_LIMIT:
        yield Rejection(name, "whole file", None, f"the study is larger than {_STUDY_LIMIT >> 20} MiB")
        return
    try:
        yield read_legacy_study(orjson.loads(text), name, "study 1")
    except orjson.JSONDecodeError:
        yield Rejection(name, "whole file", None, "not valid JSON, or cut short")


def read_legacy_study(value: object, file: str, position: str) -> Read:
    """A legacy study, as `study_of` takes it, as a record; what is no study is rejected."""
    try:
        return read_study(study_of(value), file, position, FIELDS)
    except ReadError as error:
        return Rejection(file, position, _nct_id(value), str(error))


def study_of(value: object) -> dict[str, Any]:
    """A legacy study as a study object of the API v2, its spelled-out values as codes.

    Args:
        value: ``{"FullStudy": {"Study": study}}``, ``{"Study": study}`` or the study with its ``ProtocolSection``.

    Raises:
        ReadError: it is no study, or a module or a list has the wrong shape; the message names it.
    """
    study = _unwrapped(value)
    protocol, derived = _part(study, "ProtocolSection"), _part(study, "DerivedSection")
    if not protocol:
        raise ReadError("The record has no ProtocolSection.")
    module = {name: _part(protocol, f"{name}Module") for name in _MODULES}
    today = {
        "identification": _identification(module["Identification"]),
        "status": _status(module["Status"]),
        "sponsorCollaborators": _sponsors(module["SponsorCollaborators"]),
        "description": _renamed(module["Description"], "", "BriefSummary", "DetailedDescription"),
        "conditions": {
            "conditions": _list(module["Conditions"], "Condition"),
            "keywords": _list(module["Conditions"], "Keyword"),
        },
        "design": _design(module["Design"]),
        "armsInterventions": _arms_interventions(module["ArmsInterventions"]),
        "outcomes": _outcomes(module["Outcomes"]),
        "eligibility": _eligibility(module["Eligibility"]),
        "contactsLocations": _contacts_locations(module["ContactsLocations"]),
        "references": _references(module["References"]),
    }
    return {
        "protocolSection": {f"{name}Module": found for name, found in today.items()},
        "derivedSection": {
            f"{kind.lower()}BrowseModule": _browse(derived, kind) for kind in ("Condition", "Intervention")
        },
        "hasResults": bool(study.get("ResultsSection")),
    }


def _read_response(stream: Rejoined, name: str) -> Iterator[Read]:
    number = 0
    try:
        for study in ijson.items(stream, "FullStudiesResponse.FullStudies.item", use_float=True):
            number += 1
            yield read_legacy_study(study, name, f"study {number}")
    except (ijson.JSONError, UnicodeDecodeError) as error:
        reason = str(error).splitlines()[0]
        yield Rejection(name, f"after study {number}", None, f"the rest is not valid JSON, or cut short ({reason})")
    else:
        if number == 0:
            yield Rejection(name, "whole file", None, "the response holds no list of FullStudies, or an empty one")


def _unwrapped(value: object) -> Mapping[str, Any]:
    study = _object(value, "The record")
    for wrapper in ("FullStudy", "Study"):
        if wrapper in study:
            study = _part(study, wrapper)
    return study


def _nct_id(value: object) -> str | None:
    """The NCT id of a study that may be broken elsewhere, for a rejection's report."""
    try:
        found = _part(_part(_unwrapped(value), "ProtocolSection"), "IdentificationModule").get("NCTId")
    except ReadError:
        return None
    return found if isinstance(found, str) else None


def _object(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ReadError(f"{what} is {type(value).__name__}, not an object.")
    return value


def _part(parent: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = parent.get(name)
    return {} if value is None else _object(value, name)


def _list(parent: Mapping[str, Any], name: str, wrapper: str = "") -> list[Any]:
    """The values of ``{"ConditionList": {"Condition": [...]}}``, for the name Condition."""
    wrapper = wrapper or f"{name}List"
    value = _part(parent, wrapper).get(name)
    if value is not None and not isinstance(value, list):
        raise ReadError(f"{wrapper}.{name} is {type(value).__name__}, not a list.")
    return value or []


def _objects(parent: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    return [_object(one, f"{name}List.{name}[{number}]") for number, one in enumerate(_list(parent, name))]


def _renamed(found: Mapping[str, Any], prefix: str, *names: str) -> dict[str, Any]:
    """Fields in their names of today: LocationCity, for the prefix Location and the name City, is city."""
    return {name[0].lower() + name[1:]: found.get(prefix + name) for name in names}


def _spelled(translate: Callable[[str], Any], value: object) -> object:
    """A text translated; any other type is passed on, for the record to be refused by it."""
    return translate(value) if isinstance(value, str) else value


def _code(value: object) -> object:
    return _spelled(code, value)


def _date(status: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = _part(status, f"{name}Struct")
    return {"date": _spelled(date, found.get(name)), "type": _code(found.get(f"{name}Type"))}


def _sponsor(found: Mapping[str, Any], kind: str) -> dict[str, Any]:
    return {"name": found.get(f"{kind}Name"), "class": _code(found.get(f"{kind}Class"))}


def _identification(module: Mapping[str, Any]) -> dict[str, Any]:
    organization = _part(module, "Organization")
    return {
        "nctId": module.get("NCTId"),
        "nctIdAliases": _list(module, "NCTIdAlias"),
        "orgStudyIdInfo": {"id": _part(module, "OrgStudyIdInfo").get("OrgStudyId")},
        "secondaryIdInfos": [
            {
                "id": one.get("SecondaryId"),
                "type": _spelled(_secondary_id_type, one.get("SecondaryIdType")),
                "domain": one.get("SecondaryIdDomain"),
            }
            for one in _objects(module, "SecondaryIdInfo")
        ],
        **_renamed(module, "", "BriefTitle", "OfficialTitle", "Acronym"),
        "organization": {"fullName": organization.get("OrgFullName"), "class": _code(organization.get("OrgClass"))},
    }


def _secondary_id_type(text: str) -> str | None:
    return _SECONDARY_IDS.get(text) or code(text)


def _status(module: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "overallStatus": _code(module.get("OverallStatus")),
        "whyStopped": module.get("WhyStopped"),
        "startDateStruct": _date(module, "StartDate"),
        "primaryCompletionDateStruct": _date(module, "PrimaryCompletionDate"),
        "completionDateStruct": _date(module, "CompletionDate"),
        "studyFirstPostDateStruct": _date(module, "StudyFirstPostDate"),
        "lastUpdatePostDateStruct": _date(module, "LastUpdatePostDate"),
    }


def _sponsors(module: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "leadSponsor": _sponsor(_part(module, "LeadSponsor"), "LeadSponsor"),
        "collaborators": [_sponsor(one, "Collaborator") for one in _objects(module, "Collaborator")],
    }


def _design(module: Mapping[str, Any]) -> dict[str, Any]:
    info, enrolled = _part(module, "DesignInfo"), _part(module, "EnrollmentInfo")
    hidden = _part(info, "DesignMaskingInfo").get("DesignMasking")
    return {
        "studyType": _code(module.get("StudyType")),
        "phases": [
            coded for one in _list(module, "Phase") for coded in (phases(one) if isinstance(one, str) else [one])
        ],
        "designInfo": {
            "allocation": _code(info.get("DesignAllocation")),
            "interventionModel": _code(info.get("DesignInterventionModel")),
            "observationalModel": _code(next(iter(_list(info, "DesignObservationalModel")), None)),
            "timePerspective": _code(next(iter(_list(info, "DesignTimePerspective")), None)),
            "primaryPurpose": _code(info.get("DesignPrimaryPurpose")),
            "maskingInfo": {"masking": _spelled(masking, hidden)},
        },
        "enrollmentInfo": {
            "count": enrolled.get("EnrollmentCount"),
            "type": _code(enrolled.get("EnrollmentType")),
        },
    }


def _arms_interventions(module: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "armGroups": [
            {
                **_renamed(one, "ArmGroup", "Label", "Description"),
                "type": _code(one.get("ArmGroupType")),
                "interventionNames": _list(one, "ArmGroupInterventionName", "ArmGroupInterventionList"),
            }
            for one in _objects(module, "ArmGroup")
        ],
        "interventions": [
            {
                **_renamed(one, "Intervention", "Name", "Description"),
                "type": _code(one.get("InterventionType")),
                "armGroupLabels": _list(one, "InterventionArmGroupLabel"),
                "otherNames": _list(one, "InterventionOtherName"),
            }
            for one in _objects(module, "Intervention")
        ],
    }


def _outcomes(module: Mapping[str, Any]) -> dict[str, Any]:
    return {
        f"{kind.lower()}Outcomes": [
            _renamed(one, f"{kind}Outcome", "Measure", "Description", "TimeFrame")
            for one in _objects(module, f"{kind}Outcome")
        ]
        for kind in ("Primary", "Secondary", "Other")
    }


def _eligibility(module: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **_renamed(module, "", "EligibilityCriteria", "MinimumAge", "MaximumAge"),
        "healthyVolunteers": _spelled(flag, module.get("HealthyVolunteers")),
        "sex": _code(module.get("Gender")),
        "stdAges": [_code(one) for one in _list(module, "StdAge")],
    }


def _contacts_locations(module: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "overallOfficials": [
            {
                **_renamed(one, "OverallOfficial", "Name", "Affiliation"),
                "role": _code(one.get("OverallOfficialRole")),
            }
            for one in _objects(module, "OverallOfficial")
        ],
        "locations": [
            {
                **_renamed(one, "Location", "Facility", "City", "State", "Zip", "Country"),
                "status": _code(one.get("LocationStatus")),
            }
            for one in _objects(module, "Location")
        ],
    }


def _references(module: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "references": [
            {
                "pmid": one.get("ReferencePMID"),
                "type": _code(one.get("ReferenceType")),
                "citation": one.get("ReferenceCitation"),
            }
            for one in _objects(module, "Reference")
        ]
    }


def _browse(derived: Mapping[str, Any], kind: str) -> dict[str, Any]:
    module = _part(derived, f"{kind}BrowseModule")
    return {
        today: [
            {"id": one.get(f"{kind}{name}Id"), "term": one.get(f"{kind}{name}Term")}
            for one in _objects(module, f"{kind}{name}")
        ]
        for today, name in (("meshes", "Mesh"), ("ancestors", "Ancestor"))
    }
