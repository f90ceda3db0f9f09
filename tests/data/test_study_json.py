import copy
import string

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.data import Trial
from trialkin.data.schema import TRIAL_SCHEMA
from trialkin.data.study_json import study_nct_id, trial_from_study
from trialkin.data.trial import Intervention, MeshTerm, Outcome, SecondaryId, Site, Sponsor, StudyDate
from trialkin.errors import ReadError

RICH = {
    "protocolSection": {
        "identificationModule": {
            "nctId": "NCT01234567",
            "nctIdAliases": ["NCT07654321"],
            "orgStudyIdInfo": {"id": "MOON-1"},
            "secondaryIdInfos": [{"id": "2020-1", "type": "EUDRACT_NUMBER"}, {"type": "OTHER"}],
            "briefTitle": "Moon Dust for **Hiccups**",
            "officialTitle": "Moon Dust \\<5 mg in Adults With Hiccups",
            "acronym": "LUNA",
            "organization": {"fullName": "Sea of Tranquility Clinic", "class": "OTHER"},
        },
        "statusModule": {
            "overallStatus": "TERMINATED",
            "whyStopped": "The dust ran out",
            "startDateStruct": {"date": "2021-03", "type": "ACTUAL"},
            "completionDateStruct": {"date": "2022-04-05"},
            "studyFirstPostDateStruct": {"date": "2021-02-01"},
            "lastUpdatePostDateStruct": {"date": "2022-05-06", "type": "ESTIMATED"},
        },
        "sponsorCollaboratorsModule": {
            "leadSponsor": {"name": "Apollo & Daughters", "class": "INDUSTRY"},
            "collaborators": [{"name": "Craters United"}],
        },
        "descriptionModule": {"briefSummary": "* dust\n* placebo", "detailedDescription": "Twice a day."},
        "conditionsModule": {"conditions": ["Hiccups"], "keywords": ["dust", ""]},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE1", "PHASE2"],
            "designInfo": {
                "allocation": "RANDOMIZED",
                "interventionModel": "PARALLEL",
                "primaryPurpose": "TREATMENT",
                "maskingInfo": {"masking": "DOUBLE"},
            },
            "enrollmentInfo": {"count": 42, "type": "ACTUAL"},
        },
        "armsInterventionsModule": {
            "armGroups": [
                {"label": "Dust", "type": "EXPERIMENTAL", "interventionNames": ["Drug: Moon dust"]},
                {"type": "NO_INTERVENTION"},
            ],
            "interventions": [{"type": "DRUG", "name": "Moon dust", "otherNames": ["Regolith"], "description": "5 mg"}],
        },
        "outcomesModule": {
            "primaryOutcomes": [{"measure": "Hiccups a minute", "timeFrame": "1 hour"}],
            "secondaryOutcomes": [{"measure": "Sneezes"}, {"description": "no measure"}],
        },
        "eligibilityModule": {
            "eligibilityCriteria": "Inclusion:\n\n* hiccups for 30×10\\^2 seconds",
            "healthyVolunteers": False,
            "sex": "ALL",
            "minimumAge": "6 Months",
            "maximumAge": "N/A",
            "stdAges": ["CHILD", "ADULT"],
        },
        "contactsLocationsModule": {
            "overallOfficials": [{"name": "Dr Selene", "role": "PRINCIPAL_INVESTIGATOR"}],
            "locations": [
                {"facility": "Base 2", "city": "Oslo", "country": "Norway", "geoPoint": {"lat": 59.9, "lon": 10.7}},
                {"facility": "Base 1", "city": "Quito", "country": "Ecuador"},
                {"facility": "Base 3", "city": "Bergen", "country": "Norway"},
            ],
        },
        "referencesModule": {"references": [{"pmid": "12345", "type": "RESULT", "citation": "Selene A. Dust. 2020"}]},
    },
    "derivedSection": {
        "conditionBrowseModule": {
            "meshes": [{"id": "D006606", "term": "Hiccup"}],
            "ancestors": [{"id": "D012818", "term": "Signs and Symptoms, Respiratory"}],
        },
        "interventionBrowseModule": {"meshes": [{"id": "D004391", "term": "Dust"}]},
    },
    "hasResults": True,
}


