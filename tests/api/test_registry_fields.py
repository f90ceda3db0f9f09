"""The registry's names of fields: which parts of a study they keep."""

import csv
import difflib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.api.registry_fields import GROUPS, PIECES, kept, wanted_parts
from trialkin.api.registry_pieces import NOT_HELD
from trialkin.data import Trial
from trialkin.data.study_json import trial_from_study
from trialkin.data.study_of_trial import study_of
from trialkin.errors import UsageError

FULL = Trial.model_validate(
    {
        "nctId": "NCT00000001",
        "nctIdAliases": ["NCT00000002"],
        "orgStudyId": "A-1",
        "secondaryIds": [{"id": "B", "type": "OTHER", "domain": "C"}],
        "organization": {"name": "Moon Clinic", "class": "OTHER"},
        "briefTitle": "Dust for hiccups",
        "officialTitle": "Dust for hiccups in adults",
        "acronym": "DUST",
        "overallStatus": "TERMINATED",
        "whyStopped": "No dust",
        "startDate": {"date": "2020-01", "type": "ACTUAL"},
        "primaryCompletionDate": {"date": "2021", "type": "ACTUAL"},
        "completionDate": {"date": "2021", "type": "ACTUAL"},
        "studyFirstPostDate": "2020-02-01",
        "lastUpdatePostDate": "2021-02-01",
        "hasResults": True,
        "leadSponsor": {"name": "Moon Clinic", "class": "OTHER"},
        "collaborators": [{"name": "Craters", "class": "NETWORK"}],
        "briefSummary": "Dust is given.",
        "detailedDescription": "Twice a day.",
        "conditions": ["Hiccups"],
        "keywords": ["dust"],
        "studyType": "INTERVENTIONAL",
        "phases": ["PHASE2"],
        "allocation": "RANDOMIZED",
        "interventionModel": "PARALLEL",
        "observationalModel": "COHORT",
        "timePerspective": "PROSPECTIVE",
        "primaryPurpose": "TREATMENT",
        "masking": "DOUBLE",
        "enrollmentCount": 7,
        "enrollmentType": "ACTUAL",
        "armGroups": [{"label": "A", "type": "OTHER", "description": "B", "interventionNames": ["Drug: Dust"]}],
        "interventions": [
            {"name": "Dust", "type": "DRUG", "description": "C", "armGroupLabels": ["A"], "otherNames": ["Grit"]}
        ],
        **{
            f"{kind}Outcomes": [{"measure": kind, "description": "D", "timeFrame": "1 hour"}]
            for kind in ("primary", "secondary", "other")
        },
        "eligibilityCriteria": "Hiccups",
        "healthyVolunteers": False,
        "sex": "ALL",
        "minimumAge": "18 Years",
        "maximumAge": "65 Years",
        "stdAges": ["ADULT"],
        "overallOfficials": [{"name": "E", "affiliation": "F", "role": "STUDY_CHAIR"}],
        "locations": [
            {
                "facility": "G",
                "status": "RECRUITING",
                "city": "Oslo",
                "state": "Viken",
                "zip": "1",
                "country": "Norway",
                "lat": 59.9,
                "lon": 10.7,
            }
        ],
        "references": [{"pmid": "1", "type": "RESULT", "citation": "H"}],
        **{
            f"{kind}{what}": [{"term": "I", "id": "D1"}]
            for kind in ("condition", "intervention")
            for what in ("Meshes", "Ancestors")
        },
    }
)
STUDY = study_of(FULL)


def leaves(value):
    if isinstance(value, dict):
        return sum(map(leaves, value.values()))
    return sum(map(leaves, value)) if isinstance(value, list) else 1


@pytest.mark.parametrize("piece", PIECES)
def test_every_piece_gives_a_part_of_a_full_study_and_names_the_field_that_has_it(piece):
    tree, fields = wanted_parts([piece])
    part = kept(STUDY, tree)
    assert leaves(part) == (2 if piece == "LocationGeoPoint" else 1), part
    of_fields = FULL.model_copy(
        update={
            name: field.get_default()
            for name, field in Trial.model_fields.items()
            if field.alias not in (*fields, "nctId")
        }
    )
    assert kept(study_of(of_fields), tree) == part


def test_all_pieces_together_are_the_whole_study():
    tree, fields = wanted_parts(list(PIECES))
    assert kept(STUDY, tree) == STUDY
    own = {"minimumAgeYears", "maximumAgeYears", "countries", "absentSince"}
    assert set(fields) == {field.alias for field in Trial.model_fields.values()} - own


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_gives_what_lies_under_its_path(group):
    part = kept(STUDY, wanted_parts([group])[0])
    expected = STUDY
    for name in GROUPS[group].split("."):
        expected, part = expected[name], part[name]
    assert part == expected


@pytest.mark.parametrize(
    "name",
    ["BriefTitle", "brieftitle", "protocolSection.identificationModule.briefTitle", "IdentificationModule.briefTitle"],
)
def test_a_field_is_named_by_piece_or_path_in_any_letter_case(name):
    assert kept(STUDY, wanted_parts([name])[0]) == {
        "protocolSection": {"identificationModule": {"briefTitle": "Dust for hiccups"}}
    }


@given(names=st.lists(st.sampled_from([*PIECES, *GROUPS, *PIECES]), max_size=6))
def test_fields_together_give_what_each_gives_and_no_more(names):
    together = kept(STUDY, wanted_parts(names)[0])
    assert together == kept(STUDY, wanted_parts(names[::-1])[0])
    for name in names:
        tree, _ = wanted_parts([name])
        assert kept(together, tree) == kept(STUDY, tree)
    assert leaves(together) <= sum(leaves(kept(STUDY, wanted_parts([name])[0])) for name in names)


@pytest.mark.parametrize(
    "name", [*sorted(NOT_HELD), "resultsSection.outcomeMeasuresModule", "protocolSection.oversightModule"]
)
def test_what_the_registry_has_and_a_trial_does_not_is_absent(name):
    assert wanted_parts([name]) == ({}, [])
    assert kept(STUDY, wanted_parts([name, "NCTId"])[0]) == {
        "protocolSection": {"identificationModule": {"nctId": "NCT00000001"}}
    }


@pytest.mark.parametrize("name", ["BreifTitle", "protocolSection.x", "protocol", "x.briefTitle", ".", "nctId."])
def test_a_field_that_no_study_has_is_refused(name):
    with pytest.raises(UsageError, match="A study has no field"):
        wanted_parts(["NCTId", name])


def test_every_field_that_a_client_knows_is_known():
    client = pytest.importorskip("pytrials")
    with Path(client.study_fields).open() as file:
        names = {name for row in csv.DictReader(file) for name in row["Included Data Fields"].split("|")}
    assert len(names) > 40
    wanted_parts(sorted(names))


def test_pieces_that_are_held_are_not_among_those_that_are_not():
    assert not set(PIECES) & NOT_HELD
    assert not set(GROUPS) & NOT_HELD


def test_a_study_is_read_again_as_the_same_trial():
    assert trial_from_study(STUDY).model_copy(update={"countries": ()}) == FULL.model_copy(
        update={"minimum_age_years": 18.0, "maximum_age_years": 65.0}
    )


def test_a_near_name_is_suggested():
    with pytest.raises(UsageError) as refused:
        wanted_parts(["BreifTitle"])
    assert difflib.get_close_matches("BreifTitle", ["BriefTitle"])[0] in refused.value.hint
