"""The words of a query in a text."""

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from trialkin.api.site.marking import marked, wanted_of


def test_words_are_marked_whatever_their_ending_and_letter_case():
    found = marked("Relapsed and relapsing ITP", wanted_of("relapse, itp"))
    assert found == "<mark>Relapsed</mark> and <mark>relapsing</mark> <mark>ITP</mark>"


def test_a_compound_is_marked_whole_or_by_its_telling_parts():
    assert marked("Anti-CD20 antibody", wanted_of("anti-CD20")) == "<mark>Anti-CD20</mark> antibody"
    assert marked("Anti-CD38 antibody", wanted_of("anti-CD20")) == "Anti-CD38 antibody"
    assert marked("steroid-resistant", wanted_of("resistant")) == "steroid-<mark>resistant</mark>"


def test_what_is_not_so_is_not_marked():
    small = wanted_of("small cell lung cancer")
    assert (
        marked("Non-small-cell tumors or small ones", small)
        == "Non-small-<mark>cell</mark> tumors or <mark>small</mark> ones"
    )
    assert marked("Non-small cell", wanted_of("non small cell")) == "<mark>Non-small</mark> <mark>cell</mark>"


def test_other_names_of_what_is_asked_for_are_marked_where_they_stand_whole():
    found = marked("After Myocardial Infarction: infarction or myocardial biopsy", wanted_of("heart attack"))
    assert found == "After <mark>Myocardial Infarction</mark>: infarction or myocardial biopsy"
    assert (
        marked("Hypertension, high dose", wanted_of("raised blood pressure")) == "<mark>Hypertension</mark>, high dose"
    )
    assert marked("HER2-positive", wanted_of("ERBB2")) == "<mark>HER2</mark>-positive"


def test_letters_and_numbers_are_marked_with_the_word_that_they_name():
    assert marked("Hepatitis B or type A", wanted_of("hepatitis B")) == "<mark>Hepatitis B</mark> or type A"
    assert marked("Type II or type 1", wanted_of("type 2")) == "<mark>Type II</mark> or <mark>type</mark> 1"


def test_a_letter_is_marked_before_its_word_and_nothing_with_it_that_is_no_part_of_it():
    cells = wanted_of("T cells in melanoma")
    assert marked("CAR T cells and T-cell lines", cells) == "CAR <mark>T cells</mark> and <mark>T-cell</mark> lines"
    assert marked("a T cell", cells) == "a <mark>T cell</mark>"
    assert marked("PD-1 and more", wanted_of("PD-1 inhibitor")) == "<mark>PD-1</mark> and more"


def test_nothing_is_marked_where_nothing_was_asked_in_words():
    assert marked("Heart <attack>", None) == "Heart &lt;attack&gt;"


def test_stop_words_are_not_marked():
    assert marked("the effect of it", wanted_of("effect of the drug")) == "the <mark>effect</mark> of it"


def test_a_long_text_marks_nothing():
    assert marked("word7", wanted_of(" ".join(f"word{n}" for n in range(100)))) == "word7"


def test_the_text_is_escaped_inside_and_outside_of_marks():
    found = marked("<script>itp</script> & <b>", wanted_of("itp script"))
    assert found == "&lt;<mark>script</mark>&gt;<mark>itp</mark>&lt;/<mark>script</mark>&gt; &amp; &lt;b&gt;"


@given(st.text(), st.text())
def test_marks_alone_are_added_to_the_escaped_text(text, query):
    assert marked(text, wanted_of(query)).replace(Markup("<mark>"), "").replace(Markup("</mark>"), "") == escape(text)
