import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from trialkin.index.sparse_rows import SparseRows, write_rows

COLUMNS = 12


def random_rows(seed, count):
    """Rows of a few columns each, some of them empty, sparse and dense."""
    rng = np.random.default_rng(seed)
    dense = np.where(rng.random((count, COLUMNS)) < 0.3, rng.random((count, COLUMNS)), 0).astype(np.float32)
    dense[:: max(count // 3, 1)] = 0
    return dense


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """Writes rows and opens them."""

    def make(rows):
        folder = tmp_path_factory.mktemp("rows")
        write_rows(folder, "some", sparse.csr_matrix(rows))
        return SparseRows(folder, "some")

    return make


def test_a_row_is_read_back_in_the_order_of_its_columns(opened):
    rows = opened(sparse.csr_matrix(([0.5, 0.25], [5, 2], [0, 2, 2]), (2, COLUMNS), np.float32))
    ids, values = rows.row(0)
    assert (ids.tolist(), values.tolist()) == ([2, 5], [0.25, 0.5])
    assert rows.row(1)[0].size == rows.row(1)[1].size == 0


@given(seed=st.integers(0, 10_000), count=st.integers(1, 40), data=st.data())
def test_products_are_those_of_the_dense_matrix(opened, seed, count, data):
    dense = random_rows(seed, count)
    ids = np.asarray(data.draw(st.lists(st.integers(0, COLUMNS - 1), unique=True)), np.int32)
    chosen = np.asarray(data.draw(st.lists(st.integers(0, count - 1), max_size=60)), np.int32)
    weights = np.random.default_rng(seed).random(len(ids)).astype(np.float32)
    expected = dense[chosen][:, ids] @ weights
    got = opened(dense).products(ids, weights, chosen)
    assert got.dtype == np.float32
    assert got.shape == (len(chosen),)
    np.testing.assert_allclose(got, expected, atol=1e-5)


def test_rows_without_any_column_have_products_of_zero(opened):
    rows = opened(np.zeros((3, COLUMNS), np.float32))
    every = np.arange(3, dtype=np.int32)
    assert rows.products(np.asarray([1], np.int32), np.asarray([1], np.float32), every).tolist() == [0, 0, 0]


def test_the_spread_tells_the_mean_of_all_products(opened):
    dense = random_rows(3, 200)
    ids, weights = np.asarray([0, 4, 7], np.int32), np.asarray([1, 0.5, 0.25], np.float32)
    products = dense[:, ids] @ weights
    mean, deviation = opened(dense).spread(ids, weights)
    assert mean == pytest.approx(products.mean(), abs=1e-5)
    assert deviation == pytest.approx(np.sqrt(weights**2 @ dense[:, ids].var(axis=0)), rel=1e-4)
    assert deviation == pytest.approx(products.std(), rel=0.2)


def test_the_deviation_of_one_column_is_exact(opened):
    dense = random_rows(4, 100)
    _, deviation = opened(dense).spread(np.asarray([2], np.int32), np.asarray([3], np.float32))
    assert deviation == pytest.approx(3 * dense[:, 2].std(), rel=1e-4)


def test_a_query_of_nothing_has_a_deviation_to_divide_by(opened):
    mean, deviation = opened(random_rows(5, 10)[0]).spread(np.empty(0, np.int32), np.empty(0, np.float32))
    assert mean == 0
    assert deviation > 0


def test_others_are_counted_in_the_spread_alone(tmp_path):
    dense = random_rows(4, 60)
    own, others = dense[:20], dense[20:]
    sums = np.stack([others.sum(axis=0), (others**2).sum(axis=0)])
    write_rows(tmp_path, "some", sparse.csr_matrix(own), (len(others), sums))
    write_rows(tmp_path, "all", sparse.csr_matrix(dense))
    ids, weights = np.asarray([1, 4, 9], np.int32), np.asarray([1, 0.5, 0.25], np.float32)
    some, every = SparseRows(tmp_path, "some"), SparseRows(tmp_path, "all")
    assert some.spread(ids, weights) == pytest.approx(every.spread(ids, weights), rel=1e-5)
    rows = np.arange(20, dtype=np.int32)
    np.testing.assert_array_equal(some.products(ids, weights, rows), every.products(ids, weights, rows))
