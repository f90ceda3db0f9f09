import numpy as np
import pytest

from trialkin.index.traits import Comparison, Line, People, TraitTable, placebo_words, trait_words, traits, write_traits


@pytest.fixture
def of(make_trial):
    """The traits of a trial of a title and other fields."""

    def read(title="A study", **fields):
        return traits(make_trial(brief_title=title, **fields))

    return read


@pytest.mark.parametrize(
    ("title", "comparison"),
    [
        ("A Plus B vs B in Relapsed X", Comparison.COMBINES | Comparison.COMPARES),
        ("A Versus B in X", Comparison.COMPARES),
        ("A Compared With B", Comparison.COMPARES),
        ("A or B Alone in X", Comparison.COMPARES),
        ("A Combined With B in X", Comparison.COMBINES),
        ("A + B in X", Comparison.COMBINES),
        ("Add-on A in X", Comparison.COMBINES),
        ("Placebo-controlled Trial of A", Comparison.PLACEBO),
        ("Sham Stimulation and A in X", Comparison.PLACEBO),
        ("A in X", Comparison(0)),
    ],
)
def test_a_title_says_how_treatments_are_compared(of, title, comparison):
    assert of(title)[0] == comparison


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("A in Newly Diagnosed X", Line.FIRST),
        ("A in Newly-diagnosed X", Line.FIRST),
        ("First-line A in X", Line.FIRST),
        ("A in Relapsed or Refractory X", Line.LATER),
        ("A in Corticosteroid-resistant X", Line.LATER),
        ("A After Failed Surgery in X", Line.LATER),
        ("A as Maintenance in Chronic X", Line.CHRONIC),
        ("A in Previously Untreated or Relapsed X", Line.FIRST | Line.LATER),
        ("A in X", Line(0)),
    ],
)
def test_a_title_says_at_which_line_of_treatment_people_stand(of, title, line):
    assert of(title)[1] == line


@pytest.mark.parametrize(
    ("title", "people"),
    [
        ("A in Pediatric X", People.CHILDREN),
        ("A in Paediatric X", People.CHILDREN),
        ("A in Children and Adolescents", People.CHILDREN),
        ("A in Pregnant Women", People.PREGNANCY),
        ("A in Older Adults", People.OLDER),
        ("A in Adults", People(0)),
    ],
)
def test_a_title_says_who_takes_part(of, title, people):
    assert of(title)[2] == people


def test_the_official_title_counts_as_well(of):
    assert of("A in X", official_title="A Versus B in Children With Refractory X") == (
        Comparison.COMPARES,
        Line.LATER,
        People.CHILDREN,
    )


def test_the_summary_says_the_line_where_the_title_is_silent(of):
    summary = "For patients with newly diagnosed disease."
    assert of("A in X", brief_summary=summary)[1] == Line.FIRST
    assert of("A in Refractory X", brief_summary=summary)[1] == Line.LATER


def test_an_arm_within_another_is_an_add_on(of):
    both = {"label": "1", "intervention_names": ("Drug: A", "Drug: B")}
    one = {"label": "2", "intervention_names": ("Drug: B",)}
    assert of("X", arm_groups=(both, one))[0] == Comparison.COMBINES | Comparison.COMPARES
    assert of("X", arm_groups=(both, both))[0] == 0


def test_an_arm_of_placebo_is_a_placebo_control(of):
    arms = (
        {"label": "1", "intervention_names": ("Drug: A",)},
        {"label": "2", "intervention_names": ("Other: Placebo",)},
    )
    assert of("X", arm_groups=arms)[0] == Comparison.PLACEBO


@pytest.mark.parametrize(
    ("ages", "people"),
    [
        ({"maximum_age_years": 17.0}, People.CHILDREN),
        ({"maximum_age_years": 0.5}, People.CHILDREN),
        ({"minimum_age_years": 65.0}, People.OLDER),
        ({"minimum_age_years": 18.0, "maximum_age_years": 75.0}, People(0)),
    ],
)
def test_age_limits_say_who_takes_part_where_the_title_is_silent(of, ages, people):
    assert of("A in X", **ages)[2] == people


def test_a_trial_that_gives_nothing_away_is_unknown_in_everything(of):
    assert of("A study") == (0, 0, 0)


ROWS = np.asarray([[1, 0, 0]] * 3 + [[2, 0, 0]] * 90 + [[3, 0, 0]] * 7 + [[0, 0, 0]] * 20, np.uint8)
RARE, COMMON, BOTH, UNKNOWN = 0, 3, 93, 100
OWN = ROWS[:, 0].tolist()


@pytest.fixture
def table(tmp_path):
    write_traits(tmp_path, ROWS)
    return TraitTable(tmp_path)


def test_an_unknown_trait_counts_neither_for_nor_against(table):
    assert table.standing(OWN[UNKNOWN], "comparison").tolist() == [0.0] * 8
    assert table.standing(OWN[RARE], "comparison")[0] == 0.0
    assert table.standing(2, "line").tolist() == [0.0] * 8, "no trial's is known"


def test_sharing_a_rare_trait_says_more_than_sharing_a_common_one(table):
    rare, common = table.standing(OWN[RARE], "comparison"), table.standing(OWN[COMMON], "comparison")
    assert rare[1] > common[2] > 0
    assert rare[2] < 0
    assert common[1] < 0


def test_sharing_a_part_of_a_trait_stands_between(table):
    both = table.standing(OWN[BOTH], "comparison")
    assert both[3] > both[1] == both[2]


