import faiss
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.faiss_files import vectors_of
from trialkin.embed import Section
from trialkin.index.profile import Centres, Profiles, write_profiles

TRIALS, DIM = 400, 24


def unit(vectors):
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)


def random_unit(shape, seed):
    return unit(np.random.default_rng(seed).standard_normal(shape).astype(np.float32))


def some_sections(dim=DIM, share=0.8):
    """Vectors and rows of three sections, each of which some trials lack; the last trial has none."""
    out = {}
    for seed, section in enumerate((Section.TITLE, Section.SUMMARY, Section.ELIGIBILITY)):
        rows = np.flatnonzero(np.random.default_rng(seed).random(TRIALS - 1) < share).astype(np.int32)
        out[section] = ((random_unit((len(rows), dim), seed) + 0.2).astype(np.float16), rows)
    return out


SECTIONS = some_sections()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("profiles")
    write_profiles(folder, SECTIONS, TRIALS)
    return folder


@pytest.fixture(scope="module")
def profiles(folder):
    return Profiles(folder, list(SECTIONS))


def own_vectors(row, sections=SECTIONS):
    found = {}
    for section, (vectors, rows) in sections.items():
        for place in np.flatnonzero(rows == row):
            found[section] = vectors[place].astype(np.float32)
    return found


EVERY = np.arange(TRIALS, dtype=np.int32)


def test_a_profile_is_the_weighted_mean_of_a_trials_sections_from_their_centres(profiles):
    centres = {section: vectors.astype(np.float64).mean(axis=0) for section, (vectors, _) in SECTIONS.items()}
    stored = profiles.vectors(EVERY)
    for row in range(0, TRIALS - 1, 7):
        own = own_vectors(row)
        told = [one for one in (Section.TITLE, Section.SUMMARY) if one in own] or list(own)
        expected = unit(np.sum([own[one] - centres[one] for one in told], axis=0)) if told else np.zeros(DIM)
        np.testing.assert_allclose(stored[row], expected, atol=0.01)
        if own:
            np.testing.assert_allclose(profiles.centres.profile(own), expected, atol=1e-5)


def test_a_description_counts_half():
    vectors = random_unit((2, DIM), seed=3)
    centres = Centres({Section.TITLE: np.zeros(DIM), Section.DESCRIPTION: np.zeros(DIM)})
    got = centres.profile({Section.TITLE: vectors[0], Section.DESCRIPTION: vectors[1]})
    np.testing.assert_allclose(got, unit(vectors[0] + vectors[1] / 2), atol=1e-6)


def test_a_trial_without_title_summary_and_description_is_profiled_by_what_it_has(profiles):
    bare = next(row for row in range(TRIALS) if list(own_vectors(row)) == [Section.ELIGIBILITY])
    profile = profiles.centres.profile(own_vectors(bare))
    assert profiles.similarities(profile[None], np.asarray([bare], np.int32))[0, 0] == pytest.approx(1, abs=0.01)
    assert profiles.nearest(profile, 1, None).tolist() == [bare]


def test_a_trial_without_any_section_has_no_profile(profiles):
    assert own_vectors(TRIALS - 1) == {}
    assert profiles.centres.profile({}) is None
    np.testing.assert_allclose(profiles.vectors(EVERY[-1:]), 0, atol=0.01)


def test_a_section_that_no_trial_has_is_not_looked_at():
    assert Centres({}).profile({Section.TITLE: np.ones(DIM, np.float32)}) is None


def test_a_text_is_profiled_as_a_summary(profiles):
    vector = random_unit(DIM, seed=9)
    of_summary = profiles.centres.profile({Section.SUMMARY: vector})
    np.testing.assert_allclose(profiles.centres.of_text(vector), of_summary, atol=1e-6)
    np.testing.assert_allclose(Centres({}).of_text(vector), vector, atol=1e-6)


@given(seed=st.integers(0, 1000), share=st.floats(0, 1), depth=st.integers(1, TRIALS))
def test_the_nearest_are_those_of_a_brute_force_over_the_allowed(profiles, folder, seed, share, depth):
    decoded = vectors_of(folder / "searched.faiss")
    query = random_unit(DIM, seed)
    cosines = decoded @ (np.load(folder / "principal.npy").T.astype(np.float64) @ query)
    allowed = np.random.default_rng(seed).random(TRIALS) < share
    found = profiles.nearest(query, depth, allowed)
    assert allowed[found].all()
    assert len(found) == len(set(found.tolist())) == min(depth, allowed.sum())
    np.testing.assert_allclose(cosines[found], np.sort(cosines[allowed])[::-1][:depth], atol=1e-5)


