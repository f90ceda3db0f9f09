import pytest

from trialkin.index.sentences import closest_pair, sentences
from trialkin.index.terms import weights_of_terms


def one(_):
    return 1.0


def texts(*given, weight_of=one):
    return [sentence.text for sentence in sentences(given, weights_of_terms(weight_of))]


def test_texts_are_cut_into_sentences_at_their_signs_and_lines():
    text = (
        "Rituximab depletes blood cells. Does platelet response last? Dose-finding study first;\nsafety data come next."
    )
    assert texts(text) == [
        "Rituximab depletes blood cells.",
        "Does platelet response last?",
        "Dose-finding study first;",
        "safety data come next.",
    ]


def test_absent_and_empty_texts_are_passed_over():
    assert texts(None, "", "Rituximab depletes blood cells.") == ["Rituximab depletes blood cells."]


def test_a_sentence_that_says_too_little_is_left_out():
    assert texts("Background. Of the and. Rituximab depletes blood cells.") == ["Rituximab depletes blood cells."]


def test_the_least_that_a_sentence_says_may_be_another():
    found = sentences(["Background. Blood."], weights_of_terms(lambda term: float(term == "blood")), least=1)
    assert [one.text for one in found] == ["Blood."]


def test_words_of_no_weight_do_not_make_a_sentence():
    assert texts("Rituximab depletes blood cells.", weight_of=lambda term: float(term == "blood")) == []


def test_the_first_sentences_of_a_text_are_looked_at():
    long = " ".join(f"Sentence number{n} tells something." for n in range(20))
    assert 0 < len(texts(long)) < 20
    assert len(texts(long, long)) == 2 * len(texts(long))
    assert texts(long)[0] == "Sentence number0 tells something."


def test_a_sentence_is_as_long_as_the_root_of_its_squared_weights():
    rare = {"rituximab": 3.0, "blood": 2.0, "cell": 1.0}
    (found,) = sentences(["Rituximab, rituximab and blood cells."], weights_of_terms(lambda term: rare.get(term, 0.0)))
    assert found.weights == {"rituximab": 3.0, "blood": 2.0, "cell": 1.0}
    assert found.length == pytest.approx(14**0.5)


def pair(first, second, weight_of=one):
    weights_of = weights_of_terms(weight_of)
    return closest_pair(sentences([first], weights_of), sentences([second], weights_of))


def test_the_pair_that_shares_most_is_found():
    found = pair(
        "Asthma worsens during cold winters. Rituximab depletes blood cells.",
        "Platelets rise within few weeks. Blood cells depleted by rituximab return. Nothing else was said here.",
    )
    assert (found.first, found.second) == (
        "Rituximab depletes blood cells.",
        "Blood cells depleted by rituximab return.",
    )
    assert found.cosine == pytest.approx(4 / (4 * 5) ** 0.5)


def test_a_rare_word_makes_a_closer_pair_than_a_common_one():
    def rare(term):
        return 5.0 if term == "rituximab" else 1.0

    found = pair("Rituximab depletes blood.", "Blood depletes slowly here. Rituximab works very quickly.", rare)
    assert found.second == "Rituximab works very quickly."


def test_equal_sentences_have_a_cosine_of_1():
    assert pair("Rituximab depletes blood.", "Rituximab depletes blood.").cosine == pytest.approx(1)


def test_of_equal_pairs_the_earliest_is_taken():
    found = pair("Rituximab depletes blood.", "Blood depletes rituximab! Rituximab depletes blood.")
    assert found.second == "Blood depletes rituximab!"


def test_sentences_that_share_no_word_are_no_pair():
    assert pair("Rituximab depletes blood.", "Asthma worsens each winter.") is None
    assert closest_pair([], []) is None
