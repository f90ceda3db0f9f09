import hashlib
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers

from trialkin.embed import ChunkPolicy, VectorCache, cache_path, embed_query, embed_texts, embedder
from trialkin.embed.model_files import ModelFiles

POLICY = ChunkPolicy(tokens=16, overlap=4, limit=2)
TEXTS = [f"text {number} of the moon" for number in range(10)]


def letters():
    """A tokenizer of single letters."""
    tokenizer = Tokenizer(models.WordLevel({chr(code): code for code in range(128)}, unk_token=" "))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    return tokenizer


@dataclass
class CountingEncoder:
    """An encoder that needs no model: a vector from the hash of the token ids. It counts, and may break off."""

    model: ModelFiles = field(default_factory=lambda: ModelFiles("fake", Path("fake"), "f" * 64))
    tokenizer: Tokenizer = field(default_factory=letters)
    precision: str = "f32"
    variant: str = "float"
    dim: int = 4
    texts: int = 0
    breaks_after: int = 1000

    def encode_chunks(self, chunks):
        if self.texts >= self.breaks_after:
            raise KeyboardInterrupt
        self.texts += chunks.texts
        return self.encode_query(chunks)

    def encode_query(self, chunks):
        digests = [hashlib.sha256(bytes(ids)).digest()[: self.dim] for ids in chunks.ids]
        vectors = np.asarray([[1 + byte for byte in digest] for digest in digests], np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def cache(tmp_path):
    with VectorCache(tmp_path / "cache.sqlite", 4) as opened:
        yield opened


def test_each_text_gets_its_own_unit_vector(cache):
    encoder = CountingEncoder()
    vectors = embed_texts(TEXTS, encoder, cache, POLICY)
    assert vectors.shape == (10, 4)
    assert vectors.dtype == np.float16
    np.testing.assert_allclose(np.linalg.norm(vectors.astype(np.float32), axis=1), 1, atol=1e-3)
    for text, vector in zip(TEXTS, vectors, strict=True):
        assert vector.tolist() == embed_query(text, encoder, POLICY).astype(np.float16).tolist()


def test_identical_texts_are_encoded_once(cache):
    encoder = CountingEncoder()
    vectors = embed_texts(["moon", "dust", "moon", "moon"], encoder, cache, POLICY)
    assert encoder.texts == 2
    assert vectors[0].tolist() == vectors[2].tolist() == vectors[3].tolist() != vectors[1].tolist()


def test_texts_of_the_cache_are_not_encoded_again(cache):
    first, again = CountingEncoder(), CountingEncoder()
    vectors = embed_texts(TEXTS, first, cache, POLICY)
    assert embed_texts(["new", *reversed(TEXTS)], again, cache, POLICY)[1:].tolist() == vectors[::-1].tolist()
    assert (first.texts, again.texts) == (10, 1)


def test_an_interrupted_embedding_continues_after_what_was_committed(tmp_path, cache, monkeypatch):
    monkeypatch.setattr(embedder, "_WINDOW", 3)
    breaking, continuing = CountingEncoder(breaks_after=6), CountingEncoder()
    with pytest.raises(KeyboardInterrupt):
        embed_texts(TEXTS, breaking, cache, POLICY)
    with VectorCache(tmp_path / "cache.sqlite", 4) as reopened:
        vectors = embed_texts(TEXTS, continuing, reopened, POLICY)
    assert (breaking.texts, continuing.texts) == (6, 4)
    with VectorCache(tmp_path / "other.sqlite", 4) as empty:
        assert vectors.tolist() == embed_texts(TEXTS, CountingEncoder(), empty, POLICY).tolist()


def test_a_damaged_vector_is_encoded_again(cache):
    encoder = CountingEncoder()
    vectors = embed_texts(TEXTS, encoder, cache, POLICY)
    cache._db.execute("UPDATE vectors SET crc = crc + 1 WHERE key = (SELECT min(key) FROM vectors)")
    assert embed_texts(TEXTS, encoder, cache, POLICY).tolist() == vectors.tolist()
    assert encoder.texts == 11


def test_progress_tells_texts_and_tokens_after_each_commit(cache, monkeypatch):
    monkeypatch.setattr(embedder, "_WINDOW", 2)
    seen = []
    embed_texts(["ab", "abc", "a"], CountingEncoder(), cache, POLICY, lambda *told: seen.append((*told, len(cache))))
    assert seen == [(2, 5, 2), (1, 1, 3)]


def test_no_texts_give_no_vectors(cache):
    assert embed_texts([], CountingEncoder(), cache, POLICY).shape == (0, 4)


def test_models_variants_and_policies_have_caches_of_their_own():
    def path(name="m", fingerprint="a" * 64, variant="float", policy=POLICY):
        model = ModelFiles(name, Path(), fingerprint)
        return cache_path(Path("v"), CountingEncoder(model=model, variant=variant), policy)

    others = [
        path(name="n"),
        path(fingerprint="b" * 64),
        path(variant="int8-01234567"),
        path(policy=ChunkPolicy(17, 4, 2)),
        path(policy=ChunkPolicy(16, 5, 2)),
        path(policy=ChunkPolicy(16, 4, 3)),
    ]
    assert len({path(), *others}) == 7
    assert {one.parent for one in others} == {Path("v")}
