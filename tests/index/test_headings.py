import pytest

from trialkin.index.dictionary import Dictionary, Kind
from trialkin.index.headings import headings, with_headings
from trialkin.index.phrases import phrase_key

EVERYTHING = frozenset(
    word for kind in Kind for names in headings(kind) for word in phrase_key(" ".join(names)).split()
)


def known(*names, kind=Kind.CONDITION, acronyms=None, links=None, vocabulary=EVERYTHING):
    """The dictionary of a kind whose records list some names, with the headings that a vocabulary allows."""
    phrases = {phrase_key(name): concept for concept, name in enumerate(names)}
    own = Dictionary(list(names), phrases | (acronyms or {}), links or {}, frozenset(acronyms or ()))
    return with_headings(own, kind, vocabulary)


def found(dictionary, text):
    """What each mention in a text stands for."""
    return [
        [dictionary.names[one] for one in dictionary.meanings(mention.concept)]
        for mention in dictionary.recogniser.mentions(text)
    ]


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("Flares of gout", "Gout"),
        ("women with breast cancer", "Breast Neoplasms"),
        ("type 2 diabetes", "Diabetes Mellitus, Type 2"),
        ("type II diabetes", "Diabetes Mellitus, Type 2"),
        ("bronchial asthma", "Asthma"),
        ("Stelara in Crohn's", "Crohn Disease"),
        ("boys with Duchenne", "Muscular Dystrophy, Duchenne"),
        ("idiopathic thrombocytopenic purpura", "Purpura, Thrombocytopenic, Idiopathic"),
    ],
)
def test_conditions_are_known_that_no_record_lists(text, heading):
    assert found(known(), text) == [[heading]]


@pytest.mark.parametrize("text", ["deep brain stimulation", "Gemcitabine", "bariatric surgery", "physical exercise"])
def test_drugs_and_procedures_are_known_that_no_record_lists(text):
    assert len(found(known(kind=Kind.INTERVENTION), text)) == 1


def test_a_longer_name_is_not_the_shorter_one():
    assert found(known(), "pulmonary arterial hypertension") == [["Pulmonary Arterial Hypertension"]]


def test_a_heading_is_called_as_records_write_it():
    assert found(known("Breast Cancer"), "breast neoplasm, breast cancer") == [["Breast Cancer"]] * 2


def test_what_records_list_by_several_names_is_one_thing():
    both = known("Breast Cancer", "Breast Neoplasms", "Lumps", links={2: (0,)})
    assert found(both, "breast cancer or breast neoplasms") == [["Breast Neoplasms"]] * 2
    assert found(both, "lumps") == [["Lumps", "Breast Neoplasms"]]


def test_a_name_that_qualifies_a_heading_stands_for_it_too():
    assert found(known("Refractory Gout"), "refractory gout") == [["Refractory Gout", "Gout"]]


def test_a_qualified_name_with_its_acronym_stands_for_the_heading():
    name = "Primary Immune Thrombocytopenia (ITP)"
    one = known("Immune Thrombocytopenia", name, acronyms={"itp": 0})
    assert found(one, name) == [[name, "Immune Thrombocytopenia"]]
    another = known("Asthma", name, acronyms={"itp": 0})
    assert found(another, name) == [[name]]


def test_acronyms_that_records_explain_lead_to_headings():
    assert (
        found(known("Immune Thrombocytopenia", acronyms={"itp": 0}), "ITP, idiopathic purpura")
        == [["Immune Thrombocytopenia"]] * 2
    )


def test_by_the_name_of_a_heading_nothing_else_is_meant():
    dictionary = known("Asthma", acronyms={"gout": 0})
    assert found(dictionary, "gout") == [["Gout"]]
    assert "gout" not in dictionary.acronyms


def test_names_with_words_that_no_trial_uses_are_left_out():
    few = known("Asthma", vocabulary=frozenset(["asthma", "gout"]))
    assert few.names == ["Asthma", "Gout"]
    assert found(few, "asthma, gout, psoriasis") == [["Asthma"], ["Gout"]]
    assert known(vocabulary=frozenset()) == Dictionary([], {}, {})


def test_every_concept_of_a_dictionary_has_a_name():
    dictionary = known("Breast Cancer", "Breast Neoplasms", links={1: (0,)})
    count = len(dictionary.names)
    assert set(dictionary.phrases.values()) <= set(range(count))
    assert all(one < count and one not in others for one, others in dictionary.headings.items())


@pytest.mark.parametrize("kind", Kind)
def test_each_name_of_the_tables_stands_for_one_heading(kind):
    keys = [key for names in headings(kind) for key in {phrase_key(name) for name in names}]
    assert len(keys) == len(set(keys)) > 8000


@pytest.mark.parametrize("kind", Kind)
def test_the_tables_have_no_name_that_texts_use_for_other_things(kind):
    keys = {phrase_key(name) for names in headings(kind) for name in names}
    wrong = {"disease", "syndrome", "death", "treatment", "placebo", "lead", "retinal", "itp", "tablet", "solution"}
    assert not keys & wrong
    others = [name for names in headings(kind) for name in names[1:]]
    assert not [name for name in others if "," in name or len(phrase_key(name)) < 4]


def test_the_order_of_phrases_is_always_the_same():
    phrases = list(known().phrases)
    alone = [one for one in phrases if one in ("alzheimer", "crohn", "fabry", "parkinson", "tourette")]
    assert alone == sorted(alone)
    assert found(known(), "Cushing's") == found(known(), "Cushing's disease")
