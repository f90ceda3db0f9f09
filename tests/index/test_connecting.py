import pytest

from trialkin.index.connecting import connecting


@pytest.mark.parametrize(
    ("text", "light"),
    [
        ("melanoma harboring a BRAF mutation", {"harbor", "mutat"}),
        ("NRAS-mutant melanoma", {"mutant"}),
        ("treatment-resistant depression", {"treatment"}),
        ("stroke associated with atrial fibrillation", {"associ"}),
        ("infants affected by asthma", {"affect"}),
        ("affective disorder", set()),
        ("induced labor", {"induc"}),
        ("induction of labor", set()),
        ("an affective disorder in those affected", set()),
        ("gout", set()),
        ("", set()),
    ],
)
def test_words_that_connect_count_less_unless_others_have_their_stem(text, light):
    assert connecting(text) == light
