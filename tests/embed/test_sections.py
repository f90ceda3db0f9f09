from trialkin.data.trial import ArmGroup, Intervention, Outcome
from trialkin.embed import Section, section_texts


def test_a_trial_of_a_title_alone_has_one_section(make_trial):
    assert section_texts(make_trial(brief_title="Moon dust")) == {Section.TITLE: "Moon dust"}


def test_the_title_joins_both_titles_unless_they_say_the_same(make_trial):
    assert section_texts(make_trial(brief_title="Moon Dust", official_title="Dust in Adults")) == {
        Section.TITLE: "Moon Dust. Dust in Adults"
    }
    assert section_texts(make_trial(brief_title="Moon Dust", official_title="MOON DUST")) == {
        Section.TITLE: "Moon Dust"
    }


def test_an_acronym_is_the_title_only_where_there_is_no_other(make_trial):
    assert section_texts(make_trial(brief_title=None, acronym="LUNA")) == {Section.TITLE: "LUNA"}
    assert section_texts(make_trial(brief_title="Moon", acronym="LUNA")) == {Section.TITLE: "Moon"}


def test_a_trial_without_any_text_has_no_section(make_trial):
    assert section_texts(make_trial(brief_title=None, acronym="")) == {}


def test_every_section_is_made_of_its_own_fields_in_the_order_of_the_columns(make_trial):
    trial = make_trial(
        brief_title="Moon dust",
        brief_summary="A summary.",
        detailed_description="A description.",
        conditions=["Hiccups", "Sneezing"],
        keywords=["hiccups", "dust"],
        interventions=[
            Intervention(name="Dust", other_names=["Regolith"], description="5 mg"),
            Intervention(name="Placebo"),
        ],
        arm_groups=[ArmGroup(label="Low", description="5 mg a day"), ArmGroup(label="None")],
        primary_outcomes=[Outcome(measure="Hiccups", time_frame="1 hour", description="counted")],
        secondary_outcomes=[Outcome(measure="Sneezes")],
        other_outcomes=[Outcome(measure="Yawns")],
        eligibility_criteria="Adults",
        phases=["PHASE1", "PHASE2"],
        study_type="INTERVENTIONAL",
        allocation="NON_RANDOMIZED",
        primary_purpose="TREATMENT",
        masking="DOUBLE",
    )
    found = section_texts(trial)
    assert list(found) == list(Section)
    assert found == {
        "title": "Moon dust",
        "summary": "A summary.",
        "description": "A description.",
        "conditions": "Hiccups; Sneezing; dust",
        "interventions": "Dust, Regolith: 5 mg. Placebo",
        "arms": "Low: 5 mg a day. None",
        "outcomes": "Hiccups, 1 hour. Sneezes",
        "eligibility": "Adults",
        "design": "phase 1, phase 2, interventional, non randomized, treatment purpose, double masking",
    }


def test_a_phase_that_does_not_apply_is_no_part_of_the_design(make_trial):
    assert Section.DESIGN not in section_texts(make_trial(phases=["NA"]))
    assert section_texts(make_trial(phases=["NA"], study_type="OBSERVATIONAL"))[Section.DESIGN] == "observational"
    assert section_texts(make_trial(phases=["EARLY_PHASE1"]))[Section.DESIGN] == "early phase 1"
