import pytest

from trialkin.api.words import joined, shortened


@pytest.mark.parametrize(("words", "text"), [(None, ""), ([], ""), (["nct", "7057778"], "nct 7057778")])
def test_words_are_joined_by_spaces(words, text):
    assert joined(words) == text


def test_bytes_that_are_not_utf_8_are_replaced():
    assert joined([b"caf\xe9".decode("utf-8", "surrogateescape")]) == "caf\ufffd"


def test_a_heading_is_one_line_of_sixty_characters_at_most():
    assert shortened("a" * 60) == "a" * 60
    assert shortened("a" * 61) == "a" * 57 + "..."
    assert shortened(" one\n two\t three ") == "one two three"
