import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.index.designators import tied
from trialkin.index.numerals import arabic
from trialkin.index.phrases import phrase_key
from trialkin.index.terms import terms, terms_to_find
from trialkin.index.words import words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("type II diabetes", "type 2 diabetes"),
        ("Type I or II", "type 1 or II"),
        ("stage IIIB", "stage 3b"),
        ("stages III-IV", "stages 3-4"),
        ("phase I/II", "phase 1/2"),
        ("factor VIII", "factor 8"),
        ("TNFα", "TNF-alpha"),
        ("TNF-α", "TNF-alpha"),
        ("IFN-γ1b", "IFN-gamma1b"),
        ("β-thalassaemia", "beta-thalassemia"),
        ("antiCD20", "anti-CD20"),
        ("anti CD20", "anti-CD20"),
        ("post operative", "post-operative"),
        ("non small cell", "non-small cell"),
        ("hepatitis B", "hepatitis-b"),
        ("hep C", "hepatitis C"),
        ("hepatitis B/C", "hepatitis B and C"),
        ("vitamins D or E", "vitamin D or vitamin E"),
        ("Haemophilia A", "hemophilia A"),
        ("T lymphocytes", "T-lymphocyte"),
        ("CAR T cells", "CAR T-cell"),
        ("ciclosporin A", "cyclosporine A"),
    ],
)
def test_two_ways_to_write_the_same_give_the_same_terms(one, other):
    assert terms(one) == terms(other)


@pytest.mark.parametrize(
    "words_of", ["post-operative postoperative", "anti-retroviral antiretroviral", "re-bleed rebleed"]
)
def test_a_prefix_and_its_word_are_also_one(words_of):
    compound, closed = words_of.split()
    assert set(terms(closed)) < set(terms(compound))


@pytest.mark.parametrize(
    ("not_so", "so"),
    [
        ("non-Hodgkin lymphoma", "Hodgkin"),
        ("non small cell lung cancer", "small"),
        ("non-ST-elevation infarction", "ST"),
        ("non-muscle-invasive bladder cancer", "muscle"),
    ],
)
def test_what_is_not_so_is_not_named_by_what_is(not_so, so):
    assert set(terms(so)).isdisjoint(terms(not_so))
    assert set(terms(not_so)) <= set(terms(f"{not_so} or {so}"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("IV antibiotics", ["iv", "antibiot"]),
        ("pre and post", ["pre", "post"]),
        ("anti-TNF", ["anti", "tnf"]),
        ("SARS-CoV-2", ["sar", "cov", "2", "cov2"]),
        ("and/or", []),
        ("placebo or a vaccine", ["placebo", "vaccin"]),
        ("HER-2/neu", ["her", "2", "neu", "her2"]),
        ("5 µg", ["5"]),
        ("12-05-2019", ["12", "05", "2019"]),
    ],
)
def test_terms_of_what_only_looks_like_it(text, expected):
    assert terms(text) == expected


def test_numerals_count_after_some_words_alone():
    assert arabic(["type", "ii", "iii", "and", "iv"]) == ["type", "2", "3", "and", "iv"]
    assert arabic(["type", "two", "and", "two", "grade", "three"]) == ["type", "2", "and", "two", "grade", "3"]
    assert arabic(["vitamin", "v"]) == ["vitamin", "v"]
    assert arabic([]) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("hepatitis b", "hepatitis-b"),
        ("hepatitis b and c or d", "hepatitis-b and hepatitis-c or hepatitis-d"),
        ("hepatitis b or a vaccine", "hepatitis-b or a vaccine"),
        ("hepatitis and c", "hepatitis and c"),
        ("vitamin a or k2 daily", "vitamin-a or vitamin-k k2 daily"),
        ("vitamin b12 c", "vitamin b12 c"),
        ("25-hydroxyvitamin d levels", "25-hydroxyvitamin vitamin-d levels"),
        ("child-pugh b", "child-pugh pugh-b"),
        ("naive t cells b lymphocytes", "naive t-cells b-lymphocytes"),
        ("a cell", "a cell"),
        ("group b streptococcus", "group-b streptococcus"),
        ("group b receives", "group b receives"),
        ("protein a day", "protein a day"),
        ("p value", "p value"),
        ("type 1 or 2 diabetes", "type-1 or type-2 diabetes"),
        ("stages 3/4", "stage-3 stage-4"),
        ("interleukin 6 and 17a", "interleukin-6 and interleukin-17a"),
        ("interferon alfa 2b", "interferon alfa-2b"),
        ("glucagon-like peptide 1", "glucagon-like peptide-1"),
        ("factor 8 inhibitors", "factor-8 inhibitors"),
        ("hiv b", "hiv b"),
        ("type 2019", "type 2019"),
        ("grade 3 4 weeks", "grade-3 4 weeks"),
        ("men 18 to 45", "men 18 to 45"),
        ("phase 2 trial", "phase 2 trial"),
        ("vitamin 12", "vitamin 12"),
        ("", ""),
    ],
)
def test_letters_are_tied_to_what_they_name(text, found):
    assert [*tied(text.split())] == found.split()


LETTERED = st.lists(st.sampled_from(["hepatitis", "vitamin", "b", "a", "k2", "c/d", "and", "or", "t", "cells"]))


@given(LETTERED)
def test_letters_are_tied_once(given):
    once = tied(given)
    assert tied(once) == once
    assert all(word in given for word in once if "-" not in word)
    assert "|".join(once).count("cells") == given.count("cells")


def test_names_are_compared_with_digits():
    assert phrase_key("Diabetes Mellitus Type II") == phrase_key("diabetes mellitus type 2")
    assert phrase_key("Vitamin B-VI") == "vitamin b vi"


@given(st.lists(st.sampled_from(["type", "ii", "x", "stage", "iv", "dose", "pre", "non", "the", "small", "cell"])))
def test_no_word_is_lost(given):
    found = words(" ".join(given))
    assert "-".join(found).count("-") == "-".join(given).count("-")


@pytest.mark.parametrize("texts", ["post-operative|post operative|postoperative", "follow up|follow-up|followup"])
def test_a_text_is_looked_for_by_the_same_terms_however_it_is_written(texts):
    looked_for = [terms_to_find(f"{text} pain", lambda _: True) for text in texts.split("|")]
    assert looked_for[0] == looked_for[1] == looked_for[2]
    assert len(looked_for[0]) == 2


def test_what_no_trial_writes_as_one_word_is_looked_for_by_its_parts():
    assert terms_to_find("post-zebra pain", {"pain", "zebra"}.__contains__) == terms("post-zebra pain")
    assert terms_to_find("non-small-cell", lambda _: True) == ["nonsmal", "cell"]


def test_antibodies_and_what_they_are_against_stay_apart():
    for name in ("anti-VEGF", "anti-TNF", "anti-CD38", "anti-IgE"):
        assert terms(name)[0] == "anti"
    assert terms("anti-platelet")[0] == "antiplatelet"
