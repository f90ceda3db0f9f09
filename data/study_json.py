"""A study object of the registry's API v2, to a `Trial`.

The shape is described by the ClinicalTrials.gov API v2 data dictionary: modules under
``protocolSection`` and ``derivedSection``, any of which may be absent.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from ..errors import ReadError
from .ages import age_in_years
from .nct_id import is_nct_id, normalise_nct_id
from .plain_text import plain_text
from .trial import Trial

_TEXTS = {"description", "measure", "timeFrame", "citation", "label", "name", "title", "facility", "affiliation"}


def trial_from_study(study: object) -> Trial:
    """Read one study object.

    Raises:
        ReadError: it is no study, its NCT id is missing or malformed, or a field has the wrong shape;
            the message names the field.
    """
    protocol = _module(study, "protocolSection", "the record")
    if not protocol:
        raise ReadError("The record has no protocolSection.")
    derived = _module(study, "derivedSection", "the record")
    nct_id = _module(protocol, "identificationModule", "protocolSection").get("nctId")
    if not isinstance(nct_id, str) or not is_nct_id(nct_id):
        raise ReadError(f"identificationModule.nctId is {nct_id!r}, which is no NCT id.")
    found = {"nctId": normalise_nct_id(nct_id), "hasResults": _mapping(study).get("hasResults", False)}
    fields = fields_of_modules(protocol, derived) | found
    try:
        return Trial.model_validate(fields)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ReadError(f"Field {where}: {first['msg']}.") from None


def study_nct_id(study: object) -> str | None:
    """The NCT id of a study object that may be broken elsewhere, for a rejection's report."""
    try:
        raw = _module(_module(study, "protocolSection", ""), "identificationModule", "").get("nctId")
    except ReadError:
        return None
    return raw if isinstance(raw, str) else None


