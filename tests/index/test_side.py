import pytest

from trialkin.data import Trial
from trialkin.index.concepts import Thesaurus
from trialkin.index.dictionary import Dictionary, Kind
from trialkin.index.facts import Facts
from trialkin.index.side import Side
from trialkin.index.terms import weights_of_terms
from trialkin.index.traits import Comparison

CONDITIONS = Dictionary(
    ["Immune thrombocytopenia", "Primary immune thrombocytopenia", "Melanoma (Skin)"],
    {"immune thrombocytopenia": 0, "itp": 0, "primary immune thrombocytopenia": 1, "melanoma skin": 2},
    {1: (0,)},
)
DRUGS = Dictionary(["Rituximab"], {"rituximab": 0}, {})
THESAURI = {Kind.CONDITION: Thesaurus.of(CONDITIONS), Kind.INTERVENTION: Thesaurus.of(DRUGS)}
ITP, PRIMARY_ITP, MELANOMA = 0, 1, 2


@pytest.fixture
def side():
    """A side of a trial of a title and other fields."""

    def make(title="A study", **fields):
        facts = Facts.of_trial(Trial(nct_id="NCT00000001", brief_title=title, **fields))
        return Side(facts, dict.fromkeys(Kind, frozenset()), THESAURI, weights_of_terms(lambda _: 1.0))

    return make


def test_what_is_listed_is_quoted_before_titles_and_titles_before_the_summary(side):
    summary = {"brief_summary": "People with ITP take part."}
    assert side(**summary).quote(Kind.CONDITION, ITP) == ("briefSummary", "ITP")
    titled = side("Immune Thrombocytopenia", **summary)
    assert titled.quote(Kind.CONDITION, ITP) == ("briefTitle", "Immune Thrombocytopenia")
    listed = side("Immune Thrombocytopenia", conditions=("Bleeding in ITP",), **summary)
    assert listed.quote(Kind.CONDITION, ITP) == ("conditions", "ITP")


def test_what_is_spoken_of_nowhere_has_no_quote(side):
    assert side("Asthma").quote(Kind.CONDITION, ITP) is None
    assert side("Rituximab in ITP").quote(Kind.INTERVENTION, 0) == ("briefTitle", "Rituximab")


def test_a_name_is_a_quote_of_all_that_it_stands_for(side):
    one = side("Primary immune thrombocytopenia")
    for concept in (ITP, PRIMARY_ITP):
        assert one.quote(Kind.CONDITION, concept) == ("briefTitle", "Primary immune thrombocytopenia")


@pytest.mark.parametrize(
    ("title", "quote"),
    [
        ("Drugs for melanoma (skin), old and new", "melanoma (skin)"),
        ("Drugs for (melanoma) skin", "(melanoma) skin"),
        ("Drugs for melanoma (skin and eye)", "melanoma (skin"),
    ],
)
def test_a_quote_keeps_the_bracket_that_the_name_breaks_off(side, title, quote):
    assert side(title).quote(Kind.CONDITION, MELANOMA) == ("briefTitle", quote)
    assert quote in title


def test_only_a_name_by_itself_in_an_authors_list_is_listed(side):
    assert side(conditions=("ITP",)).lists(Kind.CONDITION, ITP)
    assert side(conditions=("Primary Immune Thrombocytopenia",)).lists(Kind.CONDITION, ITP)
    assert not side(conditions=("Bleeding in ITP",)).lists(Kind.CONDITION, ITP)
    assert not side(condition_meshes=({"term": "Immune thrombocytopenia"},)).lists(Kind.CONDITION, ITP)
    assert not side("ITP").lists(Kind.CONDITION, ITP)


def test_a_listed_placebo_tells_how_a_trial_compares_where_its_titles_do_not(side):
    placebo = {"interventions": ({"name": "Rituximab"}, {"name": "Placebo infusion"})}
    assert side("Rituximab", **placebo).traits("comparison") == {Comparison.PLACEBO: ("interventions", "Placebo")}
    assert side("A plus B", **placebo).traits("comparison") == {Comparison.COMBINES: ("briefTitle", "plus")}
    assert side("Rituximab").traits("comparison") == {}


def test_a_sentence_is_found_again_in_its_field(side):
    one = side("Rituximab for bleeding adults", brief_summary="Fifty adults join. Platelets are counted each week.")
    assert [one.field_of(sentence.text) for sentence in one.sentences] == ["briefTitle", "briefSummary", "briefSummary"]
