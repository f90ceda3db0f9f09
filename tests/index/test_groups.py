from hypothesis import given
from hypothesis import strategies as st

from trialkin.index.groups import LEAST, telling

sets = st.lists(st.frozensets(st.integers(0, 8)), max_size=25)


def same(_):
    return 1.0


def test_the_first_group_covers_most_and_later_ones_most_of_what_is_left():
    trials = [frozenset(one) for one in ({1, 2}, {1, 2}, {1, 2}, {1}, {3, 2}, {3}, {4})]
    assert telling(trials, same) == ([1, 3], [1, 1, 1, 1, 3, 3, None])


def test_of_two_names_that_cover_alike_the_rarer_is_taken():
    trials = [frozenset({1, 2})] * 3
    assert telling(trials, {1: 1.0, 2: 5.0}.__getitem__) == ([2], [2, 2, 2])


def test_what_one_trial_alone_is_about_is_no_group():
    assert telling([frozenset({1}), frozenset({2})], same) == ([], [None, None])


def test_there_are_no_more_groups_than_asked_for():
    trials = [frozenset({number // 2}) for number in range(20)]
    assert len(telling(trials, same, most=4)[0]) == 4


@given(sets)
def test_every_trial_is_about_its_group_and_every_group_has_enough(trials):
    chosen, of_trial = telling(trials, same)
    assert len(of_trial) == len(trials)
    assert all(group is None or group in trial for trial, group in zip(trials, of_trial, strict=True))
    assert all(of_trial.count(one) >= LEAST for one in chosen)
    assert set(of_trial) - {None} == set(chosen)
