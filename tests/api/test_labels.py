import pytest

from trialkin.api.labels import code_label, phase_label


@pytest.mark.parametrize(
    ("phases", "label"),
    [
        ((), "–"),
        (("NA",), "–"),
        (("PHASE2",), "2"),
        (("PHASE2", "PHASE3"), "2/3"),
        (("EARLY_PHASE1",), "early 1"),
        (("PHASE4",), "4"),
    ],
)
def test_phases_are_written_as_numbers_with_a_dash_for_none(phases, label):
    assert phase_label(phases) == label


def test_a_phase_that_the_registry_may_add_is_shown_as_it_is():
    assert phase_label(["PHASE5"]) == "PHASE5"


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("ACTIVE_NOT_RECRUITING", "Active not recruiting"),
        ("COMPLETED", "Completed"),
        ("NA", "Not applicable"),
        (None, "–"),
        ("", "–"),
    ],
)
def test_codes_are_written_as_words_with_a_dash_for_none(code, label):
    assert code_label(code) == label
