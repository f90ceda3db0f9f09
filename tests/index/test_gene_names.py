import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.index import Index
from trialkin.index.gene_names import known_names, other_names, term_of_name
from trialkin.index.terms import terms


@pytest.mark.parametrize(
    ("name", "term"),
    [
        ("HER2", "her2"),
        ("PD-L1", "pdl1"),
        ("c-KIT", "ckit"),
        ("RANTES", "rant"),
        ("4-1BB", "41bb"),
        ("Ca15-3", "ca153"),
        ("SMA@", "sma"),
        ("BCR-ABL", None),
        ("NF kappa B", None),
        ("", None),
    ],
)
def test_a_name_is_told_by_the_one_term_that_its_text_gives(name, term):
    assert term_of_name(name) == term
    assert term is None or term in terms(f"patients with {name} overexpression")


def test_names_of_one_gene_are_other_names_of_each_other():
    names = other_names([["ERBB2", "HER-2", "ERBB"], ["EGFR", "ERBB"], ["KRAS"], ["BCR-ABL", "PH1"]])
    assert names == {
        "erbb2": ("her2", "erbb"),
        "her2": ("erbb2", "erbb"),
        "erbb": ("erbb2", "her2", "egfr"),
        "egfr": ("erbb",),
    }


@given(st.lists(st.lists(st.sampled_from(["ERBB2", "HER2", "HER-2", "ERBB", "EGFR", "BCR-ABL", ""]), max_size=4)))
def test_other_names_go_both_ways_and_no_name_is_another_of_itself(genes):
    names = other_names(genes)
    for term, others in names.items():
        assert others
        assert term not in others
        assert len(set(others)) == len(others)
        assert all(term in names[other] for other in others)


def test_the_table_names_genes_that_trials_are_about():
    names = known_names()
    assert "her2" in names["erbb2"]
    assert "pdl1" in names["b7h1"]
    assert {"brca1", "brca2"} <= set(names["brca"])
    assert "arf" not in names, "acute renal failure, not a gene"
    assert all(len(term) > 2 for term in names)


def test_a_text_finds_trials_by_the_other_name_of_a_gene(make_trial, make_home, encoder, open_index_with):
    trials = [
        make_trial(1, brief_title="Pertuzumab in HER2-positive gastric cancer"),
        make_trial(2, brief_title="Exercise after gastric surgery"),
        make_trial(3, brief_title="Cetuximab in gastric cancer"),
        *(make_trial(n, brief_title=f"Inhaled steroids in asthma, cohort {n}") for n in range(4, 30)),
    ]
    index: Index = open_index_with(encoder, make_home(trials, encoder))
    for text in ("ERBB2 gastric cancer", "c-ErbB2 gastric cancer", "HER-2 gastric cancer"):
        assert index.search(text, 3)[0].nct_id == trials[0].nct_id
