"""The names of a study's fields in the registry's API v2, for finding those that are misspelt.

After the ClinicalTrials.gov API v2 data dictionary; only the protocol section, for that is what people write.
"""

from collections.abc import Mapping

_ARM = ("label", "type", "description", "interventionNames")
_CONTACT = ("name", "role", "phone", "phoneExt", "email")
_DATE = ("date", "type")
_DRUG = ("name", "type", "description", "armGroupLabels", "otherNames")
_OUTCOME = ("measure", "description", "timeFrame")
_SPONSOR = ("name", "class")
_PLAIN = None
"""A field that holds no fields, or none that are looked into."""

Fields = Mapping[str, tuple[str, ...] | None]
"""The fields of a module, each with the names inside it."""

MODULES: Mapping[str, Fields] = {
    "identificationModule": {
        **dict.fromkeys(("nctId", "nctIdAliases", "briefTitle", "officialTitle", "acronym"), _PLAIN),
        "orgStudyIdInfo": ("id", "type", "link"),
        "secondaryIdInfos": ("id", "type", "domain", "link"),
        "organization": ("fullName", "class"),
    },
    "statusModule": {
        **dict.fromkeys(("statusVerifiedDate", "overallStatus", "lastKnownStatus", "delayedPosting"), _PLAIN),
        **dict.fromkeys(("whyStopped", "resultsWaived", "studyFirstSubmitDate", "studyFirstSubmitQcDate"), _PLAIN),
        **dict.fromkeys(("resultsFirstSubmitDate", "resultsFirstSubmitQcDate", "dispFirstSubmitDate"), _PLAIN),
        **dict.fromkeys(("dispFirstSubmitQcDate", "lastUpdateSubmitDate"), _PLAIN),
        "expandedAccessInfo": ("hasExpandedAccess", "nctId", "statusForNctId"),
        **dict.fromkeys(("startDateStruct", "primaryCompletionDateStruct", "completionDateStruct"), _DATE),
        **dict.fromkeys(("studyFirstPostDateStruct", "resultsFirstPostDateStruct"), _DATE),
        **dict.fromkeys(("dispFirstPostDateStruct", "lastUpdatePostDateStruct"), _DATE),
    },
    "sponsorCollaboratorsModule": {"responsibleParty": _PLAIN, "leadSponsor": _SPONSOR, "collaborators": _SPONSOR},
    "oversightModule": {
        **dict.fromkeys(("oversightHasDmc", "isFdaRegulatedDrug", "isFdaRegulatedDevice"), _PLAIN),
        **dict.fromkeys(("isUnapprovedDevice", "isPpsd", "isUsExport", "fdaaa801Violation"), _PLAIN),
    },
    "descriptionModule": dict.fromkeys(("briefSummary", "detailedDescription"), _PLAIN),
    "conditionsModule": dict.fromkeys(("conditions", "keywords"), _PLAIN),
    "designModule": {
        **dict.fromkeys(("studyType", "nPtrsToThisExpAccNctId", "expandedAccessTypes"), _PLAIN),
        **dict.fromkeys(("patientRegistry", "targetDuration", "phases", "bioSpec"), _PLAIN),
        "designInfo": (
            *("allocation", "interventionModel", "interventionModelDescription", "primaryPurpose"),
            *("observationalModel", "timePerspective", "maskingInfo"),
        ),
        "enrollmentInfo": ("count", "type"),
    },
    "armsInterventionsModule": {"armGroups": _ARM, "interventions": _DRUG},
    "outcomesModule": dict.fromkeys(("primaryOutcomes", "secondaryOutcomes", "otherOutcomes"), _OUTCOME),
    "eligibilityModule": {
        **dict.fromkeys(("eligibilityCriteria", "healthyVolunteers", "sex", "genderBased"), _PLAIN),
        **dict.fromkeys(("genderDescription", "minimumAge", "maximumAge", "stdAges"), _PLAIN),
        **dict.fromkeys(("studyPopulation", "samplingMethod"), _PLAIN),
    },
    "contactsLocationsModule": {
        "centralContacts": _CONTACT,
        "overallOfficials": ("name", "affiliation", "role"),
        "locations": ("facility", "status", "city", "state", "zip", "country", "contacts", "geoPoint"),
    },
    "referencesModule": {
        "references": ("pmid", "type", "citation", "retractions"),
        "seeAlsoLinks": ("label", "url"),
        "availIpds": _PLAIN,
    },
    "ipdSharingStatementModule": dict.fromkeys(
        ("ipdSharing", "description", "infoTypes", "timeFrame", "accessCriteria", "url"), _PLAIN
    ),
}
"""The modules of ``protocolSection``."""

SECTIONS = ("protocolSection", "resultsSection", "annotationSection", "documentSection", "derivedSection", "hasResults")
"""What a whole study object holds."""
