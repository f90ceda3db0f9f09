"""The pieces of a study that the registry names: those that a `Trial` holds, with their paths, and the others."""

from collections.abc import Mapping

_OUTCOME = ("Measure", "Description", "TimeFrame")
_P, _D = "protocolSection", "derivedSection"

HELD: Mapping[str, Mapping[str, tuple[str, str]]] = {
    f"{_P}.identificationModule": {
        "NCTId": ("nctId", "nctId"),
        "NCTIdAlias": ("nctIdAliases", "nctIdAliases"),
        "OrgStudyId": ("orgStudyIdInfo.id", "orgStudyId"),
        "SecondaryId": ("secondaryIdInfos.id", "secondaryIds"),
        "SecondaryIdType": ("secondaryIdInfos.type", "secondaryIds"),
        "SecondaryIdDomain": ("secondaryIdInfos.domain", "secondaryIds"),
        "OrgFullName": ("organization.fullName", "organization"),
        "OrgClass": ("organization.class", "organization"),
        "BriefTitle": ("briefTitle", "briefTitle"),
        "OfficialTitle": ("officialTitle", "officialTitle"),
        "Acronym": ("acronym", "acronym"),
    },
    f"{_P}.statusModule": {
        "OverallStatus": ("overallStatus", "overallStatus"),
        "WhyStopped": ("whyStopped", "whyStopped"),
        "StartDate": ("startDateStruct.date", "startDate"),
        "StartDateType": ("startDateStruct.type", "startDate"),
        "PrimaryCompletionDate": ("primaryCompletionDateStruct.date", "primaryCompletionDate"),
        "PrimaryCompletionDateType": ("primaryCompletionDateStruct.type", "primaryCompletionDate"),
        "CompletionDate": ("completionDateStruct.date", "completionDate"),
        "CompletionDateType": ("completionDateStruct.type", "completionDate"),
        "StudyFirstPostDate": ("studyFirstPostDateStruct.date", "studyFirstPostDate"),
        "LastUpdatePostDate": ("lastUpdatePostDateStruct.date", "lastUpdatePostDate"),
    },
    f"{_P}.sponsorCollaboratorsModule": {
        "LeadSponsorName": ("leadSponsor.name", "leadSponsor"),
        "LeadSponsorClass": ("leadSponsor.class", "leadSponsor"),
        "CollaboratorName": ("collaborators.name", "collaborators"),
        "CollaboratorClass": ("collaborators.class", "collaborators"),
    },
    f"{_P}.descriptionModule": {
        "BriefSummary": ("briefSummary", "briefSummary"),
        "DetailedDescription": ("detailedDescription", "detailedDescription"),
    },
    f"{_P}.conditionsModule": {"Condition": ("conditions", "conditions"), "Keyword": ("keywords", "keywords")},
    f"{_P}.designModule": {
        "StudyType": ("studyType", "studyType"),
        "Phase": ("phases", "phases"),
        "DesignAllocation": ("designInfo.allocation", "allocation"),
        "DesignInterventionModel": ("designInfo.interventionModel", "interventionModel"),
        "DesignPrimaryPurpose": ("designInfo.primaryPurpose", "primaryPurpose"),
        "DesignObservationalModel": ("designInfo.observationalModel", "observationalModel"),
        "DesignTimePerspective": ("designInfo.timePerspective", "timePerspective"),
        "DesignMasking": ("designInfo.maskingInfo.masking", "masking"),
        "EnrollmentCount": ("enrollmentInfo.count", "enrollmentCount"),
        "EnrollmentType": ("enrollmentInfo.type", "enrollmentType"),
    },
    f"{_P}.armsInterventionsModule": {
        "ArmGroupLabel": ("armGroups.label", "armGroups"),
        "ArmGroupType": ("armGroups.type", "armGroups"),
        "ArmGroupDescription": ("armGroups.description", "armGroups"),
        "ArmGroupInterventionName": ("armGroups.interventionNames", "armGroups"),
        "InterventionType": ("interventions.type", "interventions"),
        "InterventionName": ("interventions.name", "interventions"),
        "InterventionDescription": ("interventions.description", "interventions"),
        "InterventionArmGroupLabel": ("interventions.armGroupLabels", "interventions"),
        "InterventionOtherName": ("interventions.otherNames", "interventions"),
    },
    f"{_P}.outcomesModule": {
        f"{kind.capitalize()}Outcome{part}": (f"{kind}Outcomes.{part[0].lower()}{part[1:]}", f"{kind}Outcomes")
        for kind in ("primary", "secondary", "other")
        for part in _OUTCOME
    },
    f"{_P}.eligibilityModule": {
        "EligibilityCriteria": ("eligibilityCriteria", "eligibilityCriteria"),
        "HealthyVolunteers": ("healthyVolunteers", "healthyVolunteers"),
        "Sex": ("sex", "sex"),
        "MinimumAge": ("minimumAge", "minimumAge"),
        "MaximumAge": ("maximumAge", "maximumAge"),
        "StdAge": ("stdAges", "stdAges"),
    },
    f"{_P}.contactsLocationsModule": {
        "OverallOfficialName": ("overallOfficials.name", "overallOfficials"),
        "OverallOfficialAffiliation": ("overallOfficials.affiliation", "overallOfficials"),
        "OverallOfficialRole": ("overallOfficials.role", "overallOfficials"),
        "LocationFacility": ("locations.facility", "locations"),
        "LocationStatus": ("locations.status", "locations"),
        "LocationCity": ("locations.city", "locations"),
        "LocationState": ("locations.state", "locations"),
        "LocationZip": ("locations.zip", "locations"),
        "LocationCountry": ("locations.country", "locations"),
        "LocationGeoPoint": ("locations.geoPoint", "locations"),
    },
    f"{_P}.referencesModule": {
        "ReferencePMID": ("references.pmid", "references"),
        "ReferenceType": ("references.type", "references"),
        "ReferenceCitation": ("references.citation", "references"),
    },
    **{
        f"{_D}.{kind}BrowseModule": {
            f"{kind.capitalize()}{what}{part}": (f"{plural}.{part.lower()}", f"{kind}{plural.capitalize()}")
            for what, plural in (("Mesh", "meshes"), ("Ancestor", "ancestors"))
            for part in ("Id", "Term")
        }
        for kind in ("condition", "intervention")
    },
    "": {"HasResults": ("hasResults", "hasResults")},
}
"""By the module: each piece that trialkin holds, its path in the module, and the field of a `Trial` that has it."""

