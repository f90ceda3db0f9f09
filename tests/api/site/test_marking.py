"""The words of a query in a text."""

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup, escape

from trialkin.api.site.marking import marked, query_terms


def test_words_are_marked_whatever_their_ending_and_letter_case():
    found = marked("Relapsed and relapsing ITP", query_terms("relapse, itp"))
    assert found == "<mark>Relapsed</mark> and <mark>relapsing</mark> <mark>ITP</mark>"


def test_a_compound_is_marked_whole_or_by_its_telling_parts():
    assert marked("Anti-CD20 antibody", query_terms("anti-CD20")) == "<mark>Anti-CD20</mark> antibody"
    assert marked("Anti-CD38 antibody", query_terms("anti-CD20")) == "Anti-CD38 antibody"
    assert marked("steroid-resistant", query_terms("resistant")) == "steroid-<mark>resistant</mark>"


def test_stop_words_are_not_marked():
    assert marked("the effect of it", query_terms("effect of the drug")) == "the <mark>effect</mark> of it"


def test_a_long_text_marks_nothing():
    assert query_terms(" ".join(f"word{n}" for n in range(100))) == frozenset()


def test_the_text_is_escaped_inside_and_outside_of_marks():
    found = marked("<script>itp</script> & <b>", query_terms("itp script"))
    assert found == "&lt;<mark>script</mark>&gt;<mark>itp</mark>&lt;/<mark>script</mark>&gt; &amp; &lt;b&gt;"


@given(st.text(), st.text())
def test_marks_alone_are_added_to_the_escaped_text(text, query):
    assert marked(text, query_terms(query)).replace(Markup("<mark>"), "").replace(Markup("</mark>"), "") == escape(text)
