import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.index.comparison import Relation
from trialkin.index.thresholds import thresholds

SAME, DIFFERENT, FIRST, SECOND = Relation.SAME, Relation.DIFFERENT, Relation.FIRST_ONLY, Relation.SECOND_ONLY


def marks(first, second, **given):
    def cut(text, span):
        return None if span is None else text[span.start : span.end]

    return [
        (one.relation, cut(first, one.first), cut(second, one.second))
        for one in thresholds("text", first, second, **given)
    ]


@pytest.mark.parametrize(
    ("first", "second", "relation"),
    [
        ("platelets <30×10⁹/L", "platelets < 20 x 10^9/L", DIFFERENT),
        ("platelets <30×10⁹/L", "platelets less than 30,000/mm3", SAME),
        ("platelets <30×10⁹/L", "platelets ≤30×10⁹/L", DIFFERENT),
        ("platelets <30", "platelets <30×10⁹/L", SAME),
        ("platelets <30000", "platelets <30×10⁹/L", SAME),
        ("at least 18 Years", "at least 12 Years", DIFFERENT),
        ("age ≥18", "at least 18 years", SAME),
        ("ALT > 3×ULN", "ALT > 2.5 x ULN", DIFFERENT),
        ("within 4 weeks", "within 2 weeks", DIFFERENT),
        ("within 4 weeks", "within 28 days", SAME),
        ("for 6 months", "for 26 weeks", SAME),
        ("for 3 months", "for 12 weeks", DIFFERENT),
        ("30 days", "31 days", DIFFERENT),
        ("haemoglobin > 9 g/dL", "haemoglobin > 90 g/L", SAME),
    ],
)
def test_numbers_are_compared_by_what_they_mean(first, second, relation):
    assert [one[0] for one in marks(first, second)] == [relation]


def test_numbers_of_other_kinds_are_not_set_against_each_other():
    assert marks("for 4 weeks", "40 mg") == [(FIRST, "4 weeks", None), (SECOND, None, "40 mg")]


def test_a_lower_bound_is_not_set_against_an_upper_one():
    assert marks("at least 18 years", "up to 70 years") == [
        (FIRST, "at least 18 years", None),
        (SECOND, None, "up to 70 years"),
    ]


def test_words_around_decide_which_number_is_which():
    first = "AST ≤ 2.5 x ULN, bilirubin ≤ 1.5 x ULN"
    second = "bilirubin ≤ 2 x ULN, AST ≤ 3 x ULN"
    assert marks(first, second) == [
        (DIFFERENT, "≤ 2.5 x ULN", "≤ 3 x ULN"),
        (DIFFERENT, "≤ 1.5 x ULN", "≤ 2 x ULN"),
    ]


def test_inclusion_against_exclusion_turns_the_sign():
    first, second = "platelets < 30 x 10^9/L", "platelets ≥ 30 x 10^9/L"
    assert marks(first, second, opposite=True) == [(SAME, "< 30 x 10^9/L", "≥ 30 x 10^9/L")]
    assert [one[0] for one in marks(first, second)] == [FIRST, SECOND]


def test_an_absent_text_has_no_numbers():
    assert marks("4 weeks", None) == marks(None, None) == []


TEXTS = st.lists(
    st.sampled_from(
        ["<30×10⁹/L", "≥ 18 years", "4 weeks", "28 days", "3 x ULN", "ALT ", ", ", "up to 2 mg", "age 18-70 years"]
    ),
    max_size=6,
).map(" ".join)


@given(TEXTS, TEXTS, st.booleans())
def test_exchanged_texts_give_mirrored_marks(first, second, opposite):
    mirrored = {SAME: SAME, DIFFERENT: DIFFERENT, FIRST: SECOND, SECOND: FIRST}
    there = {(one.relation, one.first, one.second) for one in thresholds("text", first, second, opposite=opposite)}
    back = {
        (mirrored[one.relation], one.second, one.first) for one in thresholds("text", second, first, opposite=opposite)
    }
    assert {(a, str(b), str(c)) for a, b, c in there} == {(a, str(b), str(c)) for a, b, c in back}


@given(TEXTS)
def test_a_text_has_the_numbers_of_itself(text):
    assert all(one.relation is SAME and one.first == one.second for one in thresholds("text", text, text))
