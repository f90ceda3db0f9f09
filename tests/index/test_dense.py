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


def test_similarities_are_cosines_and_nan_where_the_section_is_absent(section):
    got = section.similarities(np.stack([QUERY, -QUERY]), np.arange(TRIALS, dtype=np.int32))
    assert got[0, ROWS] == pytest.approx(COSINES, abs=1e-6)
    assert got[1, ROWS] == pytest.approx(-COSINES, abs=1e-6)
    assert np.isnan(np.delete(got, ROWS, axis=1)).all()
    assert np.isnan(got).sum() == 2 * (TRIALS - len(ROWS))


@given(rows=st.lists(st.integers(0, TRIALS - 1), max_size=200))
def test_similarities_are_the_same_to_the_last_bit_whatever_rows_they_are_asked_with(section, rows):
    every = section.similarities(QUERY[None], np.arange(TRIALS, dtype=np.int32))
    asked = np.asarray(rows, np.int32)
    np.testing.assert_array_equal(section.similarities(QUERY[None], asked), every[:, asked])


def test_the_spread_is_the_mean_and_deviation_over_all_that_have_the_section(section):
    assert section.spread.standing(QUERY) == pytest.approx((COSINES.mean(), COSINES.std()), abs=1e-6)


def test_the_sections_of_an_index_are_a_mapping(tmp_path):
    for name in (Section.TITLE, Section.ARMS):
        write_section(tmp_path, name, VECTORS, ROWS)
    dense = Dense(tmp_path, [Section.TITLE, Section.ARMS], TRIALS)
    assert list(dense) == [Section.TITLE, Section.ARMS]
    assert len(dense) == 2
    assert Section.DESIGN not in dense
