import numpy as np
import pytest

from trialkin.data import Snapshot, upsert
from trialkin.embed import ChunkPolicy, Section, VectorCache, embed_texts, section_texts
from trialkin.errors import StorageError
from trialkin.index.derived import derived_table
from trialkin.index.section_vectors import Embedding, section_vectors


@pytest.fixture
def gathered(tmp_path, fake_encoder):
    """The vectors of some trials in the order of their ids, from a cache that stays; what was encoded, and told."""
    encoder = fake_encoder()

    def gather(trials):
        upsert(tmp_path / "snapshot", trials, "test")
        snapshot = Snapshot.open(tmp_path / "snapshot")
        held = list(snapshot.trials())
        order = np.argsort([one.nct_id for one in held])
        derived = derived_table((bytes(16), held[place]) for place in order)
        told = []
        with VectorCache(tmp_path / "vectors.sqlite", encoder.dim) as cache:
            embedding = Embedding(encoder, cache, ChunkPolicy(), told.append, lambda _texts, _tokens: None)
            return section_vectors(snapshot, derived, order, embedding), told

    gather.encoder = encoder
    return gather


def test_every_section_has_the_vectors_of_its_texts_in_the_order_of_the_index(gathered, sample_trials, tmp_path):
    vectors, _ = gathered(sample_trials[:30][::-1])
    trials = sorted(sample_trials[:30], key=lambda one: one.nct_id)
    texts = [section_texts(one) for one in trials]
    for section in Section:
        having = [row for row, one in enumerate(texts) if section in one]
        assert vectors[section][1].tolist() == having
        with VectorCache(tmp_path / "others.sqlite", gathered.encoder.dim) as cache:
            expected = embed_texts([texts[row][section] for row in having], gathered.encoder, cache, ChunkPolicy())
        np.testing.assert_array_equal(vectors[section][0], expected)


def test_only_trials_with_new_texts_are_embedded_and_told_of(gathered, sample_trials):
    gathered(sample_trials[:20])
    before = gathered.encoder.texts
    first, told = gathered(sample_trials[:20])
    assert (gathered.encoder.texts, told) == (before, [])
    _, told = gathered(sample_trials[20:23])
    assert told == [23]
    assert gathered.encoder.texts > before
    assert len(first[Section.TITLE][1]) == 20


def test_a_section_that_no_trial_has_is_absent(gathered, make_trial):
    assert list(gathered([make_trial(1), make_trial(2)])[0]) == [Section.TITLE]


def test_a_cache_that_loses_vectors_is_said_so(gathered, sample_trials, monkeypatch):
    monkeypatch.setattr(VectorCache, "put", lambda _cache, vectors: list(vectors))
    with pytest.raises(StorageError, match="lost"):
        gathered(sample_trials[:2])
