import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from trialkin.index.pairing import assigned


def closeness(first, second):
    return np.asarray([[1 / (1 + abs(one - other)) for other in second] for one in first])


def test_the_likest_are_paired_one_to_one():
    assert [(i, j) for i, j, _ in assigned([1, 10, 20], [19, 2], closeness, 0.1)] == [(0, 1), (2, 0)]


def test_the_sum_counts_rather_than_the_first_best():
    values = np.asarray([[0.9, 0.8], [0.8, 0.0]])
    pairs = assigned(["a", "b"], ["c", "d"], lambda first, _: values if first == ["a", "b"] else values.T, 0.1)
    assert pairs == [(0, 1, 0.8), (1, 0, 0.8)]


def test_what_is_too_unlike_is_no_pair():
    assert assigned([1], [100], closeness, 0.5) == []


def test_nothing_is_paired_with_nothing():
    assert assigned([], [1], closeness, 0.1) == assigned([1], [], closeness, 0.1) == []


def test_equals_keep_their_order():
    assert [(i, j) for i, j, _ in assigned([5, 5, 5], [5, 5, 5], closeness, 0.1)] == [(0, 0), (1, 1), (2, 2)]


NUMBERS = st.lists(st.integers(0, 4), max_size=6)


@given(NUMBERS, NUMBERS)
def test_exchanged_lists_give_the_same_pairs(first, second):
    forth = assigned(first, second, closeness, 0.3)
    back = assigned(second, first, closeness, 0.3)
    assert forth == sorted(forth)
    assert sorted((j, i, value) for i, j, value in back) == forth
