import numpy as np
import pytest

from trialkin.index.traits import Comparison, Line, People, TraitTable, traits, write_traits


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


@pytest.fixture
def table(tmp_path):
    write_traits(tmp_path, ROWS)
    return TraitTable(tmp_path)


def test_an_unknown_trait_counts_neither_for_nor_against(table):
    assert table.standing(UNKNOWN, "comparison").tolist() == [0.0] * 8
    assert table.standing(RARE, "comparison")[0] == 0.0
    assert table.standing(RARE, "line").tolist() == [0.0] * 8


def test_sharing_a_rare_trait_says_more_than_sharing_a_common_one(table):
    rare, common = table.standing(RARE, "comparison"), table.standing(COMMON, "comparison")
    assert rare[1] > common[2] > 0
    assert rare[2] < 0
    assert common[1] < 0


def test_sharing_a_part_of_a_trait_stands_between(table):
    both = table.standing(BOTH, "comparison")
    assert both[3] > both[1] == both[2]


def test_a_standing_is_the_standard_score_of_the_overlap_and_capped(table):
    overlap = np.asarray([0.0] * 90 + [0.5] * 7 + [1.0] * 3)
    scores = (np.asarray([0.0, 0.5, 1.0]) - overlap.mean()) / overlap.std()
    assert table.standing(RARE, "comparison")[[2, 3, 1]] == pytest.approx(np.minimum(scores, 3.0), abs=1e-5)
    assert scores[2] > 3.0


def test_a_trait_that_all_share_tells_nothing(tmp_path):
    write_traits(tmp_path, np.full((5, 3), 2, np.uint8))
    assert TraitTable(tmp_path).standing(0, "people").tolist() == [0.0] * 8


def test_the_column_of_a_trait_is_read_for_the_rows_asked(table):
    assert table.column("comparison", np.asarray([BOTH, RARE, UNKNOWN], np.int32)).tolist() == [3, 1, 0]
    assert table.column("people", np.asarray([BOTH], np.int32)).tolist() == [0]
