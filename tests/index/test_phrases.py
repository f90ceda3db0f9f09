import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.index.phrases import Mention, Recogniser, Tokens, normal_tokens, phrase_key

ASCII = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60)


@pytest.fixture
def found():
    """What a recogniser of some phrases finds in a text: concepts with the words as they stand there."""

    def find(text, *phrases):
        recogniser = Recogniser({phrase_key(phrase): number for number, phrase in enumerate(phrases)})
        return [(one.concept, text[one.start : one.end]) for one in recogniser.mentions(text)]

    return find


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Crohn's Diseases", "crohn disease"),
        ("Crohn’s disease", "Crohn Disease"),
        ("Sjögren Syndrome", "sjogren syndrome"),
        ("IL-17A", "il 17a"),
        ("Biopsies", "biopsy"),
        ("  asthma, severe ", "Asthma (severe)"),
    ],
)
def test_spellings_of_one_phrase_have_one_key(one, other):
    assert phrase_key(one) == phrase_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("hypertension", "hypotension"), ("virus", "viru"), ("IL-17", "IL-1"), ("psoriasis", "psoria")]
)
def test_other_words_have_another_key(one, other):
    assert phrase_key(one) != phrase_key(other)


@pytest.mark.parametrize("word", ["virus", "illness", "sepsis", "gas"])
def test_an_s_that_is_no_plural_stays(word):
    assert normal_tokens(word) == [word]


def test_signs_alone_have_no_key():
    assert phrase_key("") == phrase_key(" -- _ ! ") == ""


@given(ASCII)
def test_a_key_is_its_own_key(text):
    assert phrase_key(phrase_key(text)) == phrase_key(text)


def test_the_longest_phrase_is_found_and_nothing_within_it(found):
    text = "Drugs for pulmonary arterial hypertension and hypertension"
    assert found(text, "hypertension", "pulmonary arterial hypertension", "arterial") == [
        (1, "pulmonary arterial hypertension"),
        (0, "hypertension"),
    ]


def test_a_phrase_that_breaks_off_is_not_found_but_a_shorter_one_is(found):
    assert found("pulmonary arterial disease", "pulmonary arterial hypertension", "arterial") == [(1, "arterial")]
    assert found("the end of pulmonary arterial", "pulmonary arterial hypertension") == []


def test_words_are_matched_whole(found):
    assert found("antihypertensive hypertensions", "hypertension") == [(0, "hypertensions")]


def test_mentions_are_given_as_they_stand_in_the_text(found):
    text = "In  CROHN'S   Diseases (and in Sjögren’s syndrome), biologics."
    assert found(text, "crohn disease", "sjogren syndrome", "biologic") == [
        (0, "CROHN'S   Diseases"),
        (1, "Sjögren’s syndrome"),
        (2, "biologics"),
    ]


def test_a_possessive_s_at_the_end_belongs_to_no_mention(found):
    assert found("Crohn's", "crohn") == [(0, "Crohn")]


def test_every_mention_is_told_with_its_place():
    recogniser = Recogniser({"asthma": 7})
    assert list(recogniser.mentions("asthma or Asthma")) == [Mention(7, 0, 6), Mention(7, 10, 16)]


def test_what_something_is_not_is_no_mention():
    recogniser = Recogniser({"hodgkin lymphoma": 1, "non hodgkin lymphoma": 2, "lymphoma": 3, "cell carcinoma": 4})
    assert recogniser.concepts(Tokens(["hodgkin", "lymphoma", "and", "non", "hodgkin", "lymphoma"], ())) == [1, 2]
    assert recogniser.concepts(Tokens(["non", "cell", "carcinoma", "or", "non", "aggressive", "lymphoma"], ())) == [3]


@given(ASCII, st.lists(ASCII, max_size=5))
def test_mentions_do_not_overlap_and_say_what_they_stand_for(text, phrases):
    known = {key: n for n, one in enumerate(phrases) if (key := phrase_key(one))}
    end = 0
    for one in Recogniser(known).mentions(text):
        assert end <= one.start < one.end <= len(text)
        assert known[phrase_key(text[one.start : one.end])] == one.concept
        end = one.end
