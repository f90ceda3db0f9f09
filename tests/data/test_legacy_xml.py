import io

import pytest

from support.legacy_xml import RICH, read, study, trial_of
from trialkin.data import Trial
from trialkin.data.legacy_xml import FIELDS, read_xml
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


def test_every_element_that_is_carried_reaches_its_field():
    (part,) = read(RICH)
    trial = part.trial
    assert (trial.nct_id, trial.nct_id_aliases, trial.org_study_id) == ("NCT01234567", ("NCT07654321",), "MOON-1")
    assert trial.secondary_ids == (SecondaryId(id="2020-1"), SecondaryId(id="LUNAR-7"))
    assert (trial.brief_title, trial.acronym) == ("Moon Dust for Hiccups", "LUNA")
    assert trial.official_title == "Moon Dust <5 mg in Adults With Hiccups"
    assert trial.organization == Sponsor(name="Sea of Tranquility Clinic")
    assert (trial.overall_status, trial.why_stopped) == ("ACTIVE_NOT_RECRUITING", "The dust ran out")
    assert trial.start_date == StudyDate(date="2021-03-02", type="ACTUAL")
    assert trial.completion_date == StudyDate(date="2022-04", type="ESTIMATED")
    assert trial.primary_completion_date == StudyDate(date="2022-03", type="ESTIMATED")
    assert (trial.study_first_post_date, trial.last_update_post_date) == ("2021-01-04", "2022-05-06")
    assert trial.has_results is True
    assert trial.lead_sponsor == Sponsor(name="Apollo & Daughters", class_="INDUSTRY")
    assert trial.collaborators == (Sponsor(name="Craters United", class_="FED"), Sponsor(name="Lunar Sea Society"))
    assert trial.brief_summary == "Whether moon dust stops hiccups.\n\nIt is swallowed."
    assert trial.detailed_description == "Twice a day, with water."
    assert (trial.conditions, trial.keywords) == (("Hiccups", "Hiccups, Chronic"), ("dust", "lunar"))
    assert (trial.study_type, trial.phases) == ("INTERVENTIONAL", ("PHASE1", "PHASE2"))
    assert (trial.allocation, trial.intervention_model) == ("RANDOMIZED", "CROSSOVER")
    assert (trial.primary_purpose, trial.masking) == ("SUPPORTIVE_CARE", "DOUBLE")
    assert (trial.enrollment_count, trial.enrollment_type) == (42, "ACTUAL")
    assert trial.arm_groups == (
        ArmGroup(
            label="Dust",
            type="ACTIVE_COMPARATOR",
            description="Fine dust",
            intervention_names=("Drug: Moon dust", "Dietary Supplement: Water"),
        ),
        ArmGroup(label="Sand", type="SHAM_COMPARATOR", intervention_names=("Dietary Supplement: Water",)),
    )
    assert trial.interventions == (
        Intervention(
            name="Moon dust",
            type="DRUG",
            description="5 mg",
            arm_group_labels=("Dust",),
            other_names=("Regolith", "LD-5"),
        ),
        Intervention(name="Water", type="DIETARY_SUPPLEMENT", arm_group_labels=("Dust", "Sand")),
    )
    assert trial.primary_outcomes == (
        Outcome(measure="Hiccups a minute", time_frame="1 hour", description="Counted twice.\nBy ear."),
    )
    assert (trial.secondary_outcomes, trial.other_outcomes) == (
        (Outcome(measure="Sneezes"),),
        (Outcome(measure="Yawns"),),
    )
    assert trial.eligibility_criteria == (
        "Inclusion Criteria:\n\n- hiccups for 30 seconds\n- one of:\n  1. thirst\n  2. hunger\n\n"
        "Exclusion Criteria:\n\n- asthma"
    )
    assert (trial.sex, trial.healthy_volunteers, trial.std_ages) == ("ALL", True, ("CHILD", "ADULT"))
    assert (trial.minimum_age, trial.maximum_age) == ("6 Months", "64 Years")
    assert (trial.minimum_age_years, trial.maximum_age_years) == (0.5, 64)
    assert trial.overall_officials == (
        Official(name="Selene M. Crater, MD", affiliation="Base 2", role="STUDY_CHAIR"),
        Official(name="Ada Rim, PhD"),
    )
    assert trial.locations == (
        Site(
            facility="Base 2",
            status="ENROLLING_BY_INVITATION",
            city="Oslo",
            state="Oslo County",
            zip="0150",
            country="Norway",
        ),
        Site(country="Ecuador"),
    )
    assert trial.countries == ("Ecuador", "Norway")
    assert trial.references == (
        Reference(citation="Selene A. Dust. 2019.", pmid="12345", type="BACKGROUND"),
        Reference(citation="Selene A. More dust. 2023.", type="RESULT"),
    )
    assert (trial.condition_meshes, trial.intervention_meshes) == ((MeshTerm(term="Hiccup"),), (MeshTerm(term="Dust"),))


