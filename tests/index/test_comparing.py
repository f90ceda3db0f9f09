from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from trialkin.data import Trial
from trialkin.data.trial import ArmGroup, Intervention, MeshTerm, Outcome, Site, Sponsor, StudyDate
from trialkin.index.comparing import compare
from trialkin.index.comparison import Comparison, CriterionKind, Relation

PARTS = {"text": "text", "measure": "measure", "timeFrame": "time_frame", "name": "name", "description": "description"}
SECTIONS = ("conditions", "interventions", "arms", "primary_outcomes", "secondary_outcomes", "eligibility")
MIRRORED = {
    **{one: one for one in (Relation.SAME, Relation.OVERLAPPING, Relation.DIFFERENT)},
    Relation.FIRST_ONLY: Relation.SECOND_ONLY,
    Relation.SECOND_ONLY: Relation.FIRST_ONLY,
}


def with_criteria(make_trial, first, second):
    return compare(make_trial(1, eligibility_criteria=first), make_trial(2, eligibility_criteria=second)).eligibility


def quoted(pair):
    def cut(item, mark, span):
        return None if span is None else getattr(item, PARTS[mark.part])[span.start : span.end]

    return [
        (one.relation, cut(pair.first, one, one.first), cut(pair.second, one, one.second)) for one in pair.thresholds
    ]


def test_criteria_on_one_matter_are_paired_and_the_changed_threshold_is_marked(make_trial):
    first = "Inclusion Criteria:\n- Platelets <30×10⁹/L\n- Adults\nExclusion Criteria:\n- Splenectomy within 4 weeks"
    second = (
        "Exclusion Criteria:\n- Prior splenectomy within 2 weeks\nInclusion Criteria:\n- Platelet count < 20 x 10^9/L"
    )
    found = with_criteria(make_trial, first, second)
    assert [(one.first.text, one.second.text) for one in found.pairs] == [
        ("Platelets <30×10⁹/L", "Platelet count < 20 x 10^9/L"),
        ("Splenectomy within 4 weeks", "Prior splenectomy within 2 weeks"),
    ]
    assert [quoted(one) for one in found.pairs] == [
        [(Relation.DIFFERENT, "<30×10⁹/L", "< 20 x 10^9/L")],
        [(Relation.DIFFERENT, "within 4 weeks", "within 2 weeks")],
    ]
    assert [one.text for one in found.first_only] == ["Adults"]
    assert found.second_only == ()


def test_the_same_criterion_in_another_spelling_is_the_same(make_trial):
    found = with_criteria(
        make_trial,
        "Inclusion Criteria:\n- Patients with platelets <30×10⁹/L",
        "Inclusion Criteria:\n- Platelets less than 30,000/mm3",
    )
    assert [(one.relation, one.differing) for one in found.pairs] == [(Relation.SAME, ())]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("HIV infection", "No HIV infection"),
        ("Response to steroids", "Resistance to steroids"),
        ("Type 1 diabetes mellitus", "Type 2 diabetes mellitus"),
        ("Current hepatitis", "Previous hepatitis"),
    ],
)
def test_criteria_of_like_words_that_say_something_else_are_not_the_same(make_trial, first, second):
    found = with_criteria(make_trial, f"Inclusion Criteria:\n- {first}", f"Inclusion Criteria:\n- {second}")
    assert [one.differing for one in found.pairs] == [("text",)]


def test_what_one_includes_may_be_what_the_other_excludes(make_trial):
    found = with_criteria(
        make_trial,
        "Inclusion Criteria:\n- Not pregnant or nursing",
        "Exclusion Criteria:\n- Pregnancy or breastfeeding",
    )
    assert [(one.first.kind, one.second.kind) for one in found.pairs] == [
        (CriterionKind.INCLUSION, CriterionKind.EXCLUSION)
    ]
    assert "kind" in found.pairs[0].differing


def test_unrelated_criteria_are_not_paired(make_trial):
    found = with_criteria(
        make_trial, "Inclusion Criteria:\n- History of asthma", "Inclusion Criteria:\n- History of epilepsy"
    )
    assert found.pairs == ()


def test_acronyms_that_a_record_explains_are_understood(make_trial):
    first = make_trial(1, brief_title="Immune thrombocytopenia (ITP) trial", eligibility_criteria="ITP for years")
    second = make_trial(2, eligibility_criteria="Immune thrombocytopenia for years")
    assert compare(first, second).eligibility.pairs[0].relation is Relation.SAME


def test_outcomes_are_paired_with_their_time_frames(make_trial):
    first = make_trial(1, primary_outcomes=[Outcome(measure="Overall response rate", time_frame="12 weeks")])
    second = make_trial(2, primary_outcomes=[Outcome(measure="Overall response rate", time_frame="24 weeks")])
    (pair,) = compare(first, second).primary_outcomes.pairs
    assert pair.differing == ("timeFrame",)
    assert quoted(pair) == [(Relation.DIFFERENT, "12 weeks", "24 weeks")]


def test_a_trial_compared_with_its_twin_differs_in_nothing(sample_trials):
    for trial in sample_trials[:40]:
        found = compare(trial, trial.model_copy(update={"nct_id": "NCT99999999"}))
        assert {one.relation for one in found.basics} <= {Relation.SAME}
        assert found.summary.differences == ()
        for name in SECTIONS:
            section = getattr(found, name)
            assert section.first_only == section.second_only == ()
            assert {one.relation for one in section.pairs} <= {Relation.SAME}, (trial.nct_id, name)


