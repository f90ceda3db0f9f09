import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.index.scaling import plane


def distances(points):
    return np.linalg.norm(points[:, None] - points[None], axis=2)


def scattered(count, seed=0, dim=2):
    return np.random.default_rng(seed).standard_normal((count, dim))


def test_points_of_a_plane_are_found_again_up_to_turning_and_size():
    wanted = distances(scattered(40))
    points, stress = plane(wanted, centre=0)
    found = distances(points)
    pairs = np.triu_indices(40, 1)
    assert stress < 0.01
    assert np.corrcoef(wanted[pairs], found[pairs])[0, 1] > 0.999


@given(st.integers(1, 40), st.integers(0, 1000), st.integers(1, 8))
def test_points_are_finite_and_within_the_unit_circle_around_the_centre(count, seed, dim):
    centre = seed % count
    points, stress = plane(distances(scattered(count, seed, dim)), centre)
    assert points.shape == (count, 2)
    assert np.isfinite(points).all()
    assert np.array_equal(points[centre], [0, 0])
    assert np.linalg.norm(points, axis=1).max() == pytest.approx(1.0 if count > 1 else 0.0)
    assert 0 <= stress <= 1


@given(st.integers(3, 30), st.integers(0, 1000))
def test_it_is_turned_to_where_the_points_spread_most_with_the_farthest_on_the_positive_side(count, seed):
    points, _ = plane(distances(scattered(count, seed, 3)), 0)
    spread = points.T @ points
    assert spread[0, 0] >= spread[1, 1]
    assert spread[0, 1] == pytest.approx(0, abs=1e-6)
    for axis in points.T:
        assert axis[np.abs(axis).argmax()] >= 0


def test_the_order_of_the_others_does_not_matter():
    wanted = distances(scattered(30, 3, 5))
    order = np.r_[0, np.random.default_rng(1).permutation(np.arange(1, 30))]
    points, stress = plane(wanted, 0)
    shuffled, again = plane(wanted[np.ix_(order, order)], 0)
    assert shuffled == pytest.approx(points[order], abs=1e-4)
    assert again == pytest.approx(stress, abs=1e-5)


def test_the_same_dissimilarities_give_the_same_points():
    wanted = distances(scattered(50, 4, 10))
    assert np.array_equal(plane(wanted, 0)[0], plane(wanted, 0)[0])


def test_refining_lowers_what_classical_scaling_leaves(monkeypatch):
    wanted = distances(scattered(60, 5, 20))
    _, refined = plane(wanted, 0)
    monkeypatch.setattr("trialkin.index.scaling._STEPS", 0)
    _, classical = plane(wanted, 0)
    assert refined < classical


def test_distances_from_the_centre_are_drawn_more_truly_than_others():
    wanted = distances(scattered(60, 6, 20))
    points, _ = plane(wanted, 0)
    found = distances(points)
    others = [np.corrcoef(wanted[row, 1:], found[row, 1:])[0, 1] for row in range(1, 60)]
    assert np.corrcoef(wanted[0, 1:], found[0, 1:])[0, 1] > np.mean(others)


@pytest.mark.parametrize("count", [1, 2, 5, 30])
def test_what_is_all_alike_lies_in_one_place(count):
    points, stress = plane(np.zeros((count, count)), 0)
    assert not points.any()
    assert stress == 0