def with_field(*path, value):
    """`RICH` with one field of its protocolSection replaced."""
    study = copy.deepcopy(RICH)
    place = study["protocolSection"]
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return study


def test_every_part_of_a_study_reaches_its_field():
    trial = trial_from_study(RICH)
    assert trial.nct_id == "NCT01234567"
    assert trial.nct_id_aliases == ("NCT07654321",)
    assert trial.org_study_id == "MOON-1"
    assert trial.secondary_ids == (SecondaryId(id="2020-1", type="EUDRACT_NUMBER"),)
    assert (trial.brief_title, trial.acronym) == ("Moon Dust for Hiccups", "LUNA")
    assert trial.official_title == "Moon Dust <5 mg in Adults With Hiccups"
    assert trial.organization == Sponsor(name="Sea of Tranquility Clinic", class_="OTHER")
    assert (trial.overall_status, trial.why_stopped) == ("TERMINATED", "The dust ran out")
    assert trial.start_date == StudyDate(date="2021-03", type="ACTUAL")
    assert trial.primary_completion_date is None
    assert trial.completion_date == StudyDate(date="2022-04-05")
    assert (trial.study_first_post_date, trial.last_update_post_date) == ("2021-02-01", "2022-05-06")
    assert trial.has_results is True
    assert trial.lead_sponsor == Sponsor(name="Apollo & Daughters", class_="INDUSTRY")
    assert trial.collaborators == (Sponsor(name="Craters United"),)
    assert (trial.brief_summary, trial.detailed_description) == ("- dust\n- placebo", "Twice a day.")
    assert (trial.conditions, trial.keywords) == (("Hiccups",), ("dust",))
    assert (trial.study_type, trial.phases) == ("INTERVENTIONAL", ("PHASE1", "PHASE2"))
    assert (trial.allocation, trial.intervention_model) == ("RANDOMIZED", "PARALLEL")
    assert (trial.primary_purpose, trial.masking) == ("TREATMENT", "DOUBLE")
    assert (trial.enrollment_count, trial.enrollment_type) == (42, "ACTUAL")
    assert [(arm.label, arm.intervention_names) for arm in trial.arm_groups] == [("Dust", ("Drug: Moon dust",))]
    assert trial.interventions == (
        Intervention(name="Moon dust", type="DRUG", other_names=("Regolith",), description="5 mg"),
    )
    assert trial.primary_outcomes == (Outcome(measure="Hiccups a minute", time_frame="1 hour"),)
    assert trial.secondary_outcomes == (Outcome(measure="Sneezes"),)
    assert trial.eligibility_criteria == "Inclusion:\n\n- hiccups for 30×10^2 seconds"
    assert (trial.healthy_volunteers, trial.sex, trial.std_ages) == (False, "ALL", ("CHILD", "ADULT"))
    assert (trial.minimum_age, trial.minimum_age_years) == ("6 Months", 0.5)
    assert (trial.maximum_age, trial.maximum_age_years) == ("N/A", None)
    assert [official.name for official in trial.overall_officials] == ["Dr Selene"]
    assert trial.locations[0] == Site(facility="Base 2", city="Oslo", country="Norway", lat=59.9, lon=10.7)
    assert trial.countries == ("Ecuador", "Norway")
    assert [(one.pmid, one.type) for one in trial.references] == [("12345", "RESULT")]
    assert trial.condition_meshes == (MeshTerm(term="Hiccup", id="D006606"),)
    assert trial.condition_ancestors == (MeshTerm(term="Signs and Symptoms, Respiratory", id="D012818"),)
    assert trial.intervention_meshes == (MeshTerm(term="Dust", id="D004391"),)


def test_a_study_of_an_id_alone_is_a_trial_with_everything_else_empty():
    trial = trial_from_study({"protocolSection": {"identificationModule": {"nctId": "nct 42"}}})
    assert trial == Trial(nct_id="NCT00000042", has_results=False)
    assert trial.title == "NCT00000042"


