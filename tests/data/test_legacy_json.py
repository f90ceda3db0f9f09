import copy
import io
import json
import re
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.data import Rejection, Trial
from trialkin.data.legacy_json import FIELDS, read_legacy, read_legacy_study, study_of
from trialkin.data.records import Part
from trialkin.data.spelled import code, date, flag, masking, phases
from trialkin.data.study_json import trial_from_study
from trialkin.data.trial import (
    ArmGroup,
    Intervention,
    MeshTerm,
    Official,
    Outcome,
    Reference,
    SecondaryId,
    Site,
    Sponsor,
    StudyDate,
)
from trialkin.errors import ReadError

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


def test_every_field_reaches_its_place():
    (part,) = read(response(RICH))
    trial = part.trial
    assert (trial.nct_id, trial.nct_id_aliases, trial.org_study_id) == ("NCT01234567", ("NCT07654321",), "MOON-1")
    assert trial.secondary_ids == (
        SecondaryId(id="2020-1", type="EUDRACT_NUMBER"),
        SecondaryId(id="R01", type="NIH"),
        SecondaryId(id="LD-7", type="OTHER", domain="Luna"),
    )
    assert (trial.brief_title, trial.acronym) == ("Moon Dust for Hiccups", "LUNA")
    assert trial.official_title == "Moon Dust <5 mg in Adults With Hiccups"
    assert trial.organization == Sponsor(name="Sea of Tranquility Clinic", class_="OTHER_GOV")
    assert (trial.overall_status, trial.why_stopped) == ("ACTIVE_NOT_RECRUITING", "The dust ran out")
    assert trial.start_date == StudyDate(date="2021-03-02", type="ACTUAL")
    assert trial.primary_completion_date == StudyDate(date="2022-03", type="ESTIMATED")
    assert trial.completion_date == StudyDate(date="2022-04")
    assert (trial.study_first_post_date, trial.last_update_post_date) == ("2021-01-04", "2022-05-06")
    assert trial.has_results is True
    assert trial.lead_sponsor == Sponsor(name="Apollo & Daughters", class_="INDUSTRY")
    assert trial.collaborators == (Sponsor(name="Craters United", class_="FED"), Sponsor(name="Lunar Sea Society"))
    assert trial.brief_summary == "Whether moon dust stops hiccups."
    assert trial.detailed_description == "Twice.\n\nA day."
    assert (trial.conditions, trial.keywords) == (("Hiccups", "Hiccups, Chronic"), ("dust", "lunar"))
    assert (trial.study_type, trial.phases) == ("INTERVENTIONAL", ("PHASE1", "PHASE2"))
    assert (trial.allocation, trial.intervention_model, trial.masking) == ("NA", "CROSSOVER", "NONE")
    assert (trial.observational_model, trial.time_perspective) == ("CASE_CONTROL", "CROSS_SECTIONAL")
    assert trial.primary_purpose == "SUPPORTIVE_CARE"
    assert (trial.enrollment_count, trial.enrollment_type) == (42, "ACTUAL")
    assert trial.arm_groups == (
        ArmGroup(
            label="Dust",
            type="ACTIVE_COMPARATOR",
            description="Fine dust",
            intervention_names=("Drug: Moon dust", "Other: Water"),
        ),
        ArmGroup(label="Sand"),
    )
    assert trial.interventions == (
        Intervention(
            name="Moon dust",
            type="DIAGNOSTIC_TEST",
            description="5 mg",
            arm_group_labels=("Dust",),
            other_names=("Regolith", "LD-5"),
        ),
    )
    assert trial.primary_outcomes == (Outcome(measure="Hiccups a minute", description="By ear", time_frame="1 hour"),)
    assert trial.secondary_outcomes == (Outcome(measure="Sneezes"),)
    assert trial.other_outcomes == (Outcome(measure="Yawns", time_frame="1 day"),)
    assert trial.eligibility_criteria == "Inclusion Criteria:\n\n- hiccups"
    assert (trial.sex, trial.healthy_volunteers) == ("FEMALE", True)
    assert trial.std_ages == ("CHILD", "ADULT", "OLDER_ADULT")
    assert (trial.minimum_age, trial.maximum_age) == ("6 Months", "64 Years")
    assert (trial.minimum_age_years, trial.maximum_age_years) == (0.5, 64)
    assert trial.overall_officials == (Official(name="Selene Crater, MD", affiliation="Base 2", role="STUDY_CHAIR"),)
    assert trial.locations == (
        Site(
            facility="Base 2",
            status="ENROLLING_BY_INVITATION",
            city="Oslo",
            state="Oslo County",
            zip="0150",
            country="Norway",
        ),
        Site(city="Quito", country="Ecuador"),
    )
    assert trial.countries == ("Ecuador", "Norway")
    assert trial.references == (
        Reference(citation="Crater S. Dust. 2022.", pmid="12345", type="DERIVED"),
        Reference(citation="Rim A. More dust. 2023.", type="RESULT"),
    )
    assert trial.condition_meshes == (MeshTerm(term="Hiccup", id="D000006606"),)
    assert trial.condition_ancestors == (MeshTerm(term="Signs", id="D000012818"),)
    assert trial.intervention_meshes == (MeshTerm(term="Dust", id="D000004391"),)
    assert trial.intervention_ancestors == (MeshTerm(term="Matter"),)


