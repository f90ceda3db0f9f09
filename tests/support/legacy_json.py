"""An invented study of the registry's older JSON, and what reading one gives."""

import copy
import io
import json

from trialkin.data.legacy_json import read_legacy

RICH = {
    "ProtocolSection": {
        "IdentificationModule": {
            "NCTId": "NCT01234567",
            "NCTIdAliasList": {"NCTIdAlias": ["NCT07654321"]},
            "OrgStudyIdInfo": {"OrgStudyId": "MOON-1"},
            "SecondaryIdInfoList": {
                "SecondaryIdInfo": [
                    {"SecondaryId": "2020-1", "SecondaryIdType": "EudraCT Number"},
                    {"SecondaryId": "R01", "SecondaryIdType": "U.S. NIH Grant/Contract", "SecondaryIdLink": "x"},
                    {"SecondaryId": "LD-7", "SecondaryIdType": "Other Identifier", "SecondaryIdDomain": "Luna"},
                ]
            },
            "Organization": {"OrgFullName": "Sea of Tranquility Clinic", "OrgClass": "OTHER_GOV"},
            "BriefTitle": "Moon Dust for Hiccups",
            "OfficialTitle": "Moon Dust <5 mg in Adults With Hiccups",
            "Acronym": "LUNA",
        },
        "StatusModule": {
            "StatusVerifiedDate": "May 2022",
            "OverallStatus": "Active, not recruiting",
            "WhyStopped": "The dust ran out",
            "StartDateStruct": {"StartDate": "March 2, 2021", "StartDateType": "Actual"},
            "PrimaryCompletionDateStruct": {
                "PrimaryCompletionDate": "March 2022",
                "PrimaryCompletionDateType": "Anticipated",
            },
            "CompletionDateStruct": {"CompletionDate": "April 2022"},
            "StudyFirstPostDateStruct": {"StudyFirstPostDate": "January 4, 2021", "StudyFirstPostDateType": "Actual"},
            "LastUpdatePostDateStruct": {"LastUpdatePostDate": "May 6, 2022", "LastUpdatePostDateType": "Estimate"},
        },
        "SponsorCollaboratorsModule": {
            "LeadSponsor": {"LeadSponsorName": "Apollo & Daughters", "LeadSponsorClass": "INDUSTRY"},
            "CollaboratorList": {
                "Collaborator": [
                    {"CollaboratorName": "Craters United", "CollaboratorClass": "FED"},
                    {"CollaboratorName": "Lunar Sea Society"},
                ]
            },
        },
        "DescriptionModule": {
            "BriefSummary": "Whether moon dust stops hiccups.",
            "DetailedDescription": "Twice.\n\nA day.",
        },
        "ConditionsModule": {
            "ConditionList": {"Condition": ["Hiccups", "Hiccups, Chronic"]},
            "KeywordList": {"Keyword": ["dust", "lunar"]},
        },
        "DesignModule": {
            "StudyType": "Interventional",
            "PhaseList": {"Phase": ["Phase 1", "Phase 2"]},
            "DesignInfo": {
                "DesignAllocation": "N/A",
                "DesignInterventionModel": "Crossover Assignment",
                "DesignPrimaryPurpose": "Supportive Care",
                "DesignObservationalModelList": {"DesignObservationalModel": ["Case-Control"]},
                "DesignTimePerspectiveList": {"DesignTimePerspective": ["Cross-Sectional"]},
                "DesignMaskingInfo": {
                    "DesignMasking": "None (Open Label)",
                    "DesignWhoMaskedList": {"DesignWhoMasked": ["Participant"]},
                },
            },
            "EnrollmentInfo": {"EnrollmentCount": "42", "EnrollmentType": "Actual"},
        },
        "ArmsInterventionsModule": {
            "ArmGroupList": {
                "ArmGroup": [
                    {
                        "ArmGroupLabel": "Dust",
                        "ArmGroupType": "Active Comparator",
                        "ArmGroupDescription": "Fine dust",
                        "ArmGroupInterventionList": {"ArmGroupInterventionName": ["Drug: Moon dust", "Other: Water"]},
                    },
                    {"ArmGroupLabel": "Sand"},
                ]
            },
            "InterventionList": {
                "Intervention": [
                    {
                        "InterventionType": "Diagnostic Test",
                        "InterventionName": "Moon dust",
                        "InterventionDescription": "5 mg",
                        "InterventionArmGroupLabelList": {"InterventionArmGroupLabel": ["Dust"]},
                        "InterventionOtherNameList": {"InterventionOtherName": ["Regolith", "LD-5"]},
                    }
                ]
            },
        },
        "OutcomesModule": {
            "PrimaryOutcomeList": {
                "PrimaryOutcome": [
                    {
                        "PrimaryOutcomeMeasure": "Hiccups a minute",
                        "PrimaryOutcomeDescription": "By ear",
                        "PrimaryOutcomeTimeFrame": "1 hour",
                    }
                ]
            },
            "SecondaryOutcomeList": {"SecondaryOutcome": [{"SecondaryOutcomeMeasure": "Sneezes"}]},
            "OtherOutcomeList": {"OtherOutcome": [{"OtherOutcomeMeasure": "Yawns", "OtherOutcomeTimeFrame": "1 day"}]},
        },
        "EligibilityModule": {
            "EligibilityCriteria": "Inclusion Criteria:\n\n- hiccups",
            "HealthyVolunteers": "Accepts Healthy Volunteers",
            "Gender": "Female",
            "MinimumAge": "6 Months",
            "MaximumAge": "64 Years",
            "StdAgeList": {"StdAge": ["Child", "Adult", "Older Adult"]},
        },
        "ContactsLocationsModule": {
            "OverallOfficialList": {
                "OverallOfficial": [
                    {
                        "OverallOfficialName": "Selene Crater, MD",
                        "OverallOfficialAffiliation": "Base 2",
                        "OverallOfficialRole": "Study Chair",
                    }
                ]
            },
            "LocationList": {
                "Location": [
                    {
                        "LocationFacility": "Base 2",
                        "LocationStatus": "Enrolling by invitation",
                        "LocationCity": "Oslo",
                        "LocationState": "Oslo County",
                        "LocationZip": "0150",
                        "LocationCountry": "Norway",
                    },
                    {"LocationCity": "Quito", "LocationCountry": "Ecuador"},
                ]
            },
        },
        "ReferencesModule": {
            "ReferenceList": {
                "Reference": [
                    {
                        "ReferencePMID": "12345",
                        "ReferenceType": "derived",
                        "ReferenceCitation": "Crater S. Dust. 2022.",
                    },
                    {"ReferenceType": "result", "ReferenceCitation": "Rim A. More dust. 2023."},
                ]
            }
        },
    },
    "ResultsSection": {"BaselineCharacteristicsModule": {}, "MoreInfoModule": {"x": "y"}},
    "DerivedSection": {
        "ConditionBrowseModule": {
            "ConditionMeshList": {"ConditionMesh": [{"ConditionMeshId": "D000006606", "ConditionMeshTerm": "Hiccup"}]},
            "ConditionAncestorList": {
                "ConditionAncestor": [{"ConditionAncestorId": "D000012818", "ConditionAncestorTerm": "Signs"}]
            },
        },
        "InterventionBrowseModule": {
            "InterventionMeshList": {
                "InterventionMesh": [{"InterventionMeshId": "D000004391", "InterventionMeshTerm": "Dust"}]
            },
            "InterventionAncestorList": {"InterventionAncestor": [{"InterventionAncestorTerm": "Matter"}]},
        },
    },
}


def read(value):
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return list(read_legacy(io.BytesIO(content), "studies.json"))


def legacy(number=1, **modules):
    return {"ProtocolSection": {"IdentificationModule": {"NCTId": f"NCT{number:08d}"}, **modules}}


def response(*studies, **more):
    found = [{"Rank": rank, "Study": study} for rank, study in enumerate(studies, start=1)]
    return {"FullStudiesResponse": {"APIVrs": "1.01.05", "NStudiesFound": len(found), "FullStudies": found} | more}


def with_field(*path, value):
    """`RICH` with one field replaced."""
    study = copy.deepcopy(RICH)
    place = study
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return study
