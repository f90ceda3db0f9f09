import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.index.registered import nearest, nearness


def others(row, trials):
    return np.delete(np.arange(trials, dtype=np.int32), row)


@given(st.integers(2, 300), st.data())
def test_nearer_trials_stand_higher(trials, data):
    row = data.draw(st.integers(0, trials - 1))
    rows = others(row, trials)
    distance = np.abs(rows - row)
    by_distance = nearness(row, rows, trials)[np.argsort(distance, kind="stable")]
    assert (np.diff(by_distance) <= 0).all()


@pytest.mark.parametrize("row", [0, 137, 2500, 4999])
def test_the_average_trial_stands_at_zero_wherever_the_query_lies(row):
    standing = nearness(row, others(row, 5000), 5000)
    assert standing.mean() == pytest.approx(0, abs=0.01)
    assert standing.std() == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize(("trials", "most"), [(100, np.log(99) - 1), (100_000, np.log(1000) - 1)])
def test_the_nearest_and_the_farthest_bound_it(trials, most):
    standing = nearness(0, others(0, trials), trials)
    assert standing.max() == nearest(trials) == pytest.approx(most)
    assert standing.min() == pytest.approx(-1)


def test_a_thousandth_of_all_trials_is_as_near_as_can_be():
    standing = nearness(50_000, np.array([50_001, 50_049, 50_051], np.int32), 100_001)
    assert standing[0] == standing[1] > standing[2]


def test_a_collection_of_one_or_two_has_nothing_to_tell_apart():
    assert nearest(1) == nearest(2) == 0
    assert nearness(0, np.array([0], np.int32), 1).tolist() == [-1]
    assert nearness(0, np.array([1], np.int32), 2).tolist() == [-1]
