import pytest

from trialkin.index.controls import is_control
from trialkin.index.dictionary import Kind, learn
from trialkin.index.phrases import phrase_key

CONTROLS = (
    "Placebo",
    "Matching placebo tablets",
    "Sham acupuncture",
    "Normal Saline",
    "Usual Care",
    "Waitlist control",
)
TREATMENTS = ("Hypertonic Saline", "Iguratimod", "Cognitive Therapy", "Standard-dose rituximab")


@pytest.mark.parametrize("name", CONTROLS)
def test_what_trials_only_compare_with_is_a_control(name):
    assert is_control(phrase_key(name))


@pytest.mark.parametrize("name", TREATMENTS)
def test_a_treatment_is_none(name):
    assert not is_control(phrase_key(name))


def test_no_control_is_learnt_as_an_intervention():
    row = {
        **dict.fromkeys(("briefTitle", "officialTitle", "briefSummary", "conditions")),
        **dict.fromkeys(("conditionMeshes", "interventionMeshes"), ()),
        "interventions": [{"name": name, "otherNames": []} for name in (*CONTROLS, *TREATMENTS)],
    }
    assert set(learn([row, row]).dictionaries[Kind.INTERVENTION].phrases) == {phrase_key(name) for name in TREATMENTS}