def fields_of_modules(protocol: Mapping[str, Any], derived: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a `Trial`, but for its NCT id and whether it has results, as the modules of a study give them.

    Raises:
        ReadError: a module or a list is something else; the message names it.
    """
    part = {
        name: _module(protocol, f"{name}Module", "protocolSection")
        for name in (
            "identification",
            "status",
            "sponsorCollaborators",
            "description",
            "conditions",
            "design",
            "armsInterventions",
            "outcomes",
            "eligibility",
            "contactsLocations",
            "references",
        )
    }
    names, status, design, people = part["identification"], part["status"], part["design"], part["eligibility"]
    info = _module(design, "designInfo", "designModule")
    locations = [_site(site) for site in _items(part["contactsLocations"], "locations")]
    return {
        "nctIdAliases": names.get("nctIdAliases") or (),
        "orgStudyId": _module(names, "orgStudyIdInfo", "identificationModule").get("id"),
        "secondaryIds": [
            _pick(one, "id", "type", "domain") for one in _items(names, "secondaryIdInfos") if "id" in one
        ],
        "briefTitle": _text(names.get("briefTitle")),
        "officialTitle": _text(names.get("officialTitle")),
        "acronym": _text(names.get("acronym")),
        "organization": _organisation(names.get("organization"), "fullName"),
        "overallStatus": status.get("overallStatus"),
        "whyStopped": _text(status.get("whyStopped")),
        "startDate": _date(status, "startDateStruct"),
        "primaryCompletionDate": _date(status, "primaryCompletionDateStruct"),
        "completionDate": _date(status, "completionDateStruct"),
        "studyFirstPostDate": (_date(status, "studyFirstPostDateStruct") or {}).get("date"),
        "lastUpdatePostDate": (_date(status, "lastUpdatePostDateStruct") or {}).get("date"),
        "leadSponsor": _organisation(part["sponsorCollaborators"].get("leadSponsor"), "name"),
        "collaborators": [
            found
            for one in _items(part["sponsorCollaborators"], "collaborators")
            if (found := _organisation(one, "name"))
        ],
        "briefSummary": _text(part["description"].get("briefSummary")),
        "detailedDescription": _text(part["description"].get("detailedDescription")),
        "conditions": _texts(part["conditions"].get("conditions")),
        "keywords": _texts(part["conditions"].get("keywords")),
        "studyType": design.get("studyType"),
        "phases": design.get("phases") or (),
        "allocation": info.get("allocation"),
        "interventionModel": info.get("interventionModel"),
        "observationalModel": info.get("observationalModel"),
        "timePerspective": info.get("timePerspective"),
        "primaryPurpose": info.get("primaryPurpose"),
        "masking": _module(info, "maskingInfo", "designInfo").get("masking"),
        "enrollmentCount": _module(design, "enrollmentInfo", "designModule").get("count"),
        "enrollmentType": _module(design, "enrollmentInfo", "designModule").get("type"),
        "armGroups": [
            _pick(one, "label", "type", "description", "interventionNames")
            for one in _items(part["armsInterventions"], "armGroups")
            if one.get("label")
        ],
        "interventions": [
            _pick(one, "name", "type", "description", "armGroupLabels", "otherNames")
            for one in _items(part["armsInterventions"], "interventions")
            if one.get("name")
        ],
        **{
            kind: [
                _pick(one, "measure", "description", "timeFrame")
                for one in _items(part["outcomes"], kind)
                if one.get("measure")
            ]
            for kind in ("primaryOutcomes", "secondaryOutcomes", "otherOutcomes")
        },
        "eligibilityCriteria": _text(people.get("eligibilityCriteria")),
        "healthyVolunteers": people.get("healthyVolunteers"),
        "sex": people.get("sex"),
        "minimumAge": people.get("minimumAge"),
        "maximumAge": people.get("maximumAge"),
        "minimumAgeYears": _age(people.get("minimumAge")),
        "maximumAgeYears": _age(people.get("maximumAge")),
        "stdAges": people.get("stdAges") or (),
        "overallOfficials": [
            _pick(one, "name", "affiliation", "role")
            for one in _items(part["contactsLocations"], "overallOfficials")
            if one.get("name")
        ],
        "locations": locations,
        "countries": sorted({site["country"] for site in locations if isinstance(site.get("country"), str)}),
        "references": [
            _pick(one, "citation", "pmid", "type", "nctId") for one in _items(part["references"], "references")
        ],
        **{
            f"{kind}{what}": [
                _pick(one, "term", "id")
                for one in _items(_module(derived, f"{kind}BrowseModule", "derivedSection"), key)
                if one.get("term")
            ]
            for kind in ("condition", "intervention")
            for what, key in (("Meshes", "meshes"), ("Ancestors", "ancestors"))
        },
    }


def _mapping(value: object, what: str = "the record") -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ReadError(f"{what} is {type(value).__name__}, not an object.")
    return value


def _module(parent: object, name: str, where: str) -> Mapping[str, Any]:
    value = _mapping(parent, where or "the record").get(name)
    return {} if value is None else _mapping(value, f"{where}.{name}")


def _items(module: Mapping[str, Any], name: str) -> Iterable[Mapping[str, Any]]:
    value = module.get(name)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise ReadError(f"{name} is {type(value).__name__}, not a list.")
    return [_mapping(one, f"{name}[{n}]") for n, one in enumerate(value)]


def _text(value: object) -> object:
    """Plain text of a text; any other type is passed on for the model to refuse by name."""
    return (plain_text(value) or None) if isinstance(value, str) else value


def _texts(value: object) -> object:
    if not isinstance(value, list):
        return value or ()
    return [text for one in value if (text := _text(one)) is not None]


def _pick(one: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: _text(one[name]) if name in _TEXTS else one[name] for name in names if one.get(name) is not None}


def _organisation(value: object, name: str) -> dict[str, Any] | None:
    if value is None:
        return None
    found = _mapping(value, "a sponsor or organization")
    return {"name": _text(found[name]), "class": found.get("class")} if found.get(name) else None


def _date(status: Mapping[str, Any], name: str) -> dict[str, Any] | None:
    value = _module(status, name, "statusModule")
    return _pick(value, "date", "type") if value.get("date") is not None else None


def _age(value: object) -> float | None:
    return age_in_years(value) if isinstance(value, str) else None


def _site(one: Mapping[str, Any]) -> dict[str, Any]:
    point = _module(one, "geoPoint", "locations")
    site = _pick(one, "facility", "status", "city", "state", "zip", "country")
    return site | {key: point[key] for key in ("lat", "lon") if point.get(key) is not None}