def test_the_invented_study_leaves_no_carried_field_empty():
    (part,) = read(response(RICH))
    assert part.fields == FIELDS == frozenset(Trial.model_fields) - {"absent_since"}
    assert [name for name in FIELDS if getattr(part.trial, name) in (None, ())] == []


def test_a_study_of_an_id_alone_is_a_trial_with_everything_else_empty():
    (part,) = read(response(legacy(42)))
    assert part.trial == Trial(nct_id="NCT00000042", has_results=False)


WRAPPINGS = {
    "a response": response(RICH),
    "a full study": {"FullStudy": {"Rank": 1, "Study": RICH}},
    "a study": {"Study": RICH},
    "an entry of a list": {"Rank": 1, "Study": RICH},
    "the bare study": RICH,
}


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("wrapping", WRAPPINGS)
def test_one_study_is_read_in_any_wrapping(wrapping, indent):
    (expected,) = read(response(RICH))
    content = json.dumps(WRAPPINGS[wrapping], indent=indent).encode()
    assert read(content) == read(b"\xef\xbb\xbf \n" + content) == [expected]
    if wrapping != "a response":
        assert trial_from_study(study_of(WRAPPINGS[wrapping])) == expected.trial


def test_the_studies_of_a_response_are_read_in_order():
    found = read(response(legacy(1), legacy(2), legacy(3)))
    assert [part.trial.nct_id for part in found] == ["NCT00000001", "NCT00000002", "NCT00000003"]


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (("ProtocolSection",), None, "ProtocolSection"),
        (("ProtocolSection",), [], "ProtocolSection"),
        (("ProtocolSection", "StatusModule"), "done", "StatusModule"),
        (("ProtocolSection", "IdentificationModule", "NCTId"), 5, "nctId"),
        (("ProtocolSection", "ConditionsModule", "ConditionList"), ["Hiccups"], "ConditionList"),
        (("ProtocolSection", "ConditionsModule", "ConditionList", "Condition"), "Hiccups", "ConditionList.Condition"),
        (("ProtocolSection", "ArmsInterventionsModule", "ArmGroupList", "ArmGroup", 0), "Dust", "ArmGroup[0]"),
        (("ProtocolSection", "StatusModule", "StartDateStruct", "StartDate"), "a fine day", "startDate"),
        (("ProtocolSection", "StatusModule", "OverallStatus"), 5, "overallStatus"),
        (("ProtocolSection", "DesignModule", "EnrollmentInfo", "EnrollmentCount"), "many", "enrollmentCount"),
        (("ProtocolSection", "DesignModule", "PhaseList", "Phase"), [2], "phases"),
        (("ProtocolSection", "EligibilityModule", "HealthyVolunteers"), "perhaps", "healthyVolunteers"),
        (("DerivedSection",), "none", "DerivedSection"),
    ],
)
def test_a_field_of_the_wrong_shape_is_refused_by_name_and_the_others_are_read(path, value, named):
    first, rejection, last = read(response(legacy(1), with_field(*path, value=value), legacy(3)))
    assert (first.trial.nct_id, last.trial.nct_id) == ("NCT00000001", "NCT00000003")
    assert (rejection.file, rejection.position) == ("studies.json", "study 2")
    assert named in rejection.reason
    known = path[0] != "ProtocolSection" or path[-1] not in {"ProtocolSection", "NCTId"}
    assert rejection.nct_id == ("NCT01234567" if known else None)