NCT_ID = st.integers(1, 99_999_999).map("NCT{:08d}".format)
WORDS = st.sampled_from(
    [
        "rituximab",
        "low-dose rituximab 100 mg",
        "Placebo",
        "placebo of rituximab",
        "Immune Thrombocytopenia (ITP)",
        "ITP",
        "",
        "()",
        "a",
        "Arm 1",
        "≥",
        "😀 𝟛𝟘",
        "İ x 10",
        "platelets <30×10⁹/L",
        "2.5 x ULN",
        "within 4 weeks or more",
    ]
)
TEXT = st.one_of(WORDS, st.text(max_size=30))
CRITERIA = st.lists(
    st.one_of(st.sampled_from(["Inclusion Criteria:\n", "\nExclusion Criteria:", "\n- ", "\n1. ", "Age:\n"]), TEXT),
    max_size=14,
).map("".join)


def made(kind, **fields):
    return st.fixed_dictionaries(fields).map(lambda given: kind(**given))


def lists(strategy):
    return st.lists(strategy, max_size=4).map(tuple)


def optional(strategy):
    return st.one_of(st.none(), strategy)


INTERVENTIONS = made(
    Intervention,
    name=TEXT,
    type=optional(st.sampled_from(["DRUG", "DEVICE"])),
    description=optional(TEXT),
    other_names=lists(TEXT),
)
ARMS = made(
    ArmGroup,
    label=TEXT,
    type=optional(st.sampled_from(["EXPERIMENTAL", "PLACEBO_COMPARATOR"])),
    description=optional(TEXT),
    intervention_names=lists(TEXT),
)
OUTCOMES = made(Outcome, measure=TEXT, time_frame=optional(TEXT))
MESHES = made(MeshTerm, term=TEXT)
DATES = made(StudyDate, date=st.sampled_from(["2020", "2020-02", "2020-02-30"]))
TRIALS = made(
    Trial,
    nct_id=NCT_ID,
    brief_title=optional(TEXT),
    brief_summary=optional(TEXT),
    overall_status=optional(TEXT),
    start_date=optional(DATES),
    lead_sponsor=optional(made(Sponsor, name=TEXT, class_=optional(TEXT))),
    phases=lists(st.sampled_from(["NA", "PHASE1", "PHASE2"])),
    enrollment_count=optional(st.integers(0, 2**62)),
    minimum_age=optional(TEXT),
    minimum_age_years=optional(st.sampled_from([0.0, 18.0, 17.99999])),
    conditions=lists(TEXT),
    condition_meshes=lists(MESHES),
    interventions=lists(INTERVENTIONS),
    intervention_meshes=lists(MESHES),
    intervention_ancestors=lists(MESHES),
    arm_groups=lists(ARMS),
    primary_outcomes=lists(OUTCOMES),
    secondary_outcomes=lists(OUTCOMES),
    eligibility_criteria=optional(CRITERIA),
    locations=lists(made(Site, country=optional(TEXT))),
    countries=lists(TEXT),
)


def mirrored_thresholds(pair):
    return sorted(str((MIRRORED[one.relation], one.part, one.second, one.first)) for one in pair.thresholds)


@hypothesis_settings(max_examples=60)
@given(TRIALS, TRIALS)
def test_any_two_records_can_be_compared_and_exchanging_them_mirrors_the_answer(first, second):
    there, back = compare(first, second), compare(second, first)
    assert Comparison.model_validate_json(there.model_dump_json(by_alias=True)) == there
    assert [(one.field, MIRRORED[one.relation], one.second, one.first) for one in there.basics] == [
        (one.field, one.relation, one.first, one.second) for one in back.basics
    ]
    for name in SECTIONS:
        ours, theirs = getattr(there, name), getattr(back, name)
        assert (ours.first_only, ours.second_only) == (theirs.second_only, theirs.first_only)
        assert sorted(
            str((one.first, one.second, one.likeness, one.relation, one.differing, mirrored_thresholds(one)))
            for one in ours.pairs
        ) == sorted(
            str(
                (
                    *(one.second, one.first, one.likeness, one.relation, one.differing),
                    sorted(str((mark.relation, mark.part, mark.first, mark.second)) for mark in one.thresholds),
                )
            )
            for one in theirs.pairs
        )


@hypothesis_settings(max_examples=60)
@given(TRIALS, TRIALS)
def test_everything_stands_verbatim_in_its_record_and_nothing_is_lost(first, second):
    found = compare(first, second)
    listed = {
        "conditions": "conditions",
        "interventions": "interventions",
        "arms": "arm_groups",
        "primary_outcomes": "primary_outcomes",
        "secondary_outcomes": "secondary_outcomes",
    }
    for name, field in listed.items():
        section = getattr(found, name)
        ours = [*(one.first for one in section.pairs), *section.first_only]
        theirs = [*(one.second for one in section.pairs), *section.second_only]
        assert sorted(map(repr, ours)) == sorted(map(repr, getattr(first, field)))
        assert sorted(map(repr, theirs)) == sorted(map(repr, getattr(second, field)))
    for side, trial in (("first", first), ("second", second)):
        text = trial.eligibility_criteria or ""
        given_here = [getattr(one, side) for one in found.eligibility.pairs] + [
            *getattr(found.eligibility, f"{side}_only")
        ]
        assert all(text[one.start : one.start + len(one.text)] == one.text for one in given_here)
        for name in SECTIONS:
            for pair in getattr(found, name).pairs:
                item = getattr(pair, side)
                for mark in pair.thresholds:
                    if (span := getattr(mark, side)) is not None:
                        assert 0 <= span.start < span.end <= len(getattr(item, PARTS[mark.part]))


def test_genuine_trials_of_one_field_can_all_be_compared(sample_trials):
    trials = [one for one in sample_trials if one.eligibility_criteria][:25]
    for first, second in pairwise(trials):
        assert compare(first, second).first.nct_id == first.nct_id
