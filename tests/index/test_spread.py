import numpy as np
import pytest

from trialkin.index.spread import Spread


def unit(shape, seed):
    vectors = np.random.default_rng(seed).standard_normal(shape).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


@pytest.mark.parametrize("count", [1, 2, 50, 40_000])
def test_a_standing_is_the_mean_and_deviation_of_all_products(count):
    vectors = unit((count, 16), seed=1).astype(np.float16)
    query = unit(16, seed=2)
    products = vectors.astype(np.float64) @ query.astype(np.float64)
    mean, deviation = Spread.of(vectors).standing(query)
    assert mean == pytest.approx(products.mean(), abs=1e-6)
    assert deviation == pytest.approx(max(products.std(), 0.01), rel=1e-4)


def test_vectors_that_lie_close_together_are_still_told_apart():
    vectors = unit(24, seed=5) + 0.02 * unit((2000, 24), seed=6)
    query = unit(24, seed=7)
    products = vectors.astype(np.float64) @ query.astype(np.float64)
    assert Spread.of(vectors).standing(4 * query)[1] == pytest.approx(4 * products.std(), rel=1e-3)


def test_equal_vectors_have_a_least_deviation():
    vectors = np.repeat(unit((1, 8), seed=3), 5, axis=0)
    mean, deviation = Spread.of(vectors).standing(vectors[0])
    assert mean == pytest.approx(1)
    assert deviation == 0.01


def test_no_vectors_have_a_spread_all_the_same():
    assert Spread.of(np.zeros((0, 4), np.float32)).standing(np.ones(4, np.float32)) == (0.0, 0.01)


def test_the_principal_directions_are_those_in_which_vectors_differ_most():
    rng = np.random.default_rng(4)
    turned, _ = np.linalg.qr(rng.standard_normal((6, 6)))
    vectors = (rng.standard_normal((3000, 6)) * [5, 4, 3, 0.1, 0.1, 0.1]) @ turned.T
    directions = Spread.of(vectors.astype(np.float32)).principal(3)
    assert directions.shape == (6, 3)
    np.testing.assert_allclose(directions.T @ directions, np.eye(3), atol=1e-5)
    assert np.abs(np.sum(directions * turned[:, :3], axis=0)) == pytest.approx(np.ones(3), abs=0.01)


def test_a_spread_is_read_as_it_was_written(tmp_path):
    spread = Spread.of(unit((30, 5), seed=8))
    spread.write(tmp_path / "spread.npy")
    read = Spread.read(tmp_path / "spread.npy")
    np.testing.assert_array_equal(read.mean, spread.mean)
    np.testing.assert_array_equal(read.covariance, spread.covariance)


@pytest.mark.parametrize(("own", "others"), [(1, 30), (40, 7), (200, 2000)])
def test_a_spread_with_others_is_that_of_all_vectors(own, others):
    vectors = unit((own + others, 6), seed=own) + 0.5 * (np.arange(own + others) < own)[:, None]
    vectors = vectors.astype(np.float32)
    together = Spread.of(vectors[:own]).with_others(own, (Spread.of(vectors[own:]), others))
    np.testing.assert_allclose(together.mean, Spread.of(vectors).mean, atol=1e-5)
    np.testing.assert_allclose(together.covariance, Spread.of(vectors).covariance, atol=1e-5)


@pytest.mark.parametrize("others", [None, (Spread.of(unit((9, 5), seed=3)), 0.0)])
def test_a_spread_without_others_stays_what_it_is(others):
    spread = Spread.of(unit((30, 5), seed=8))
    assert spread.with_others(30, others) is spread
