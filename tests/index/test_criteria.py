from hypothesis import given
from hypothesis import strategies as st

from trialkin.index.comparison import CriterionKind
from trialkin.index.criteria import criteria

IN, OUT, OTHER = CriterionKind.INCLUSION, CriterionKind.EXCLUSION, CriterionKind.OTHER


def split(text):
    return [(one.kind, one.text) for one in criteria(text)]


def test_bullets_stand_under_their_kind():
    text = "Inclusion Criteria:\n\n- Adults\n- Platelets < 30\n\nExclusion Criteria:\n\n- Pregnancy"
    assert split(text) == [(IN, "Adults"), (IN, "Platelets < 30"), (OUT, "Pregnancy")]


def test_numbers_letters_and_other_signs_are_bullets():
    text = "INCLUSION CRITERIA\n1. Adults\n2) Consent\n(3) Fever\na. Cough\n• Rash\n① Pain"
    assert [words for _, words in split(text)] == ["Adults", "Consent", "Fever", "Cough", "Rash", "Pain"]


def test_headings_come_in_many_forms():
    for heading in ("Key Inclusion Criteria:", "Main inclusion criteria", "- INCLUSION CRITERIA:", "Inclusion:"):
        assert split(f"{heading}\n- Adults") == [(IN, "Adults")]


def test_what_follows_a_heading_on_its_line_is_a_criterion():
    assert split("Exclusion Criteria: known allergy to the drug") == [(OUT, "known allergy to the drug")]


def test_bullets_on_one_line_are_taken_apart():
    text = "Inclusion Criteria: - Adults of 18 - Written consent Exclusion Criteria: - Pregnancy - Cancer"
    assert split(text) == [(IN, "Adults of 18"), (IN, "Written consent"), (OUT, "Pregnancy"), (OUT, "Cancer")]


def test_a_line_that_goes_on_is_one_criterion_with_its_break():
    text = "Inclusion Criteria:\n1. Platelets low despite\n\ntreatment for six months.\n2. Adults"
    assert split(text) == [(IN, "Platelets low despite\n\ntreatment for six months."), (IN, "Adults")]


def test_text_without_headings_is_of_no_kind():
    assert split("Adults with asthma") == [(OTHER, "Adults with asthma")]


def test_other_headings_are_kept_beside_their_criteria():
    text = "PATIENT CHARACTERISTICS:\n\nAge:\n\n- 18 and over\n\nRenal:\n\n- Creatinine < 2"
    assert [(one.heading, one.text) for one in criteria(text)] == [("Age", "18 and over"), ("Renal", "Creatinine < 2")]


def test_a_long_line_with_a_colon_is_a_criterion_and_a_heading():
    text = "Inclusion Criteria:\n\n- At screening the participant meets both of these:\n   - Fever\n- Adults"
    found = criteria(text)
    assert [one.text for one in found][1:] == ["Fever", "Adults"]
    assert found[1].heading == "At screening the participant meets both of these"
    assert found[2].heading is None


def test_lines_that_say_nothing_are_left_out():
    assert split("Chemotherapy:\n- Not specified\n- N/A\n- No prior chemotherapy") == [(OTHER, "No prior chemotherapy")]


def test_a_long_paragraph_is_cut_into_sentences():
    sentences = [
        f"Participants of part {word} meet the rules of that part of the trial." for word in ("A", "B", "C", "D")
    ]
    assert [words for _, words in split(" ".join(sentences))] == sentences


def test_no_text_gives_no_criteria():
    assert criteria(None) == criteria("") == criteria(" \n ") == []


PIECES = st.sampled_from(
    [
        "Inclusion Criteria:",
        "exclusion",
        "\n",
        "\n- ",
        "   * ",
        "1. ",
        " - A",
        "Age:",
        "Not specified",
        ". B",
        ";",
        "①",
        "x" * 250,
    ]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=30).map("".join))
def test_every_criterion_stands_verbatim_where_it_says_and_in_order(text):
    last = 0
    for one in criteria(text):
        assert one.start >= last
        assert text[one.start : one.start + len(one.text)] == one.text == one.text.strip() != ""
        last = one.start + len(one.text)
