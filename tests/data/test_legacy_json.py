import json

import pytest

from support.legacy_json import RICH, legacy, read, response
from trialkin.data import Trial
from trialkin.data.legacy_json import FIELDS, study_of
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
