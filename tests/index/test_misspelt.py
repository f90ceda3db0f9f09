"""Misspelt words, corrected by an index of six thousand invented trials and by the bundled sample."""

import pytest


@pytest.fixture(scope="module")
def speller(sample):
    return sample._speller


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("thrombocytopnia", "thrombocytopenia"),
        ("Rheumatiod arthritis", "rheumatoid arthritis"),
        ("imune trombocytopenia", "immune thrombocytopenia"),
        ("rituximb, low dose", "rituximab, low dose"),
        ("steriod-resistant rituxmiab", "steriod-resistant rituximab"),
        ("pregnent women", "pregnant women"),
        ("diabetis", "diabetes"),
        ("tumuors", "tumors"),
    ],
)
def test_a_misspelt_word_is_taken_for_the_common_one_that_is_a_slip_away(speller, said, meant):
    assert speller.corrected(said)[0] == meant


@pytest.mark.parametrize(
    "text",
    [
        "thrombocytopenia",
        "ITPs in RITUXIMB",
        "rituXimb",
        '"rituximb" “thrombocytopnia”',
        "plague",
        "scurvy and pellagra",
        "ripertamab",
        "xituximab",
        "qwertyuiop",
        "MK-3475",
        "",
    ],
)
def test_what_is_right_or_resembles_nothing_stays(speller, text):
    assert speller.corrected(text) == (text, {})


@pytest.mark.parametrize("text", ["relapsed ALL in children", "ALL", "ALL CD19", "pediatric ALL, MRD"])
def test_the_leukemia_that_is_written_like_a_small_word_is_spelled_out(speller, text):
    meant, spelled = speller.corrected(text)
    assert meant == text.replace("ALL", "acute lymphoblastic leukemia")
    assert spelled == {"ALL": "acute lymphoblastic leukemia"}


@pytest.mark.parametrize(
    "text",
    [
        "all children",
        "ALL CHILDREN",
        "death of ALL causes",
        "asthma, ALL Ages",
        "lung cancer ALL comers",
        "ALL-cause death",
        "T-ALL",
        '"ALL" ages',
    ],
)
def test_the_small_word_stays(speller, text):
    assert speller.corrected(text) == (text, {})


def test_words_that_were_corrected_are_told(speller):
    assert speller.corrected("Rituximb, rituximb")[1] == {"Rituximb": "rituximab", "rituximb": "rituximab"}


def test_long_texts_are_left_as_they_are(speller):
    assert speller.corrected("rituximb " * 600)[1] == {}


def test_a_misspelt_text_finds_what_it_is_meant_to_find(sample):
    assert sample.search("rituximb in immune thrombocytopnia") == sample.search("rituximab in immune thrombocytopenia")