def test_without_filters_the_nearest_are_found_among_all(profiles):
    query = random_unit(DIM, seed=11)
    whole = profiles.nearest(query, TRIALS, None)
    assert sorted(whole.tolist()) == EVERY.tolist()
    assert profiles.nearest(query, 10, None).tolist() == whole[:10].tolist()
    assert profiles.nearest(query, 10 * TRIALS, None).tolist() == whole.tolist()


def test_profiles_are_read_as_faiss_reads_them(profiles, folder):
    whole = faiss.read_index(str(folder / "profile.faiss")).reconstruct_n(0, TRIALS)
    np.testing.assert_allclose(profiles.vectors(EVERY), whole, atol=1e-6)
    assert profiles.vectors(EVERY[:0]).shape == (0, DIM)


def test_similarities_are_cosines_with_the_stored_profiles(profiles):
    query, rows = random_unit(DIM, seed=12), np.asarray([5, 1, 300], np.int32)
    expected = profiles.vectors(EVERY)[rows].astype(np.float64) @ query
    np.testing.assert_allclose(profiles.similarities(np.stack([query, -query]), rows), [expected, -expected], atol=1e-5)
    assert profiles.similarities(query[None], np.empty(0, np.int32)).shape == (1, 0)


def test_the_spread_is_that_of_all_profiles(profiles):
    query = random_unit(DIM, seed=13)
    cosines = profiles.similarities(query[None], EVERY)[0]
    assert profiles.spread.standing(query) == pytest.approx((cosines.mean(), cosines.std()), abs=2e-3)


def test_profiles_of_many_directions_are_searched_in_the_principal_ones(tmp_path):
    sections = some_sections(dim=200)
    write_profiles(tmp_path, sections, TRIALS)
    profiles = Profiles(tmp_path, list(sections))
    assert np.load(tmp_path / "principal.npy").shape == (200, 128)
    for row in (0, 50, 350):
        assert profiles.nearest(profiles.centres.profile(own_vectors(row, sections)), 1, None).tolist() == [row]


def crowded(tmp_path, vectors):
    rows = np.arange(len(vectors), dtype=np.int32)
    write_profiles(tmp_path, {Section.TITLE: (vectors.astype(np.float16), rows)}, len(vectors))
    return Profiles(tmp_path, [Section.TITLE]).crowding


def test_trials_of_a_cluster_of_duplicates_are_crowded(tmp_path):
    duplicates = np.repeat(random_unit((1, DIM), seed=1), 10, axis=0)
    crowding = crowded(tmp_path, np.concatenate([random_unit((200, DIM), seed=2), duplicates]))
    assert crowding[-10:].min() > crowding[:-10].max()
    assert crowding.mean() == pytest.approx(0, abs=1e-4)
    assert crowding.std() == pytest.approx(1, abs=1e-3)


def test_crowding_is_the_standard_score_of_the_mean_of_the_five_nearest(tmp_path):
    vectors = random_unit((150, DIM), seed=4).astype(np.float16).astype(np.float64)
    profiles = unit(vectors - vectors.mean(axis=0))
    cosines = profiles @ profiles.T
    np.fill_diagonal(cosines, -1)
    near = np.sort(cosines, axis=1)[:, -5:].mean(axis=1)
    expected = (near - near.mean()) / near.std()
    np.testing.assert_allclose(crowded(tmp_path, vectors), expected, atol=1e-3)


def test_crowding_is_measured_against_a_sample_of_many(tmp_path, monkeypatch):
    module = __import__("importlib").import_module("trialkin.index.profile")
    monkeypatch.setattr(module, "_SAMPLE", 100)
    monkeypatch.setattr(module, "_AT_ONCE", 64)
    duplicates = np.repeat(random_unit((1, DIM), seed=1), 100, axis=0)
    crowding = crowded(tmp_path, np.concatenate([random_unit((200, DIM), seed=2), duplicates]))
    assert crowding[-100:].min() > crowding[:-100].max()


@pytest.mark.parametrize("count", [1, 2])
def test_a_handful_of_trials_is_not_crowded(tmp_path, count):
    np.testing.assert_allclose(crowded(tmp_path, random_unit((count, DIM), seed=5)), 0, atol=1e-3)
