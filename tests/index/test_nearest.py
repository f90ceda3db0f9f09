import faiss
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.faiss_files import vectors_of
from trialkin.index.nearest import Nearest, write_nearest

TRIALS, DIM = 3000, 16


def some_vectors(trials, seed=0):
    """Of a third of the trials each vector is that of the trial before, too, as of records without a text."""
    vectors = np.random.default_rng(seed).standard_normal((trials, DIM)).astype(np.float32)
    vectors[1::3] = vectors[::3][: len(vectors[1::3])]
    return vectors


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("nearest") / "some.faiss"
    write_nearest(path, some_vectors(TRIALS))
    return path


@pytest.fixture(scope="module")
def nearest(path):
    return Nearest(path)


@pytest.fixture(scope="module")
def stored(path):
    return vectors_of(path)


def best(products, allowed, depth):
    """By falling product, of equal ones the first rows."""
    rows = np.flatnonzero(allowed)
    return rows[np.lexsort((rows, -products[rows]))][:depth]


def test_there_are_several_lists_to_share(path):
    assert faiss.read_index(str(path)).nlist == 5


@given(seed=st.integers(0, 1000), share=st.floats(0, 1), depth=st.integers(1, TRIALS))
def test_the_nearest_are_those_of_a_brute_force_over_the_allowed(nearest, stored, seed, share, depth):
    draw = np.random.default_rng(seed)
    query, allowed = draw.standard_normal(DIM).astype(np.float32), draw.random(TRIALS) < share
    products = stored @ query
    found = nearest.rows(query, depth, allowed)
    assert found.dtype == np.int32
    assert len(set(found.tolist())) == len(found) == min(depth, allowed.sum())
    assert allowed[found].all()
    np.testing.assert_allclose(products[found], products[best(products, allowed, depth)], atol=1e-4)


@given(seed=st.integers(0, 1000), depth=st.integers(1, 100))
def test_of_equally_near_trials_the_first_rows_are_taken(nearest, seed, depth):
    query = np.random.default_rng(seed).standard_normal(DIM).astype(np.float32)
    found = nearest.rows(query, depth, None).tolist()
    for row in found:
        if row % 3 == 1:
            assert row - 1 in found[: found.index(row)]
    assert nearest.rows(query, depth + 1, None)[:depth].tolist() == found


@pytest.mark.parametrize("trials", [1, 2, 600])
def test_a_few_are_all_found_without_complaint(tmp_path, trials, capfd):
    write_nearest(tmp_path / "few.faiss", some_vectors(trials))
    found = Nearest(tmp_path / "few.faiss").rows(np.ones(DIM, np.float32), 1000, None)
    assert sorted(found.tolist()) == list(range(trials))
    assert capfd.readouterr().err == ""


def test_vectors_of_nothing_are_found_last_in_order(tmp_path):
    vectors = some_vectors(100)
    vectors[40:60] = 0
    write_nearest(tmp_path / "some.faiss", np.abs(vectors))
    assert Nearest(tmp_path / "some.faiss").rows(np.ones(DIM, np.float32), 100, None)[-20:].tolist() == [*range(40, 60)]
