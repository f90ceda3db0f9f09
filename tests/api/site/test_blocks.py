"""Texts of records as paragraphs and lists."""

from hypothesis import given
from hypothesis import strategies as st

from trialkin.api.site.blocks import Block, Criteria, Item, blocks, criteria


def test_blank_lines_part_paragraphs_and_single_breaks_stay_inside_them():
    assert blocks("First line\nsecond line\n\nAnother") == [Block("First line\nsecond line"), Block("Another")]


def test_bullets_become_points_and_deeper_ones_stand_under_the_point_before():
    found = blocks("Doses:\n\n- low\n    - once a day\n    - twice a day\n- high")
    assert found == [
        Block("Doses:"),
        Block(items=[Item("low", [Item("once a day"), Item("twice a day")]), Item("high")]),
    ]


def test_a_line_that_goes_on_stays_with_its_point():
    assert blocks("- platelets below\n  30 per nl\n- age 18") == [
        Block(items=[Item("platelets below\n30 per nl"), Item("age 18")])
    ]


def test_numbers_of_points_stay_for_other_points_may_name_them():
    assert blocks("1. first\n2. second") == [Block(items=[Item("1. first"), Item("2. second")])]


def test_a_paragraph_after_a_blank_line_ends_a_list():
    assert blocks("- one\n\nThen this.") == [Block(items=[Item("one")]), Block("Then this.")]


def test_points_are_still_one_list_where_blank_lines_part_them():
    assert blocks("- one\n\n- two") == [Block(items=[Item("one"), Item("two")])]


def test_criteria_are_parted_at_their_headings():
    text = "Inclusion Criteria:\n\n- Aged 18\n\nExclusion Criteria:\n\n- Splenectomy"
    assert criteria(text) == [
        Criteria("Inclusion Criteria", [Block(items=[Item("Aged 18")])]),
        Criteria("Exclusion Criteria", [Block(items=[Item("Splenectomy")])]),
    ]


def test_a_criterion_that_speaks_of_inclusion_is_no_heading():
    text = "Inclusion Criteria:\n\n- Platelets within a week before inclusion\n- No exclusion for age"
    (only,) = criteria(text)
    assert [item.text for item in only.blocks[0].items] == [
        "Platelets within a week before inclusion",
        "No exclusion for age",
    ]


def test_nothing_gives_nothing():
    assert blocks(None) == blocks(" \n ") == []
    assert criteria(None) == []


def words_of(found):
    for block in found:
        yield from block.text.split()
        yield from words_of_items(block.items)


def words_of_items(items):
    for item in items:
        yield from item.text.split()
        yield from words_of_items(item.items)


@given(
    st.lists(st.sampled_from(["", "word here", "- point", "  - deeper", "    more", "2) other", "\tlast"]), max_size=15)
)
def test_no_word_is_lost(lines):
    text = "\n".join(lines)
    found = [word for word in words_of(blocks(text)) if word != "-"]
    assert found == [word for word in text.split() if word != "-"]