@pytest.mark.parametrize("value", [None, 5, "NCT01234567", [], {}, {"Study": None}, {"FullStudy": []}, {"a": "b"}])
def test_what_is_no_study_is_refused(value):
    with pytest.raises(ReadError):
        study_of(value)
    assert isinstance(read_legacy_study(value, "file", "line 1"), Rejection)
    assert all(isinstance(one, Rejection) for one in read(value))


@pytest.mark.parametrize("content", [b"", b"<xml/>", b'{"Study": ', b'{"FullStudy": {"Study": {}}', b"{" * 100_000])
def test_a_file_that_is_no_json_is_rejected_whole(content):
    (rejection,) = read(content)
    assert (rejection.position, rejection.reason) == ("whole file", "not valid JSON, or cut short")


@pytest.mark.parametrize(
    "value", [response(), {"FullStudiesResponse": {"NStudiesFound": 0}}, {"FullStudiesResponse": {"FullStudies": {}}}]
)
def test_a_response_without_studies_says_so(value):
    (rejection,) = read(value)
    assert "FullStudies" in rejection.reason


def test_what_stands_before_a_cut_is_given():
    content = json.dumps(response(*(legacy(number) for number in range(1, 6)))).encode()
    starts = [found.start() for found in re.finditer(rb'\{"Rank"', content)]
    for end in range(starts[0], len(content)):
        *whole, rejection = read(content[:end])
        finished = sum(end >= start for start in [*starts[1:], content.rindex(b"]}}")]) if end < len(content) else 5
        assert len(whole) - finished in (0, 1)
        assert all(isinstance(part, Part) for part in whole)
        assert rejection.position == f"after study {len(whole)}"
        assert "cut short" in rejection.reason


def test_a_single_study_beyond_the_limit_is_rejected(monkeypatch):
    monkeypatch.setattr("trialkin.data.legacy_json._STUDY_LIMIT", 1 << 20)
    (rejection,) = read({"Study": {"ProtocolSection": "x" * (1 << 20)}})
    assert rejection.reason == "the study is larger than 1 MiB"


def test_memory_stays_bounded_however_many_studies_a_file_holds():
    modules = {"DescriptionModule": {"BriefSummary": "moon dust " * 2000}}
    one = json.dumps({"Rank": 1, "Study": legacy(1, **modules)}).encode()
    content = b'{"FullStudiesResponse": {"FullStudies": [' + b",".join([one] * 500) + b"]}}"
    stream = io.BytesIO(content)
    tracemalloc.start()
    try:
        assert sum(isinstance(found, Part) for found in read_legacy(stream, "many.json")) == 500
        assert tracemalloc.get_traced_memory()[1] < 2 << 20
    finally:
        tracemalloc.stop()


NOT_CARRIED = re.compile(
    r"StatusVerifiedDate|HasExpandedAccess|SubmitDate|SubmitQCDate|PostDateType$|LastKnownStatus|ResponsibleParty"
    r"|OversightModule|ModelDescription|MaskingDescription|WhoMasked|PatientRegistry|TargetDuration|BioSpec"
    r"|GenderBased|GenderDescription|StudyPopulation|SamplingMethod|CentralContact|LocationContact|SeeAlsoLink"
    r"|IPDSharing|DocumentSection|MiscInfoModule|Browse(Leaf|Branch)|ResultsSection"
)
"""Fields of the genuine files that have no field in `Trial`."""


