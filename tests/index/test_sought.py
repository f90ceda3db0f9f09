import re

from hypothesis import given
from hypothesis import strategies as st

from trialkin.index.person import Person, Sex
from trialkin.index.sought import sought

PIECES = [
    "asthma",
    "no ",
    "without ",
    "are there trials for ",
    "A 45-year-old man with ",
    ". ",
    "\n",
    "her mother had ",
    "é, ",
    "or ",
]


def conditions(text):
    return ((at, at + 6) for at in range(len(text)) if text.startswith("asthma", at))


def test_what_is_denied_and_what_only_asks_are_not_looked_for():
    found = sought("Are there trials for a 60-year-old man with gout and no  history of asthma?", conditions)
    assert found.text.split() == ["gout", "and", "no", "history", "of", "asthma?"]  # two spaces: no phrase
    found = sought("Are there trials for a 60-year-old man with gout and no history of asthma?", conditions)
    assert found.text.split() == ["gout", "and", "?"]
    assert (found.denied, found.person) == (["no history of asthma"], Person(60, Sex.MALE))
    assert sought("gout", conditions).person is None


def test_a_pregnancy_that_is_denied_is_none():
    def pregnancies(text):
        return ((found.start(), found.end()) for found in re.finditer("pregnant", text))

    assert sought("A 30-year-old woman with gout. She is pregnant.", pregnancies).person.pregnant
    assert not sought("A 30-year-old woman with gout. She is not pregnant.", pregnancies).person.pregnant


def test_a_text_of_which_nothing_would_be_left_is_looked_for_as_it_stands():
    for text in ("no asthma", "clinical trials", "A 45-year-old woman"):
        found = sought(text, conditions)
        assert (found.text, list(found.denied)) == (text, [])


@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=12).map("".join))
def test_what_is_looked_for_stands_where_it_stood(text):
    found = sought(text, conditions)
    assert len(found.text) == len(text)
    assert all(one in (two, "\n") for one, two in zip(found.text, text, strict=True))
    assert any(map(str.isalnum, found.text)) or not any(map(str.isalnum, text))
    assert all(one in " ".join(text.split()) for one in found.denied)
