import numpy as np
import pytest

from trialkin.index.design import DesignTable, design, design_of_text, phase_words, write_designs

PHASE_2_TREATMENT = {"study_type": "INTERVENTIONAL", "primary_purpose": "TREATMENT", "phases": ("PHASE2",)}

ALL_PHASES = ("EARLY_PHASE1", "PHASE1", "PHASE2", "PHASE3", "PHASE4")


@pytest.fixture
def agreement(tmp_path, make_trial):
    """How the designs of some trials agree with the first one's."""

    def compare(*fields):
        rows = [design(make_trial(number, **one)) for number, one in enumerate(fields, start=1)]
        write_designs(tmp_path, rows)
        table = DesignTable(tmp_path)
        assert [table.of_row(row) for row in range(len(rows))] == rows
        return table.agreement(rows[0], np.arange(1, len(rows), dtype=np.int32)).tolist()

    return compare


def test_a_trial_of_the_same_design_agrees_in_full(agreement):
    assert agreement(PHASE_2_TREATMENT, PHASE_2_TREATMENT) == [1.0]


def test_a_trial_that_differs_in_all_parts_disagrees_in_full(agreement):
    other = {"study_type": "OBSERVATIONAL", "primary_purpose": "PREVENTION", "phases": ("PHASE3",)}
    assert agreement(PHASE_2_TREATMENT, other) == [-1.0]


def test_each_part_counts_alike(agreement):
    one = PHASE_2_TREATMENT | {"phases": ("PHASE3",)}
    two = one | {"primary_purpose": "SCREENING"}
    assert agreement(PHASE_2_TREATMENT, one, two) == pytest.approx([1 / 3, -1 / 3])


def test_parts_that_either_leaves_open_count_neither_way(agreement):
    assert agreement(PHASE_2_TREATMENT, {"phases": ("PHASE2",)}, {"study_type": "OBSERVATIONAL"}, {}) == [1, -1, 0]
    assert agreement({}, PHASE_2_TREATMENT, {}) == [0, 0]


def test_trials_of_several_phases_agree_where_one_is_shared(agreement):
    assert agreement({"phases": ("PHASE1", "PHASE2")}, {"phases": ("PHASE2", "PHASE3")}, {"phases": ("PHASE3",)}) == [
        1,
        -1,
    ]


def test_codes_that_say_nothing_or_are_new_are_open(make_trial):
    trial = make_trial(study_type="NEW_TYPE", primary_purpose="NEW_PURPOSE", phases=("NA", "PHASE9"))
    assert design(trial) == design(make_trial()) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("A Randomised Trial of A", {"study_type": "INTERVENTIONAL", "allocation": "RANDOMIZED"}),
        ("Patients are randomly assigned to A or B.", {"study_type": "INTERVENTIONAL", "allocation": "RANDOMIZED"}),
        ("A registry of X, with a randomized substudy", {"study_type": "INTERVENTIONAL", "allocation": "RANDOMIZED"}),
        ("A Retrospective Study of A", {"study_type": "OBSERVATIONAL"}),
        ("An observational cohort study in X", {"study_type": "OBSERVATIONAL"}),
        ("A non-randomized trial of A", {}),
        ("This is not a randomised trial.", {}),
        ("Random glucose in X", {}),
    ],
)
def test_words_tell_the_design_of_a_record_without_codes(make_trial, text, told):
    for field in ("brief_title", "official_title", "brief_summary", "detailed_description"):
        record = {"brief_title": "A in X", field: text}
        assert design(make_trial(**record)) == design(make_trial(**told))


@pytest.mark.parametrize("text", ["Children were randomly assigned", "A registry of burns", "Iguratimod in ITP"])
def test_a_text_tells_its_design_as_a_record_without_codes_does(make_trial, text):
    assert design_of_text(text) == design(make_trial(1, brief_title=text))


@pytest.mark.parametrize(
    ("text", "phases"),
    [
        ("phase 3 melanoma", {"PHASE3": "phase 3"}),
        ("Phase II/III trials", {"PHASE2": "Phase II/III", "PHASE3": "Phase II/III"}),
        ("phase 1 or phase 2", {"PHASE1": "phase 1 or phase 2", "PHASE2": "phase 1 or phase 2"}),
        ("a phase IIb study, then Phase-3", {"PHASE2": "phase IIb", "PHASE3": "Phase-3"}),
        ("early phase 1, phase 0", {"EARLY_PHASE1": "early phase 1"}),
        ("phase IV", {"PHASE4": "phase IV"}),
        ("the luteal phase in 3 women, phase 10, chronic-phase", {}),
    ],
)
def test_phases_are_read_as_texts_write_them(text, phases):
    assert phase_words(text) == phases
    assert design_of_text(text)[2] == sum(1 << sorted(ALL_PHASES).index(one) for one in phases)


def test_codes_go_before_words(make_trial):
    coded = {"study_type": "OBSERVATIONAL", "brief_summary": "After a randomised trial."}
    assert design(make_trial(**coded)) == design(make_trial(study_type="OBSERVATIONAL"))


def test_randomised_trials_agree_and_others_do_not(agreement):
    one, observed = {"brief_summary": "They are randomised."}, {"brief_summary": "A retrospective look at A."}
    coded = {"study_type": "INTERVENTIONAL", "allocation": "RANDOMIZED"}
    single = {"study_type": "INTERVENTIONAL", "allocation": "NA"}
    assert agreement(one, one, coded, single, observed, {}) == [1, 1, 0, -1, 0]


def test_every_known_code_is_its_own(make_trial):
    purposes = ("TREATMENT", "PREVENTION", "DIAGNOSTIC", "SUPPORTIVE_CARE", "SCREENING", "BASIC_SCIENCE", "OTHER")
    phases = ("EARLY_PHASE1", "PHASE1", "PHASE2", "PHASE3", "PHASE4")
    assert len({design(make_trial(primary_purpose=one)) for one in purposes}) == len(purposes)
    assert len({design(make_trial(phases=(one,))) for one in phases}) == len(phases)
    assert design(make_trial(phases=phases[::-1])) == design(make_trial(phases=phases))