NOT_HELD = frozenset(
    (
        *("AnnotationSection", "BioSpecDescription", "BioSpecRetention", "CentralContactEMail"),
        *("CentralContactName", "CentralContactPhone", "CentralContactPhoneExt", "CentralContactRole"),
        *("ConditionBrowseBranchAbbrev", "ConditionBrowseBranchName", "ConditionBrowseLeafAsFound"),
        *("ConditionBrowseLeafId", "ConditionBrowseLeafName", "ConditionBrowseLeafRelevance", "DelayedPosting"),
        *("DesignInterventionModelDescription", "DesignMaskingDescription", "DesignWhoMasked"),
        *("DispFirstPostDate", "DispFirstPostDateType", "DispFirstSubmitDate", "DispFirstSubmitQCDate"),
        *("DocumentSection", "ExpAccTypeIndividual", "ExpAccTypeIntermediate", "ExpAccTypeTreatment"),
        *("ExpandedAccessNCTId", "ExpandedAccessStatusForNCTId", "FDAAA801Violation", "GenderBased"),
        *("GenderDescription", "HasExpandedAccess", "IPDSharing", "IPDSharingAccessCriteria"),
        *("IPDSharingDescription", "IPDSharingInfoType", "IPDSharingStatementModule", "IPDSharingTimeFrame"),
        *("IPDSharingURL", "InterventionBrowseBranchAbbrev", "InterventionBrowseBranchName"),
        *("InterventionBrowseLeafAsFound", "InterventionBrowseLeafId", "InterventionBrowseLeafName"),
        *("InterventionBrowseLeafRelevance", "IsFDARegulatedDevice", "IsFDARegulatedDrug", "IsPPSD"),
        *("IsUSExport", "IsUnapprovedDevice", "LargeDocDate", "LargeDocFilename", "LargeDocHasICF"),
        *("LargeDocHasProtocol", "LargeDocHasSAP", "LargeDocLabel", "LargeDocSize", "LargeDocTypeAbbrev"),
        *("LargeDocUploadDate", "LastKnownStatus", "LastUpdatePostDateType", "LastUpdateSubmitDate"),
        *("LocationContactEMail", "LocationContactName", "LocationContactPhone", "LocationContactRole"),
        *("MiscInfoModule", "NPtrsToThisExpAccNCTId", "OrgStudyIdLink", "OrgStudyIdType", "OversightHasDMC"),
        *("OversightModule", "PatientRegistry", "ResponsiblePartyInvestigatorAffiliation"),
        *("ResponsiblePartyInvestigatorFullName", "ResponsiblePartyInvestigatorTitle", "ResponsiblePartyType"),
        *("ResultsFirstPostDate", "ResultsFirstPostDateType", "ResultsFirstSubmitDate"),
        *("ResultsFirstSubmitQCDate", "ResultsSection", "SamplingMethod", "SecondaryIdLink"),
        *("SeeAlsoLinkLabel", "SeeAlsoLinkURL", "StatusVerifiedDate", "StudyFirstPostDateType"),
        *("StudyFirstSubmitDate", "StudyFirstSubmitQCDate", "StudyPopulation", "TargetDuration"),
        *("VersionHolder"),
    )
)
"""Pieces of the registry that a `Trial` has no place for: they may be asked for, and are absent from every study."""
NOT_HELD_PATHS = (
    *("resultsSection", "documentSection", "annotationSection", f"{_D}.miscInfoModule", f"{_P}.oversightModule"),
    f"{_P}.ipdSharingStatementModule",
)