def test_the_invented_record_leaves_no_carried_field_empty_but_those_of_observational_studies():
    (part,) = read(RICH)
    assert part.fields == FIELDS
    empty = {name for name in Trial.model_fields if getattr(part.trial, name) in (None, ())}
    assert empty == {"observational_model", "time_perspective"} | (set(Trial.model_fields) - FIELDS)
    assert set(Trial.model_fields) - FIELDS == {"absent_since", "condition_ancestors", "intervention_ancestors"}


def test_an_observational_design_is_read():
    trial = trial_of(
        "<study_type>Observational [Patient Registry]</study_type><study_design_info><observational_model>Case-Control"
        "</observational_model><time_perspective>Cross-Sectional</time_perspective></study_design_info>"
    )
    assert (trial.study_type, trial.observational_model) == ("OBSERVATIONAL", "CASE_CONTROL")
    assert (trial.time_perspective, trial.masking) == ("CROSS_SECTIONAL", None)


def design(text):
    trial = trial_of(f"<study_design>{text}</study_design>")
    names = ("allocation", "intervention_model", "observational_model", "time_perspective", "primary_purpose")
    return {name: value for name in (*names, "masking") if (value := getattr(trial, name)) is not None}


def test_the_older_design_in_one_string_is_read_by_its_labels():
    assert design(
        "Allocation:  Non-Randomized, Endpoint Classification:  Safety/Efficacy Study, Intervention Model:  Single "
        "Group Assignment, Masking: Double Blind (Subject, Caregiver, Investigator), Primary Purpose: Basic Science"
    ) == {
        "allocation": "NON_RANDOMIZED",
        "intervention_model": "SINGLE_GROUP",
        "masking": "DOUBLE",
        "primary_purpose": "BASIC_SCIENCE",
    }
    assert design("Observational Model: Cohort, Time Perspective: Prospective") == {
        "observational_model": "COHORT",
        "time_perspective": "PROSPECTIVE",
    }


def test_the_oldest_design_is_read_by_its_words():
    assert design("Treatment, Randomized, Open Label, Uncontrolled, Parallel Assignment, Safety/Efficacy Study") == {
        "allocation": "RANDOMIZED",
        "intervention_model": "PARALLEL",
        "masking": "NONE",
        "primary_purpose": "TREATMENT",
    }
    assert design("Case Control, Retrospective") == {
        "observational_model": "CASE_CONTROL",
        "time_perspective": "RETROSPECTIVE",
    }


def test_without_days_of_posting_those_of_submission_stand_in():
    older = "<firstreceived_date>May 4, 2004</firstreceived_date><lastchanged_date>June 5, 2005</lastchanged_date>"
    assert (trial_of(older).study_first_post_date, trial_of(older).last_update_post_date) == (
        "2004-05-04",
        "2005-06-05",
    )
    both = older + '<last_update_posted type="Estimate">June 7, 2005</last_update_posted>'
    assert trial_of(both).last_update_post_date == "2005-06-07"


