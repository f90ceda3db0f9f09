import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.index.concepts import Thesaurus
from trialkin.index.dictionary import Dictionary
from trialkin.index.naming import meant, named_in
from trialkin.index.phrases import phrase_key

NAMES = ["Liver", "Hypertension", "Myocardial Infarction", "Anticoagulants", "Nephrolithiasis", "Fludarabine"]
PHRASES = {phrase_key(name): n for n, name in enumerate(NAMES)} | {"flu": 5}
THESAURUS = Thesaurus.of(Dictionary(NAMES, PHRASES, {1: (4,)}))


def meanings(text):
    return {NAMES[concept]: words for concept, words in meant(text, THESAURUS).items()}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Life after a heart attack.", {"Myocardial Infarction": "heart attack"}),
        ("(Heart  attacks)", {"Myocardial Infarction": "Heart  attacks"}),
        ("a high blood-pressure:", {"Hypertension": "high blood-pressure", "Nephrolithiasis": "high blood-pressure"}),
        ("blood thinners", {"Anticoagulants": "blood thinners"}),
        ("high blood pressure", {"Hypertension": "high blood pressure", "Nephrolithiasis": "high blood pressure"}),
        ("hepatic resection", {"Liver": "hepatic"}),
        ("hepatitis", {}),
        ("influenza", {}),
        ("myocardial infarction", {}),
        ("attack of the heart", {}),
        ("", {}),
    ],
)
def test_concepts_are_meant_by_other_names_and_quoted_as_the_text_says_them(text, found):
    assert meanings(text) == found


def test_what_a_prefix_makes_another_name_is_not_meant():
    cancers = Thesaurus.of(Dictionary(["SCLC"], {"small cell lung carcinoma": 0}, {}))
    assert meant("small cell lung cancer", cancers) == {0: "small cell lung cancer"}
    for text in ("non small cell lung cancer", "non-small-cell lung cancer", "non-squamous-non-small-cell lung cancer"):
        assert not meant(text, cancers)


def test_a_name_of_one_word_is_meant_only_if_the_concept_is_called_so():
    drugs = {"flu": 0, "influenza": 1}
    assert not meant("grippe", Thesaurus.of(Dictionary(["Fludarabine", "Influenza, Human"], drugs, {})))
    assert meant("grippe", Thesaurus.of(Dictionary(["Fludarabine", "Influenza"], drugs, {}))) == {1: "grippe"}


def test_drugs_are_meant_by_brands_and_codes():
    drugs = Thesaurus.of(Dictionary(["Imatinib"], {"imatinib": 0}, {}))
    for text in ("Gleevec", "STI-571", "STI571", "(Glivec)"):
        assert meant(f"Leukemia, {text}", drugs) == {0: text.strip("()")}
    assert not meant("imatinib", drugs)


def test_names_of_genes_conditions_and_drugs_are_found():
    found = [one.name for one in named_in("ERBB2 in heart attacks after Herceptin")]
    assert found == [("erbb2",), ("heart", "attack"), ("herceptin",)]


@given(
    st.lists(st.sampled_from(["heart", "attack", "(heart", "attack)", "Heart-attack", "high", "blood", "pressure,"]))
)
def test_what_is_quoted_stands_in_the_text(words):
    text = " ".join(words)
    assert all(quoted and quoted in text for quoted in meant(text, THESAURUS).values())
