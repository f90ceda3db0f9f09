import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.index.quantities import quantities
from trialkin.index.units import unit_of


def found(text):
    return [
        (text[one.start : one.end], one.comparator, pytest.approx(one.value), one.dimension) for one in quantities(text)
    ]


PLATELETS = [
    "<30×10⁹/L",
    "< 30 x 10^9/L",
    r"<30×10\^9/L",
    "< 30 x 10(9)/L",
    "less than 30 x 109/L",
    "<30,000/mm3",
    "below 30,000/µL",
    "fewer than 30 x 10^3/uL",
    "under 30K/uL",
    "< 30 G/L",
    "less than 30,000 per cubic mm",
]


@pytest.mark.parametrize("text", PLATELETS)
def test_a_count_of_platelets_is_the_same_in_every_spelling(text):
    assert found(f"Platelets {text} at entry") == [(text, "<", 30e9, "per litre")]


@pytest.mark.parametrize(
    ("text", "comparator"),
    [
        ("≥ 18 years", ">="),
        (">= 18 years", ">="),
        (r"\>= 18 years", ">="),
        ("=> 18 years", ">="),
        ("at least 18 years", ">="),
        ("no less than 18 years", ">="),
        ("greater than or equal to 18 years", ">="),
        ("18 years or older", ">="),
        ("18 years and over", ">="),
        ("over 18 years", ">"),
        ("older than 18 years", ">"),
        ("≤ 18 years", "<="),
        ("= or < 18 years", "<="),
        ("no more than 18 years", "<="),
        ("up to 18 years", "<="),
        ("18 years or younger", "<="),
        ("within 18 years", "<="),
        ("within the last 18 years", "<="),
        ("under 18 years", "<"),
        ("18 years", ""),
    ],
)
def test_comparators_are_read_as_signs_and_as_words(text, comparator):
    assert found(text) == [(text, comparator, 18 * 365.25, "days")]


@pytest.mark.parametrize(
    "text", ["> 3×ULN", "> 3 x ULN", "> 3 times ULN", "> 3 times the upper limit of normal", "> 3 x upper normal limit"]
)
def test_multiples_of_the_upper_limit_of_normal_are_the_same_in_every_spelling(text):
    assert found(f"ALT {text}") == [(text, ">", 3, "times the upper limit of normal")]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("Aged 18 to 70 years", "18", "70 years"),
        ("Age: 18-70 years", "18", "70 years"),
        ("between 18 and 70 years old", "18", "70 years"),
        ("≥ 18 and ≤70 years", "≥ 18", "≤70 years"),
    ],
)
def test_a_range_gives_both_ends_with_the_unit_of_the_last(text, low, high):
    assert found(text) == [(low, ">=", 18 * 365.25, "days"), (high, "<=", 70 * 365.25, "days")]


def test_a_range_from_nought_bounds_from_above_alone():
    assert found("ECOG 0-2") == [("2", "<=", 2, "")]


def test_a_list_of_two_is_no_range():
    assert found("at week 1 and 2 months") == [("2 months", "", 60.875, "days")]


def test_number_words_count_with_a_unit():
    assert found("within two (2) weeks of one visit") == [("within two (2) weeks", "<=", 14, "days")]


def test_negative_numbers_keep_their_sign():
    assert found("T-score equal to or below -2.5") == [("equal to or below -2.5", "<=", -2.5, "")]


@pytest.mark.parametrize(
    "text", ["type 2 diabetes", "COVID-19", "IL-17 or CD20", "visit 3", "the 5th day", "PD-1", "one of these"]
)
def test_mere_numbers_and_names_are_no_quantities(text):
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "value", "dimension"),
    [
        ("1.5 mg/dL", 1.5, "mg/dl"),
        ("9 g/dL", 9000, "mg/dl"),
        ("90 g/L", 9000, "mg/dl"),
        ("375 mg/m2", 375, "mg/m2"),
        ("1 mg/kg/day", 1, "mg/kg"),
        ("45 kg/m²", 45, "kg/m2"),
        ("60 mL/min/1.73 m2", 60, "ml/min"),
        ("160 mm Hg", 160, "mmHg"),
        ("480ms", 480, "ms"),
        ("7.5%", 7.5, "percent"),
        ("2 mmol/L", 2000, "µmol/l"),
        ("50 copies/mL", 50, "copies per ml"),
        ("6 cycles", 6, "cycles"),
    ],
)
def test_units_are_brought_to_one_of_their_dimension(text, value, dimension):
    assert found(text) == [(text, "", value, dimension)]


def test_what_is_no_unit_is_refused():
    with pytest.raises(ValueError, match="no unit"):
        unit_of("furlongs")


PIECES = st.sampled_from(
    [
        "<",
        "≥",
        " ",
        "30",
        "1,000",
        "x",
        "10",
        "^9",
        "⁹",
        "/L",
        "mg",
        " years",
        " to ",
        "-",
        "and",
        "or more",
        "(",
        "two",
    ]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=25).map("".join))
def test_every_span_lies_in_the_text_and_holds_a_number(text):
    last = 0
    for one in quantities(text):
        assert last <= one.start < one.end <= len(text)
        part = text[one.start : one.end]
        assert part == part.strip()
        assert any(char.isdecimal() for char in part) or any(word in part.lower() for word in ("two", "one", "ten"))
        last = one.end
