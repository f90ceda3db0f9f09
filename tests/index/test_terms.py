import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.index.terms import terms

PRINTABLE = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=60)


def test_words_lose_their_endings_case_accents_and_stop_words():
    assert terms("The Treatments of Sjögren and TREATED patients") == ["treatment", "sjogren", "treat", "patient"]


@pytest.mark.parametrize(
    ("form", "word"),
    [
        ("asthmatic", "asthma"),
        ("asthmatics", "asthma"),
        ("metastases", "metastasis"),
        ("Metastatic", "metastases"),
        ("ischaemic", "ischemia"),
        ("pregnant women", "woman pregnancies"),
        ("arthritic", "arthritis"),
        ("oesophagitis", "esophagitis"),
        ("arthritides", "arthritis"),
        ("immunisations", "immunized"),
    ],
)
def test_a_form_of_a_word_counts_as_the_word(form, word):
    assert {*terms(form)} == {*terms(word)}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hypnotic", "hypnosis"),
        ("manual", "man"),
        ("pancreatitis", "pancreatic"),
        ("conjunctivitis", "conjunction"),
        ("Hepatitis C", "hepatic"),
        ("immunization", "immune"),
        ("blindness", "double-blind"),
    ],
)
def test_what_is_no_form_of_a_word_stays_apart(one, other):
    assert not {*terms(one)} & {*terms(other)}


def test_a_compound_gives_its_parts():
    assert terms("steroid-resistant") == ["steroid", "resist"]
    assert terms("anti-CD38") == ["anti", "cd38"]


def test_a_compound_with_a_short_part_or_a_number_is_also_joined():
    assert terms("IL-17") == ["il", "17", "il17"]
    assert terms("PD-1/PD-L1")[:2] == ["pd", "1"]
    assert terms("COVID-19") == ["covid", "19", "covid19"]


def test_a_joined_spelling_meets_a_hyphened_one():
    assert set(terms("IL17")) <= set(terms("IL-17"))


def test_a_possessive_is_the_word_itself():
    assert terms("Crohn's") == terms("Crohn")


def test_single_letters_fall_away_and_single_digits_stay():
    assert terms("plan d 3") == ["plan", "3"]


def test_text_without_words_has_no_terms():
    assert terms("") == terms(" -- ! ") == terms("the of and") == []


@given(PRINTABLE)
def test_letter_case_never_matters(text):
    assert terms(text.upper()) == terms(text.lower())


@given(PRINTABLE, PRINTABLE)
def test_the_terms_of_two_texts_are_those_of_each(first, second):
    assert terms(f"{first} {second}") == terms(first) + terms(second)