@pytest.mark.parametrize(
    ("youngest", "oldest", "groups"),
    [
        ("N/A", "N/A", ("CHILD", "ADULT", "OLDER_ADULT")),
        ("18 Years", "N/A", ("ADULT", "OLDER_ADULT")),
        ("18 Years", "64 Years", ("ADULT",)),
        ("18 Years", "65 Years", ("ADULT", "OLDER_ADULT")),
        ("N/A", "17 Years", ("CHILD",)),
        ("0 Years", "18 Years", ("CHILD", "ADULT")),
        ("65 Years", "80 Years", ("OLDER_ADULT",)),
        ("2 Days", "11 Months", ("CHILD",)),
    ],
)
def test_age_groups_follow_from_the_limits_and_not_applicable_is_no_limit(youngest, oldest, groups):
    trial = trial_of(
        f"<eligibility><minimum_age>{youngest}</minimum_age><maximum_age>{oldest}</maximum_age></eligibility>"
    )
    assert trial.std_ages == groups
    assert (trial.minimum_age, trial.maximum_age) == tuple(None if age == "N/A" else age for age in (youngest, oldest))


@pytest.mark.parametrize(
    ("given", "read_as"),
    [("Accepts Healthy Volunteers", True), ("Yes", True), ("No", False), ("", None)],
)
def test_whether_healthy_people_may_join_is_read(given, read_as):
    volunteers = f"<eligibility><healthy_volunteers>{given}</healthy_volunteers></eligibility>"
    assert trial_of(volunteers).healthy_volunteers is read_as


def test_a_record_of_an_id_alone_is_a_trial_with_everything_else_empty():
    assert trial_of("") == Trial(nct_id="NCT00000001", has_results=False)


@pytest.mark.parametrize(
    ("wrapped", "unwrapped"),
    [
        ("\n      One line\n      and its end.\n    ", "One line and its end."),
        ("  One.\n\n\n  Two.\n  Still two.\n", "One.\n\nTwo. Still two."),
        ("  Both:\n\n    -  one\n       more\n\n    -  two\n\n  After.", "Both:\n\n- one more\n- two\n\nAfter."),
        ("  Close:\n    -  one\n    -  two", "Close:\n\n- one\n- two"),
        ("  -  a\n\n       -  b\n\n            -  c\n\n       -  d\n\n  -  e", "- a\n  - b\n    - c\n  - d\n- e"),
        ("  1. a\n\n  2. b\n     c\n\n  10. d", "1. a\n2. b c\n10. d"),
        ("  Monday\n  - Friday, at least\n  2. 5 mg", "Monday - Friday, at least 2. 5 mg"),
        ("  -  a\n\n     More of a.\n\n  -  b", "- a\n\nMore of a.\n\n- b"),
        (" \n \n", None),
    ],
)
def test_wrapped_text_becomes_paragraphs_and_items(wrapped, unwrapped):
    for ends in ("\n", "&#xD;\n"):
        text = wrapped.replace("\n", ends)
        assert trial_of(f"<brief_summary><textblock>{text}</textblock></brief_summary>").brief_summary == unwrapped


def test_the_inner_id_counts_whatever_the_file_is_called():
    (part,) = read_xml(io.BytesIO(study(number=5).encode()), "NCT00000009.xml")
    assert part.trial.nct_id == "NCT00000005"


def test_several_records_inside_another_root_are_read_in_order():
    text = f"<search_results count='2'><query/>{study(number=1)}<group>{study(number=2)}</group></search_results>"
    assert [part.trial.nct_id for part in read(text)] == ["NCT00000001", "NCT00000002"]


def test_other_encodings_that_the_file_names_are_read():
    text = '<?xml version="1.0" encoding="{}"?>' + study("<brief_title>Größe</brief_title>")
    for encoding in ("UTF-8", "ISO-8859-1", "UTF-16"):
        (part,) = read(text.format(encoding).encode(encoding))
        assert part.trial.brief_title == "Größe"