def leaves(value, path=""):
    if NOT_CARRIED.search(path):
        return
    inside = (
        value.items() if isinstance(value, dict) else [("", one) for one in value] if isinstance(value, list) else None
    )
    if inside is None:
        yield path, value
    else:
        for name, one in inside:
            yield from leaves(one, f"{path}.{name}" if name else path)


def values(value):
    """Every text, number and flag in a trial, texts on one line."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from values(one)
    elif value is not None:
        yield " ".join(value.split()) if isinstance(value, str) else value


@pytest.fixture(scope="module")
def genuine(shared):
    """The genuine studies beside what was read of them."""
    pairs = []
    for path in sorted((shared / "formats" / "legacy-json").iterdir()):
        content = path.read_bytes()
        listed = [one["Study"] for one in json.loads(content)["FullStudiesResponse"]["FullStudies"]]
        pairs += zip(listed, read(content), strict=True)
    return pairs


def test_every_genuine_study_is_read(genuine):
    assert len(genuine) == 16
    for study, part in genuine:
        assert isinstance(part, Part)
        assert part.trial.nct_id == study["ProtocolSection"]["IdentificationModule"]["NCTId"]
        assert part.trial.has_results is ("ResultsSection" in study)


SECONDARY = {
    "Other Identifier": "OTHER",
    "Registry Identifier": "REGISTRY",
    "Other Grant/Funding Number": "OTHER_GRANT",
}


def test_no_carried_field_of_the_genuine_studies_is_lost(genuine):
    seen = 0
    for study, part in genuine:
        known = set(values(part.trial.model_dump(mode="json")))
        for where, text in leaves(study):
            told = {" ".join(text.split()), code(text), date(text), masking(text), *phases(text), flag(text)}
            told |= {int(text) if text.isdecimal() else None, SECONDARY.get(text)}
            assert told & known, (part.trial.nct_id, where, text)
            seen += 1
    assert seen > 1000


def test_the_same_trial_in_the_api_form_says_the_same(genuine, in_api_form, told_otherwise):
    ours = {part.trial.nct_id: part.trial for _, part in genuine}
    theirs = in_api_form(ours.keys())
    for nct_id, trial in ours.items():
        one, other = (x.model_dump(mode="json", exclude={"locations"}) for x in (trial, theirs[nct_id]))
        assert list(told_otherwise(one, other)) == [], nct_id


def places(value, path=()):
    """The path of every value inside a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inside in items:
        yield (*path, key)
        yield from places(inside, (*path, key))


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(), inside, max_size=3),
    max_leaves=5,
)


@given(st.lists(st.tuples(st.sampled_from(list(places(RICH))), ANY_JSON), min_size=1, max_size=3))
def test_an_altered_study_is_a_record_or_a_rejection(changes):
    study = copy.deepcopy(RICH)
    for path, value in changes:
        place = study
        try:
            for key in path[:-1]:
                place = place[key]
            place[path[-1]] = value
        except (KeyError, TypeError, IndexError):
            continue
    assert isinstance(read_legacy_study(study, "file", "study 1"), Part | Rejection)


CONTENT = json.dumps(response(RICH, legacy(2)), indent=1).encode()
EDIT = st.tuples(st.integers(0, len(CONTENT) - 1), st.binary(max_size=4), st.integers(0, 4))


@given(st.lists(EDIT, min_size=1, max_size=5), st.integers(0, len(CONTENT) * 2))
def test_an_altered_file_ends_in_records_or_rejections(edits, end):
    content = bytearray(CONTENT)
    for place, put, taken in edits:
        content[place : place + taken] = put
    found = read(bytes(content[:end]))
    assert found
    assert all(isinstance(one, Part | Rejection) for one in found)


@pytest.mark.parametrize("number", ["9" * 5000, "1e999", "-1", "1.5", "NaN", "[" * 5000, '"\\ud800"'])
def test_strange_values_end_in_rejections(number):
    content = json.dumps(response(with_field("ProtocolSection", "DesignModule", "EnrollmentInfo", value="?"))).encode()
    found = read(content.replace(b'"?"', b'{"EnrollmentCount": ' + number.encode() + b"}"))
    assert found
    assert all(isinstance(one, Rejection) for one in found)
