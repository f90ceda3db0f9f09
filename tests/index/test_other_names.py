import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.index import Index
from trialkin.index.other_names import NameOf, OtherNames, known_names, names_read_meanwhile, terms_of_name
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
        ("heart attack", "myocardium infarct", "mi"),
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
    assert TABLE.known(asked, {"attack", "cardiac", "infarct", "myocardium"}.__contains__) == [
        *("myocardium", "infarct"),
        *("and", "cardiac"),
    ]
    assert TABLE.known(asked, lambda _: False) == asked


@given(st.lists(st.sampled_from(["heart", "attack", "myocardium", "infarct", "skin"]), max_size=9))
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
    single = {name for name in table if len(name) == 1}
    assert all(name in table[other] for name in single for other in single.intersection(table[name]))
    assert all(len(term) > 2 for (term,) in single)


def test_the_table_names_conditions_as_they_are_spoken_of():
    assert "myocardium infarct" in others(NameOf.CONDITION, "heart attack")
    assert "hypertens" in others(NameOf.CONDITION, "high blood pressure")
    assert "kidney" in others(NameOf.CONDITION, "renal")
    assert "epistaxi" in others(NameOf.CONDITION, "nosebleed")
    assert not others(NameOf.CONDITION, "fits"), "rarely seizures in trials"
    assert not others(NameOf.CONDITION, "cancer"), "not one condition"


def test_the_table_names_drugs_by_brand_and_code():
    assert {"pembrolizumab", "mk3475", "mk 3475"} <= set(others(NameOf.DRUG, "Keytruda"))
    assert others(NameOf.DRUG, "MK-3475") == others(NameOf.DRUG, "MK3475")
    assert "emtricitabin tenofovir" in others(NameOf.DRUG, "Truvada"), "a preparation of two"
    assert "levothyroxin" in others(NameOf.DRUG, "Synthroid"), "without its salt"
    assert not others(NameOf.DRUG, "choice"), "rarely warfarin"


def test_the_table_tells_the_members_of_classes_of_drugs():
    assert {"tofacitinib", "baricitinib", "upadacitinib"} <= set(others(NameOf.CLASS, "JAK inhibitor"))
    assert "empagliflozin" in others(NameOf.CLASS, "SGLT-2 inhibitors")
    assert others(NameOf.CLASS, "SGLT-2 inhibitors") == others(NameOf.CLASS, "SGLT2 inhibitor")
    assert "rituximab" in others(NameOf.CLASS, "anti-CD20")
    assert not others(NameOf.CLASS, "rituximab"), "a drug is not the others of its class"


def test_all_names_of_a_line_may_be_names_of_each_other():
    table = OtherNames([["imatinib", "STI-571", "Gleevec"], ["gleevec", "glivec"]], mutual=True).table
    assert {("imatinib",), ("sti571",), ("sti", "571"), ("glivec",)} < set(table[("gleevec",)])
    for asked in (("sti571",), ("sti", "571"), ("sti", "571", "sti571")):
        assert ("imatinib",) in table[asked]
    assert ("imatinib",) not in table[("glivec",)]


@pytest.fixture(scope="module")
def index(make_trial, make_home, encoder, open_index_with) -> Index:
    titles = [
        "Pertuzumab in HER2-positive gastric cancer",
        "Exercise after gastric surgery",
        "Cetuximab in gastric cancer",
    ]
    titles += ["Colchicine after myocardial infarction", "Cognitive therapy of panic attacks", "Colchicine in gout"]
    titles += ["Imatinib in leukemia"]
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
        ("STI571", "NCT00000007"),
        ("leukemia STI 571", "NCT00000007"),
        ("Gleevec", "NCT00000007"),
    ],
)
def test_a_text_finds_trials_by_other_names(index, text, found):
    assert index.search(text, 3)[0].nct_id == found


def test_names_are_read_while_something_else_is_done_and_are_there_after_it():
    known_names.cache_clear()
    with names_read_meanwhile():
        pass
    assert known_names.cache_info().currsize == 1
    known = known_names()
    with names_read_meanwhile():
        assert known_names() is known
