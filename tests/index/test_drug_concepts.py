import pytest

from trialkin.index.concepts import Thesaurus
from trialkin.index.dictionary import Dictionary
from trialkin.index.drug_concepts import with_drug_names
from trialkin.index.phrases import phrase_key

NAMES = ["Pembrolizumab", "Keytruda", "Glivec", "Surgery", "Acetylcysteine", "Sodium Chloride"]
PHRASES = {phrase_key(name): concept for concept, name in enumerate(NAMES)}


def drugs(**more):
    return with_drug_names(Dictionary(NAMES, PHRASES | more, {1: (3,)}))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("MK-3475 in melanoma", {"Pembrolizumab"}),
        ("MK3475 in melanoma", {"Pembrolizumab"}),
        ("Keytruda in melanoma", {"Keytruda", "Surgery", "Pembrolizumab"}),
        ("imatinib", {"Glivec"}),
        ("STI-571 or Gleevec", {"Glivec"}),
        ("oral NAC", {"Acetylcysteine"}),
        ("nac", set()),
        ("nivolumab (Opdivo)", set()),
    ],
)
def test_drugs_are_found_by_all_their_names(text, found):
    assert {NAMES[concept] for concept in Thesaurus.of(drugs()).of_text(text)} == found


def test_what_records_mean_by_a_name_comes_first():
    assert drugs(gleevec=3).phrases["gleevec"] == 3
    assert with_drug_names(Dictionary([], {}, {})) == Dictionary([], {}, {})
