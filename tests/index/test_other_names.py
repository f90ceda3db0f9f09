import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.index import Index
from trialkin.index.other_names import NameOf, OtherNames, known_names, terms_of_name
from trialkin.index.terms import terms_to_find


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("HER2", "her2"),
        ("PD-L1", "pdl1"),
        ("c-KIT", "ckit"),
        ("RANTES", "rant"),
        ("4-1BB", "41bb"),
        ("Ca15-3", "ca153"),
        ("SMA@", "sma"),
        ("BCR-ABL", "bcr abl"),
        ("Cancer of the pancreas", "cancer pancrea"),
        ("non-invasive ventilation", "noninvas ventil"),
        ("X-ray", "xray"),
        ("Haemorrhages", "hemorrhag"),
        ("", ""),
    ],
)
def test_a_name_is_told_by_the_terms_that_its_text_gives(name, found):
    assert terms_of_name(name) == tuple(found.split())
    text = " ".join(terms_to_find(f"patients with {name} overexpression", lambda _: True))
    assert " ".join(found.split()) in text


TABLE = OtherNames(
    [
        ["heart attack", "myocardial infarction", "Myocardial infarctions", "MI"],
        ["attack", "spell"],
        ["heart", "cardiac"],
        ["myocardial infarction", "heart attack"],
        ["alone"],
        ["", "nothing"],
        ["itself", "Itself"],
    ]
)


def within(text):
    return [(" ".join(one.name), *(" ".join(other) for other in one.others)) for one in TABLE.within(text.split())]


def test_the_longest_names_of_a_text_are_found_from_left_to_right():
    assert within("first heart attack after a heart transplant attack") == [
        ("heart attack", "myocardi infarct", "mi"),
        ("heart", "cardiac"),
        ("attack", "spell"),
    ]
    assert within("") == within("skin") == []


def test_a_name_of_nothing_else_is_no_name():
    assert not {(), ("alon",), ("itself",)} & TABLE.table.keys()


def test_a_name_that_no_trial_uses_gives_way_to_one_that_some_use():
    asked = ["heart", "attack", "and", "heart"]
    assert TABLE.known(asked, {"heart", "attack"}.__contains__) == asked
    assert TABLE.known(asked, {"heart", "mi"}.__contains__) == ["mi", "and", "heart"]
    assert TABLE.known(asked, {"attack", "cardiac", "infarct", "myocardi"}.__contains__) == [
        *("myocardi", "infarct"),
        *("and", "cardiac"),
    ]
    assert TABLE.known(asked, lambda _: False) == asked


@given(st.lists(st.sampled_from(["heart", "attack", "myocardi", "infarct", "skin"]), max_size=9))
def test_names_stand_in_the_text_and_apart(found):
    named = [one.name for one in TABLE.within(found)]
    text = f" {' '.join(found)} "
    for name in named:
        assert f" {' '.join(name)} " in text
        text = text.replace(f" {' '.join(name)} ", " | ", 1)
    assert TABLE.known(found, lambda _: True) == found


def others(kind, name):
    return [" ".join(one) for one in known_names()[kind].table.get(terms_of_name(name), ())]


def test_the_table_names_genes_that_trials_are_about():
    assert "her2" in others(NameOf.GENE, "ERBB2")
    assert "pdl1" in others(NameOf.GENE, "B7-H1")
    assert {"brca1", "brca2"} <= set(others(NameOf.GENE, "BRCA"))
    assert not others(NameOf.GENE, "ARF"), "acute renal failure, not a gene"
    table = known_names()[NameOf.GENE].table
    assert all(name in table[other] for name in table for other in table[name])
    assert all(len(term) > 2 for (term,) in table)


def test_the_table_names_conditions_as_they_are_spoken_of():
    assert "myocardi infarct" in others(NameOf.CONDITION, "heart attack")
    assert "hypertens" in others(NameOf.CONDITION, "high blood pressure")
    assert "kidney" in others(NameOf.CONDITION, "renal")
    assert "epistaxi" in others(NameOf.CONDITION, "nosebleed")
    assert not others(NameOf.CONDITION, "fits"), "rarely seizures in trials"
    assert not others(NameOf.CONDITION, "cancer"), "not one condition"


@pytest.fixture(scope="module")
def index(make_trial, make_home, encoder, open_index_with) -> Index:
    titles = [
        "Pertuzumab in HER2-positive gastric cancer",
        "Exercise after gastric surgery",
        "Cetuximab in gastric cancer",
    ]
    titles += ["Colchicine after myocardial infarction", "Cognitive therapy of panic attacks", "Colchicine in gout"]
    titles += [f"Inhaled steroids in asthma, cohort {number}" for number in range(25)]
    trials = [make_trial(number, brief_title=title) for number, title in enumerate(titles, start=1)]
    return open_index_with(encoder, make_home(trials, encoder))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ERBB2 gastric cancer", "NCT00000001"),
        ("c-ErbB2 gastric cancer", "NCT00000001"),
        ("HER-2 gastric cancer", "NCT00000001"),
        ("heart attack", "NCT00000004"),
        ("colchicine after a heart attack", "NCT00000004"),
    ],
)
def test_a_text_finds_trials_by_other_names(index, text, found):
    assert index.search(text, 3)[0].nct_id == found
