import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.embed import Section
from trialkin.index.dense import Dense, DenseSection, write_section

TRIALS, DIM = 500, 24
ROWS = np.flatnonzero(np.random.default_rng(3).random(TRIALS) < 0.7).astype(np.int32)


def unit(shape, seed):
    vectors = np.random.default_rng(seed).standard_normal(shape).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)


VECTORS = unit((len(ROWS), DIM), seed=1).astype(np.float16)
QUERY = unit(DIM, seed=2)
COSINES = VECTORS.astype(np.float64) @ QUERY.astype(np.float64)


@pytest.fixture(scope="module")
def section(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dense")
    write_section(folder, Section.TITLE, VECTORS, ROWS)
    return DenseSection(folder, Section.TITLE, TRIALS)


def test_a_trials_vector_is_read_back_exactly(section):
    for position in (0, 17, len(ROWS) - 1):
        np.testing.assert_array_equal(section.vector(int(ROWS[position])), VECTORS[position].astype(np.float32))


def test_a_trial_that_lacks_the_section_has_no_vector(section):
    lacking = next(row for row in range(TRIALS) if row not in ROWS)
    assert section.vector(lacking) is None


def test_search_finds_the_nearest_trials_first(section):
    found = section.search(QUERY, 20, None)
    assert found.rows.tolist() == ROWS[np.argsort(-COSINES)[:20]].tolist()
    assert found.floor == pytest.approx(np.sort(COSINES)[-20], abs=1e-6)


@given(seed=st.integers(0, 1000), share=st.floats(0, 1), depth=st.integers(1, TRIALS))
def test_a_filtered_search_is_the_brute_force_over_the_allowed(section, seed, share, depth):
    allowed = np.random.default_rng(seed).random(TRIALS) < share
    found = section.search(QUERY, depth, allowed)
    ranked = [row for row in ROWS[np.argsort(-COSINES)].tolist() if allowed[row]]
    assert found.rows.tolist() == ranked[:depth]
    if found.floor is None:
        assert len(found.rows) == len(ranked), "without a floor nothing may be left to find"
    else:
        cosine = dict(zip(ROWS.tolist(), COSINES.tolist(), strict=True))
        assert all(cosine[row] <= found.floor + 1e-6 for row in ranked[depth:])


def test_a_search_that_nothing_may_answer_finds_nothing(section):
    found = section.search(QUERY, 10, np.zeros(TRIALS, np.bool_))
    assert found.rows.size == 0
    assert found.floor is None


def test_similarities_are_cosines_and_nan_where_the_section_is_absent(section):
    got = section.similarities(QUERY, np.arange(TRIALS, dtype=np.int32))
    assert got[ROWS] == pytest.approx(COSINES, abs=1e-6)
    assert np.isnan(np.delete(got, ROWS)).all()
    assert np.isnan(got).sum() == TRIALS - len(ROWS)


@given(rows=st.lists(st.integers(0, TRIALS - 1), max_size=200))
def test_similarities_are_the_same_to_the_last_bit_whatever_rows_they_are_asked_with(section, rows):
    every = section.similarities(QUERY, np.arange(TRIALS, dtype=np.int32))
    asked = np.asarray(rows, np.int32)
    np.testing.assert_array_equal(section.similarities(QUERY, asked), every[asked])


def test_the_spread_is_the_mean_and_deviation_over_all_that_have_the_section(section):
    assert section.spread(QUERY) == pytest.approx((COSINES.mean(), COSINES.std()), abs=1e-6)


def test_the_spread_of_vectors_that_lie_close_together_is_still_exact(tmp_path):
    vectors = unit(DIM, seed=5) + 0.02 * unit((2000, DIM), seed=6)
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float16)
    write_section(tmp_path, Section.DESIGN, vectors, np.arange(2000, dtype=np.int32))
    query = unit(DIM, seed=7)
    cosines = vectors.astype(np.float64) @ query.astype(np.float64)
    mean, deviation = DenseSection(tmp_path, Section.DESIGN, 2000).spread(query)
    assert mean == pytest.approx(cosines.mean(), abs=1e-6)
    assert deviation == pytest.approx(max(cosines.std(), 0.01), rel=1e-4)


def test_equal_vectors_have_a_least_spread(tmp_path):
    write_section(tmp_path, Section.TITLE, np.repeat(VECTORS[:1], 3, axis=0), np.arange(3, dtype=np.int32))
    assert DenseSection(tmp_path, Section.TITLE, 3).spread(QUERY)[1] == 0.01


def test_the_sections_of_an_index_are_a_mapping(tmp_path):
    for name in (Section.TITLE, Section.ARMS):
        write_section(tmp_path, name, VECTORS, ROWS)
    dense = Dense(tmp_path, [Section.TITLE, Section.ARMS], TRIALS)
    assert list(dense) == [Section.TITLE, Section.ARMS]
    assert len(dense) == 2
    assert Section.DESIGN not in dense
