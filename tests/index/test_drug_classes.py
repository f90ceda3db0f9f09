import pytest

from trialkin.index.concepts import Thesaurus
from trialkin.index.dictionary import Dictionary
from trialkin.index.drug_classes import classes_of, drug_classes, with_class_names
from trialkin.index.phrases import phrase_key


def dictionary(*names, acronyms=()):
    return Dictionary(
        list(names), {phrase_key(name): n for n, name in enumerate(names)}, {}, frozenset(map(phrase_key, acronyms))
    )


def found(dictionary, text):
    return {dictionary.names[one] for one in Thesaurus.of(dictionary).of_text(text)}


def test_every_class_of_the_table_has_a_name_of_its_own_and_members():
    names = [phrase_key(one.name) for one in drug_classes()]
    assert len(set(names)) == len(names) >= 150
    assert all(len(set(one.members)) == len(one.members) >= 2 for one in drug_classes())
    every = [key for one in drug_classes() for key in {phrase_key(name) for name in one.names}]
    assert len(set(every)) == len(every), "a name is of one class"


def test_a_concept_belongs_to_the_classes_of_each_of_its_names():
    known = dictionary("Celecoxib", "Ibuprofen", "Placebo")
    assert classes_of(known) == {0: ("COX-2 inhibitors", "NSAIDs"), 1: ("NSAIDs",)}


def test_classes_are_found_by_their_names():
    known = with_class_names(dictionary("Tofacitinib"))
    assert found(known, "A JAK inhibitor in arthritis") == found(known, "Janus Kinase Inhibitors") == {"JAK inhibitors"}
    assert classes_of(known)[known.phrases["jak inhibitor"]] == ("JAK inhibitors",)


def test_a_name_that_is_known_keeps_its_meaning_and_gives_it_to_the_others():
    known = with_class_names(dictionary("HMG-CoA Reductase Inhibitors"))
    assert found(known, "statins in stroke") == {"HMG-CoA Reductase Inhibitors"}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("SSRIs for depression", {"SSRIs"}),
        ("ssri", set()),
        ("ADCs in breast cancer", set()),  # apparent diffusion coefficients, too
    ],
)
def test_acronyms_name_a_class_if_written_so_and_long_enough(text, names):
    assert found(with_class_names(dictionary("Tofacitinib")), text) == names


def test_of_acronyms_records_have_meanings_of_their_own():
    assert classes_of(dictionary("Yoga", "ADC", acronyms=("Yoga", "ADC"))) == {}


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("immune checkpoint inhibitors", ("PD-1 inhibitors", "PD-L1 inhibitors", "CTLA-4 inhibitors")),
        ("NSAIDs", ("COX-2 inhibitors",)),
        ("EGFR inhibitors", ("EGFR TKIs",)),
        ("VEGFR inhibitors", ("VEGFR tyrosine kinase inhibitors",)),
    ],
)
def test_a_wide_class_has_the_members_of_the_narrow_ones(wide, narrow):
    members = {one.name: set(one.members) for one in drug_classes()}
    assert members[wide] >= set().union(*(members[name] for name in narrow))
