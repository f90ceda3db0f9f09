"""Trials as study objects again: what is read, written and read once more stays the same."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import trialkin.data
from trialkin.data import Trial, read_trials
from trialkin.data.plain_text import plain_text
from trialkin.data.study_json import trial_from_study
from trialkin.data.study_of_trial import markdown, study_of

TEXT = st.text(max_size=30) | st.text(alphabet="\\*_#+-[]()&;<>lt ampx\n\ra1http:/.", max_size=40)
SOME = TEXT.filter(lambda text: plain_text(text) != "")
CODE = st.sampled_from(["PHASE2", "DRUG", "OTHER", "ACTUAL"])
DATE = st.sampled_from(["2020", "2020-05", "2020-05-07"])


def some(**fields):
    """An object of which any field may be absent."""
    return st.fixed_dictionaries({}, optional=fields)


def named(name, **fields):
    return st.fixed_dictionaries({name: SOME}, optional=fields)


def lists(strategy):
    return st.lists(strategy, max_size=2)


DATED = st.fixed_dictionaries({"date": DATE}, optional={"type": CODE})
OUTCOMES = lists(named("measure", description=TEXT, timeFrame=TEXT))
TERMS = lists(st.fixed_dictionaries({"term": st.sampled_from(["Hiccup", "Dust"])}, optional={"id": CODE}))
STUDIES = st.fixed_dictionaries(
    {
        "protocolSection": st.fixed_dictionaries(
            {
                "identificationModule": st.fixed_dictionaries(
                    {"nctId": st.sampled_from(["NCT00000001", "nct 7"])},
                    optional={
                        "nctIdAliases": st.just(["NCT00000009"]),
                        "orgStudyIdInfo": some(id=TEXT),
                        "secondaryIdInfos": lists(st.fixed_dictionaries({"id": TEXT}, optional={"type": CODE})),
                        "organization": named("fullName", **{"class": CODE}),
                        "briefTitle": TEXT,
                        "officialTitle": TEXT,
                        "acronym": TEXT,
                    },
                )
            },
            optional={
                "statusModule": some(
                    overallStatus=CODE,
                    whyStopped=TEXT,
                    startDateStruct=DATED,
                    completionDateStruct=DATED,
                    lastUpdatePostDateStruct=DATED,
                ),
                "sponsorCollaboratorsModule": some(
                    leadSponsor=named("name", **{"class": CODE}), collaborators=lists(named("name"))
                ),
                "descriptionModule": some(briefSummary=TEXT, detailedDescription=TEXT),
                "conditionsModule": some(conditions=lists(TEXT), keywords=lists(TEXT)),
                "designModule": some(
                    studyType=CODE,
                    phases=lists(CODE),
                    designInfo=some(allocation=CODE, maskingInfo=some(masking=CODE), timePerspective=CODE),
                    enrollmentInfo=some(count=st.integers(0, 2**40), type=CODE),
                ),
                "armsInterventionsModule": some(
                    armGroups=lists(named("label", description=TEXT, interventionNames=lists(TEXT))),
                    interventions=lists(named("name", type=CODE, otherNames=lists(TEXT), armGroupLabels=lists(TEXT))),
                ),
                "outcomesModule": some(primaryOutcomes=OUTCOMES, secondaryOutcomes=OUTCOMES, otherOutcomes=OUTCOMES),
                "eligibilityModule": some(
                    eligibilityCriteria=TEXT,
                    healthyVolunteers=st.booleans(),
                    minimumAge=st.sampled_from(["18 Years", "N/A", "6 Months"]),
                    stdAges=lists(CODE),
                ),
                "contactsLocationsModule": some(
                    overallOfficials=lists(named("name", affiliation=TEXT, role=CODE)),
                    locations=lists(
                        some(facility=TEXT, city=TEXT, country=CODE, geoPoint=some(lat=st.floats(-90, 90)))
                    ),
                ),
                "referencesModule": some(references=lists(some(citation=TEXT, pmid=CODE, type=CODE))),
            },
        )
    },
    optional={
        "hasResults": st.none() | st.booleans(),
        "derivedSection": some(
            conditionBrowseModule=some(meshes=TERMS, ancestors=TERMS), interventionBrowseModule=some(meshes=TERMS)
        ),
    },
)


@given(study=STUDIES)
def test_a_trial_that_is_written_as_a_study_is_read_as_the_same_trial(study):
    trial = trial_from_study(study)
    written = study_of(trial)
    assert trial_from_study(written) == trial
    assert trial_from_study(json.loads(json.dumps(written))) == trial


@given(text=TEXT.map(plain_text))
def test_a_plain_text_that_is_written_as_markdown_is_read_as_the_same_text(text):
    assert plain_text(markdown(text)) == text


@pytest.mark.parametrize("text", ["- a\n- b", "30×10^9/L & more", "<5 mg", "snake_case [1]", "2 * 3"])
def test_a_text_without_marks_is_left_as_it_is(text):
    assert markdown(text) == text


@pytest.mark.parametrize("text", ["* a", "# a", "**a**", "&lt;", "[a](http://b)", "\\<", "a\x0cb"])
def test_what_would_be_read_as_a_mark_is_escaped(text):
    assert markdown(text) != text
    assert plain_text(markdown(text)) == text


def test_every_trial_of_the_sample_survives():
    sample = Path(trialkin.data.__file__).parent / "sample" / "trials.jsonl"
    trials = [one for one in read_trials(sample) if isinstance(one, Trial)]
    assert len(trials) == 263
    for trial in trials:
        assert trial_from_study(study_of(trial)) == trial


def within(part, whole):
    """Whether an object has nothing that another has not, texts apart that Markdown may write in two ways."""
    if isinstance(part, dict):
        return all(name in whole and within(value, whole[name]) for name, value in part.items())
    if isinstance(part, list):
        return len(part) == len(whole) and all(map(within, part, whole))
    return part == (plain_text(whole) if isinstance(whole, str) else whole)


def test_genuine_studies_keep_all_that_a_trial_holds(shared):
    for path in sorted((shared / "formats" / "api-v2").glob("NCT*.json")):
        study = json.loads(path.read_text())
        trial = trial_from_study(study)
        assert trial_from_study(study_of(trial)) == trial
        written = study_of(trial)["protocolSection"]
        for name in ("conditionsModule", "armsInterventionsModule", "outcomesModule", "designModule"):
            assert within(written.get(name, {}), study["protocolSection"].get(name, {})), (path.name, name)


def test_absent_fields_and_modules_are_left_out(make_trial):
    assert study_of(make_trial(1)) == {
        "protocolSection": {"identificationModule": {"nctId": "NCT00000001", "briefTitle": "Invented study 1"}},
        "hasResults": None,
    }


def test_a_country_without_a_site_is_a_site_of_its_own(make_trial):
    study = study_of(make_trial(1, countries=("Chad", "Peru"), locations=({"city": "Lima", "country": "Peru"},)))
    assert study["protocolSection"]["contactsLocationsModule"]["locations"] == [
        {"city": "Lima", "country": "Peru"},
        {"country": "Chad"},
    ]
    assert trial_from_study(study).countries == ("Chad", "Peru")