def test_a_standing_is_the_standard_score_of_the_overlap_and_capped(table):
    overlap = np.asarray([0.0] * 90 + [0.5] * 7 + [1.0] * 3)
    scores = (np.asarray([0.0, 0.5, 1.0]) - overlap.mean()) / overlap.std()
    assert table.standing(OWN[RARE], "comparison")[[2, 3, 1]] == pytest.approx(np.minimum(scores, 3.0), abs=1e-5)
    assert scores[2] > 3.0


def test_a_trait_that_all_share_tells_nothing(tmp_path):
    write_traits(tmp_path, np.full((5, 3), 2, np.uint8))
    assert TraitTable(tmp_path).standing(2, "people").tolist() == [0.0] * 8


def test_the_column_of_a_trait_is_read_for_the_rows_asked(table):
    assert table.column("comparison", np.asarray([BOTH, RARE, UNKNOWN], np.int32)).tolist() == [3, 1, 0]
    assert table.column("people", np.asarray([BOTH], np.int32)).tolist() == [0]


def test_the_traits_of_a_row_are_read_back(table):
    assert [table.of_row(row) for row in (RARE, COMMON, UNKNOWN)] == [(1, 0, 0), (2, 0, 0), (0, 0, 0)]


TITLE, OFFICIAL, SUMMARY = "briefTitle", "officialTitle", "briefSummary"


@pytest.mark.parametrize(
    ("trait", "title", "words"),
    [
        ("comparison", "A Plus B Versus B in X", {Comparison.COMBINES: "Plus", Comparison.COMPARES: "Versus"}),
        ("line", "A in Corticosteroid-resistant X", {Line.LATER: "Corticosteroid-resistant"}),
        ("line", "A in Newly Diagnosed or Relapsed X", {Line.FIRST: "Newly Diagnosed", Line.LATER: "Relapsed"}),
        ("people", "A in Older Adults", {People.OLDER: "Older Adults"}),
        ("people", "A in Adults", {}),
    ],
)
def test_a_trait_is_shown_by_the_words_that_give_it_away(trait, title, words):
    assert trait_words(trait, [(TITLE, title)]) == {flag: (TITLE, word) for flag, word in words.items()}


def test_the_first_title_that_gives_a_trait_away_is_quoted():
    texts = [(TITLE, "A in X"), (OFFICIAL, "A in Relapsed X")]
    assert trait_words("line", texts) == {Line.LATER: (OFFICIAL, "Relapsed")}
    assert trait_words("line", [(TITLE, "Refractory X"), texts[1]]) == {Line.LATER: (TITLE, "Refractory")}


def test_the_summary_is_quoted_for_the_line_alone_and_where_titles_are_silent():
    summary = (SUMMARY, "Relapsed disease in children, A plus B versus B.")
    assert trait_words("line", [(TITLE, "A in X"), summary]) == {Line.LATER: (SUMMARY, "Relapsed")}
    assert trait_words("line", [(TITLE, "Newly Diagnosed X"), summary]) == {Line.FIRST: (TITLE, "Newly Diagnosed")}
    for trait in ("comparison", "people"):
        assert trait_words(trait, [(TITLE, "A in X"), summary]) == {}


@pytest.mark.parametrize("trait", ["comparison", "line", "people"])
@pytest.mark.parametrize("title", ["A Plus B vs. B in Untreated X", "Placebo in Children With Recurrent X", "A in X"])
def test_words_are_found_for_the_traits_that_are_read(make_trial, trait, title):
    flags = dict(zip(("comparison", "line", "people"), traits(make_trial(brief_title=title)), strict=True))
    assert sum(trait_words(trait, [(TITLE, title)])) == flags[trait]


@pytest.mark.parametrize(
    "summary",
    [
        "Outcomes are relapse-free survival and time to relapse.",
        "A course for those whom first-line drugs did not help.",
        "Safety is followed in a long-term extension.",
    ],
)
def test_a_summary_that_speaks_of_outcomes_or_earlier_care_is_not_quoted(summary):
    assert trait_words("line", [(TITLE, "A in X"), (SUMMARY, summary)]) == {}


@pytest.mark.parametrize(
    ("title", "words"), [("A + B", "+"), ("Alpha+Beta in X", "Alpha+Beta"), ("An Add-on of A", "Add-on")]
)
def test_signs_and_compounds_are_quoted_whole(title, words):
    assert trait_words("comparison", [(TITLE, title)]) == {Comparison.COMBINES: (TITLE, words)}


def test_a_placebo_is_found_among_listed_interventions():
    listed = [("interventions", "Rituximab"), ("interventions", "Matching placebo")]
    assert placebo_words(listed) == {Comparison.PLACEBO: ("interventions", "placebo")}
    assert placebo_words(listed[:1]) == {}


@pytest.mark.parametrize(
    ("trait", "title"),
    [
        ("comparison", "None-placebo Controlled Study of A"),
        ("comparison", "A Against No Placebo"),
        ("line", "A in Non-refractory X"),
        ("line", "A in Patients Not Previously Treated"),
    ],
)
def test_what_a_title_denies_is_not_quoted(trait, title):
    assert trait_words(trait, [(TITLE, title)]) == {}


def test_what_may_be_left_out_is_not_denied():
    assert trait_words("comparison", [(TITLE, "A With or Without Placebo")]) == {Comparison.PLACEBO: (TITLE, "Placebo")}
    assert trait_words("line", [(TITLE, "A in Non-responders")]) == {Line.LATER: (TITLE, "Non-responders")}
