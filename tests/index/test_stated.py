import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.index.stated import stated

RELAPSED = re.compile(r"\b(relaps\w+|resistant)\b", re.IGNORECASE)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Relapsed X", ["Relapsed"]),
        ("Steroid-resistant X", ["Steroid-resistant"]),
        ("Non-relapsed X", []),
        ("Non relapsed X", []),
        ("None-relapsed X", []),
        ("Non-steroid-resistant X", []),
        ("X that is not relapsed", []),
        ("X that is not a relapsing disease", []),
        ("X that has never been resistant", []),
        ("A year without relapses", []),
        ("Patients without steroid-resistant X", []),
        ("Relapsed or not relapsed X", ["Relapsed", "relapsed"]),
        ("No relapse, then a relapse", ["relapse"]),
        ("Cannot tell relapsed from resistant X", ["relapsed", "resistant"]),
        ("Piano relapsed", ["relapsed"]),
        ("X", []),
    ],
)
def test_what_a_text_says_is_told_from_what_it_denies(text, said):
    assert list(stated(RELAPSED, text)) == said


def test_a_match_of_part_of_a_word_is_the_whole_word():
    assert list(stated(re.compile("laps"), "A pre-relapse look")) == ["pre-relapse"]
    assert list(stated(re.compile(r"\s\+\s"), "A + B")) == ["+"]


@given(st.text(alphabet="no t-relapsd/", max_size=40))
def test_what_is_said_stands_in_the_text(text):
    assert all(said and said in text for said in stated(RELAPSED, text))
