import pytest

from trialkin.data import Trial
from trialkin.index.dictionary import Kind
from trialkin.index.facts import Facts
from trialkin.index.shared import same_design, same_period, same_sponsor, same_traits
from trialkin.index.side import Side
from trialkin.index.terms import weights_of_terms


def facts(title="A study", **fields):
    return Facts.of_trial(Trial(nct_id="NCT00000001", brief_title=title, **fields))


def traits(names, first, second, **options):
    """What two titles share of some traits, each with the words of both."""
    query, hit = (
        Side(facts(title), dict.fromkeys(Kind, frozenset()), {}, weights_of_terms(lambda _: 1.0))
        for title in (first, second)
    )
    return [(one.what, one.query_text, one.hit_text) for one in same_traits(names, query, hit, **options)]


def test_each_shared_flag_is_quoted_from_both():
    found = traits(["comparison"], "A plus B versus B", "C + D vs. D")
    assert found == [("a combination", "plus", "+"), ("a comparison", "versus", "vs.")]


def test_where_one_says_more_than_the_other_nothing_is_claimed():
    assert traits(["comparison"], "A plus B versus B", "A plus B") == []
    assert traits(["line"], "Untreated or relapsed disease", "Relapsed disease") == []


def test_what_one_is_silent_about_contradicts_nothing():
    assert traits(["line", "people"], "Relapsed disease in children", "Refractory disease") == [
        ("after earlier treatment", "Relapsed", "Refractory")
    ]


def test_the_same_line_in_other_people_is_not_the_same_population():
    assert traits(["line", "people"], "Relapsed disease in children", "Relapsed disease in the elderly") == []


def test_chronic_is_alike_only_for_the_same_condition():
    pair = "Chronic hepatitis", "Chronic leukemia"
    assert traits(["line"], *pair) == []
    assert traits(["line"], *pair, same_condition=True) == [("long-term or chronic", "Chronic", "Chronic")]


DESIGN = {"study_type": "INTERVENTIONAL", "primary_purpose": "TREATMENT", "phases": ("PHASE1", "PHASE2")}


def test_the_phases_that_a_text_names_are_quoted_from_it():
    (found,) = same_design(Facts.of_text("phase II/III lupus"), facts(**DESIGN))
    assert (found.what, found.query_field, found.query_text, found.hit_text) == (
        "phase 2",
        "text",
        "phase II/III",
        "PHASE2",
    )
    assert same_design(Facts.of_text("phase 4 lupus"), facts(**DESIGN)) == ()


def test_every_shared_code_is_named_as_people_read_it():
    found = same_design(facts(**DESIGN), facts(**DESIGN | {"primary_purpose": "PREVENTION"}))
    assert [(one.hit_field, one.hit_text, one.what) for one in found] == [
        ("studyType", "INTERVENTIONAL", "interventional"),
        ("phases", "PHASE1", "phase 1"),
        ("phases", "PHASE2", "phase 2"),
    ]


@pytest.mark.parametrize(
    "other",
    [
        {"study_type": "OBSERVATIONAL"},
        {"study_type": None},
        {"primary_purpose": "PREVENTION", "phases": ("PHASE3",)},
        {"primary_purpose": None, "phases": ()},
    ],
)
def test_designs_of_another_type_or_of_the_same_type_alone_are_not_alike(other):
    assert same_design(facts(**DESIGN), facts(**DESIGN | other)) == ()


def test_an_other_purpose_is_no_common_purpose():
    other = {"study_type": "INTERVENTIONAL", "primary_purpose": "OTHER"}
    assert same_design(facts(**other), facts(**other)) == ()


def test_without_codes_the_words_of_both_tell_the_design():
    one, two = facts("A Randomized Trial"), facts(brief_summary="They are randomised to A or B.")
    (found,) = same_design(one, two)
    assert (found.what, found.query_field, found.query_text) == ("randomised", "briefTitle", "Randomized")
    assert (found.hit_field, found.hit_text) == ("briefSummary", "randomised")


@pytest.mark.parametrize(
    "other", [{"title": "A Retrospective Study"}, {"title": "A Trial"}, {"title": "A Randomized Trial", **DESIGN}]
)
def test_designs_that_one_side_does_not_tell_or_tells_otherwise_are_not_alike(other):
    assert same_design(facts("A Randomized Trial"), facts(**other)) == ()


def test_sponsors_are_quoted_as_each_record_writes_them():
    (found,) = same_sponsor(facts(lead_sponsor={"name": "A University"}), facts(lead_sponsor={"name": "A UNIVERSITY"}))
    assert (found.query_text, found.hit_text, found.hit_field) == ("A University", "A UNIVERSITY", "leadSponsor")


def test_other_sponsors_and_unknown_ones_are_not_the_same():
    known = facts(lead_sponsor={"name": "A University"})
    assert same_sponsor(known, facts(lead_sponsor={"name": "B University"})) == ()
    assert same_sponsor(known, facts()) == same_sponsor(facts(), facts()) == ()


@pytest.mark.parametrize(
    ("first", "second", "claimed"),
    [
        ("2017-10-11", "2018-06", True),
        ("2018-06", "2017-06-30", True),
        ("2017-05", "2018-06", False),
        ("2017-02-30", "2017-03", True),
        ("2017", "2017-03", False),
        ("2017-03", None, False),
    ],
)
def test_trials_are_of_one_period_where_they_started_within_a_year(first, second, claimed):
    sides = [facts(start_date=date and {"date": date}) for date in (first, second)]
    found = [(one.what, one.query_text, one.hit_text) for one in same_period(*sides)]
    assert found == ([("started within a year", first, second)] if claimed else [])