@pytest.mark.parametrize(
    ("path", "value", "named"),
    [
        (("identificationModule", "nctId"), "EudraCT 2020", "identificationModule.nctId"),
        (("identificationModule", "nctId"), 1234567, "identificationModule.nctId"),
        (("identificationModule", "nctId"), None, "identificationModule.nctId"),
        (("identificationModule",), "NCT01234567", "protocolSection.identificationModule"),
        (("identificationModule", "briefTitle"), ["a", "b"], "briefTitle"),
        (("statusModule", "startDateStruct", "date"), "March 2021", "startDate.date"),
        (("statusModule", "startDateStruct"), "2021-03", "startDateStruct"),
        (("statusModule", "lastUpdatePostDateStruct", "date"), "2022-13-01", "lastUpdatePostDate"),
        (("conditionsModule", "conditions"), "Hiccups", "conditions"),
        (("conditionsModule", "conditions"), ["Hiccups", 3], "conditions.1"),
        (("designModule", "enrollmentInfo", "count"), "many", "enrollmentCount"),
        (("designModule", "enrollmentInfo", "count"), -1, "enrollmentCount"),
        (("designModule", "enrollmentInfo", "count"), 2**63, "enrollmentCount"),
        (("armsInterventionsModule", "interventions"), {"name": "Dust"}, "interventions"),
        (("armsInterventionsModule", "interventions", 0), "Dust", "interventions[0]"),
        (("armsInterventionsModule", "interventions", 0, "name"), 5, "interventions.0.name"),
        (("contactsLocationsModule", "locations", 0, "geoPoint", "lat"), "north", "locations.0.lat"),
        (("eligibilityModule", "minimumAge"), 18, "minimumAge"),
    ],
)
def test_a_field_of_the_wrong_shape_is_refused_by_name(path, value, named):
    with pytest.raises(ReadError) as caught:
        trial_from_study(with_field(*path, value=value))
    assert named in caught.value.what


def test_a_wrong_has_results_is_refused_rather_than_guessed():
    with pytest.raises(ReadError, match="hasResults"):
        trial_from_study(RICH | {"hasResults": "perhaps"})


@pytest.mark.parametrize("study", [None, 5, "NCT01234567", [], {}, {"protocolSection": {}}, {"protocolSection": []}])
def test_what_is_no_study_is_refused(study):
    with pytest.raises(ReadError):
        trial_from_study(study)


def test_a_code_that_the_registry_adds_later_is_kept_as_it_comes():
    assert trial_from_study(with_field("statusModule", "overallStatus", value="ON_THE_MOON")).overall_status == (
        "ON_THE_MOON"
    )


def test_the_nct_id_of_a_study_broken_elsewhere_is_still_found():
    assert study_nct_id(with_field("designModule", value="none")) == "NCT01234567"
    assert study_nct_id({"protocolSection": "none"}) is None
    assert study_nct_id({"protocolSection": {"identificationModule": {"nctId": 5}}}) is None


def places(value, path=()):
    """The path of every value inside a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inside in items:
        yield (*path, key)
        yield from places(inside, (*path, key))


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(string.ascii_letters), inside, max_size=3),
    max_leaves=5,
)


@given(st.lists(st.tuples(st.sampled_from(list(places(RICH["protocolSection"]))), ANY_JSON), min_size=1, max_size=3))
def test_a_mutated_study_is_a_trial_that_can_be_stored_or_is_refused_and_nothing_else(changes):
    study = copy.deepcopy(RICH)
    for path, value in changes:
        place = study["protocolSection"]
        try:
            for key in path[:-1]:
                place = place[key]
            place[path[-1]] = value
        except (KeyError, TypeError, IndexError):
            continue
    try:
        trial = trial_from_study(study)
    except ReadError:
        return
    stored = pa.Table.from_pylist([trial.model_dump(by_alias=True)], TRIAL_SCHEMA).to_pylist()
    assert Trial.model_validate(stored[0]).nct_id == trial.nct_id
