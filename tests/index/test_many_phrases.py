from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.index.many_phrases import PhraseTrie, Texts
from trialkin.index.phrases import Recogniser, Tokens

WORDS = ["a", "b", "c", "d", "non"]
WORD = st.sampled_from(WORDS)
PHRASES = st.dictionaries(st.lists(WORD, min_size=1, max_size=4).map(" ".join), st.integers(0, 99), max_size=12)


def as_arrays(texts):
    words = [WORDS.index(word) for one in texts for word in one.words]
    capitals = [place in one.capitals for one in texts for place in range(len(one.words))]
    ends = [end for end, one in zip(accumulate(len(one.words) for one in texts), texts, strict=True) for _ in one.words]
    return Texts(np.asarray(words, np.int32), np.asarray(capitals, np.bool_), np.asarray(ends, np.int64))


@st.composite
def text(draw):
    words = draw(st.lists(WORD, max_size=12))
    return Tokens(words, draw(st.sets(st.integers(0, max(len(words) - 1, 0)), max_size=len(words))))


@given(phrases=PHRASES, texts=st.lists(text(), max_size=5), data=st.data())
def test_many_texts_at_once_tell_what_each_tells_alone(phrases, texts, data):
    acronyms = data.draw(st.sets(st.sampled_from(sorted(phrases)))) if phrases else set()
    passing = data.draw(st.sets(WORD))
    found = PhraseTrie(phrases, acronyms, WORDS, passing).mentions(as_arrays(texts))
    alone = Recogniser(phrases, acronyms, passing)
    assert found.concepts.tolist() == [concept for one in texts for concept in alone.concepts(one)]


@pytest.mark.parametrize(
    ("phrases", "places"),
    [
        ({"a b": 0, "b c": 1, "c d": 2}, [0, 2]),
        ({"a": 0, "a b": 1, "b c d": 2}, [0]),
        ({"b": 0, "b c d": 1, "d": 2}, [1, 4]),
    ],
)
def test_the_longest_phrases_are_found_from_left_to_right_without_overlap(phrases, places):
    found = PhraseTrie(phrases, (), WORDS).mentions(as_arrays([Tokens("abcd", ()), Tokens("dc", ())]))
    assert found.places.tolist() == places


def test_phrases_of_words_that_no_text_has_are_passed_over():
    found = PhraseTrie({"z": 0, "a z": 1}, (), WORDS).mentions(as_arrays([Tokens("ab", ())]))
    assert found.places.size == found.concepts.size == 0
