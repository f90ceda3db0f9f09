import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.data.plain_text import plain_text


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        (r"platelets 30×10\^9/L", "platelets 30×10^9/L"),
        (r"age \<18 or \>65", "age <18 or >65"),
        (r"1\. first \[see below\] \~5 \_x\_", "1. first [see below] ~5 _x_"),
        ("* adults\n* children", "- adults\n- children"),
        ("  + nested\n\t* deeper", "- nested\n\t- deeper"),
        (r"\* a footnote", "* a footnote"),
        ("5 * 3 = 15", "5 * 3 = 15"),
        ("**Inclusion** and __exclusion__", "Inclusion and exclusion"),
        ("## Background\ntext", "Background\ntext"),
        ("see [the page](https://example.org/a)", "see the page (https://example.org/a)"),
        ("A &amp; B, &lt;18, &ge;2, &#956;g", "A & B, <18, ≥2, μg"),
        ("first\r\nsecond", "first\nsecond"),
        ("one\n\n\n\n\ntwo", "one\n\ntwo"),
        ("spaces   \nhere\t", "spaces\nhere"),
        ("nul\x00 and bell\x07 and mark\ufeff", "nul and bell and mark"),
        ("", ""),
        (" \n ", ""),
    ],
)
def test_markdown_escapes_and_entities_become_what_a_reader_sees(markdown, plain):
    assert plain_text(markdown) == plain


@given(st.text())
def test_any_text_comes_out_without_control_characters_trailing_spaces_or_runs_of_blank_lines(text):
    plain = plain_text(text)
    assert not re.search(r"[\x00-\x08]|[ \t]\n|\n\n\n", plain)
    assert plain == plain.strip()


@given(st.text(st.characters(exclude_categories=["C", "P", "S"]) | st.sampled_from(" \n,.;:()")))
def test_a_text_without_markdown_keeps_its_words_and_does_not_change_again(text):
    plain = plain_text(text)
    assert plain.split() == text.split()
    assert plain_text(plain) == plain


@given(st.text(st.characters(categories=["L", "P", "S"], exclude_characters="&")))
def test_a_text_with_every_mark_escaped_comes_out_as_written(text):
    escaped = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", text)
    assert plain_text(escaped) == text.strip()


@pytest.mark.parametrize("piece", [" ", "\t", "**a ", "__ ", "[", "[a](", "\\", "&", "# ", "* ", "\n "])
def test_what_opens_and_never_closes_takes_no_more_than_its_length(piece):
    started = time.process_time()
    plain_text(f"a{piece * 100_000}b")
    assert time.process_time() - started < 5
