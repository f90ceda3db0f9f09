import pytest

from trialkin.index.asked_trials import asked_trials


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("NCT07057778", ["NCT07057778"]),
        ("trials similar to nct 07057778", ["NCT07057778"]),
        ("Which studies are like NCT07057778 and NCT05302024?", ["NCT07057778", "NCT05302024"]),
        ("related clinical trials of NCT07057778, NCT07057778", ["NCT07057778"]),
        ("NCT07057778 in children", []),
        ("iguratimod, as in NCT07057778", []),
        ("trials like this one", []),
        ("NCT0705777", []),
    ],
)
def test_ids_alone_ask_for_trials_like_these(text, found):
    assert asked_trials(text) == found
