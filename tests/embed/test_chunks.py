import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from trialkin.embed.chunks import ChunkPolicy, Chunks, cut, pool

LONG = " ".join(f"word{number}" for number in range(400))


def test_a_short_text_is_one_chunk_between_the_special_tokens(tokenizer):
    chunks = cut(tokenizer, ["moon dust"], ChunkPolicy())
    assert chunks.ids == [tokenizer.encode("moon dust").ids]
    assert tokenizer.decode(chunks.ids[0], skip_special_tokens=False) == "[CLS] moon dust [SEP]"


def test_a_text_without_tokens_is_one_chunk_of_the_special_tokens_alone(tokenizer):
    chunks = cut(tokenizer, ["", "moon"], ChunkPolicy())
    assert [len(ids) for ids in chunks.ids] == [2, 3]
    assert chunks.owner.tolist() == [0, 1]


def test_a_long_text_is_cut_at_the_policy_s_length_and_number(tokenizer):
    chunks = cut(tokenizer, [LONG, "moon", LONG], ChunkPolicy(tokens=32, overlap=8, limit=3))
    assert chunks.owner.tolist() == [0, 0, 0, 1, 2, 2, 2]
    assert chunks.texts == 3
    assert [len(ids) for ids in chunks.ids] == [32, 32, 32, 3, 32, 32, 32]


@pytest.mark.parametrize("overlap", [0, 8, 15])
def test_neighbouring_chunks_share_the_overlap_and_lose_no_token(tokenizer, overlap):
    chunks = cut(tokenizer, [LONG], ChunkPolicy(tokens=32, overlap=overlap, limit=1000))
    inner = [ids[1:-1] for ids in chunks.ids]
    for left, right in itertools.pairwise(inner):
        assert left[len(left) - overlap :] == right[:overlap]
    tokenizer.no_truncation()
    joined = inner[0] + [token for ids in inner[1:] for token in ids[overlap:]]
    assert joined == tokenizer.encode(LONG).ids[1:-1]


def test_an_overlap_of_more_than_half_a_chunk_still_moves_on(tokenizer):
    chunks = cut(tokenizer, [LONG], ChunkPolicy(tokens=16, overlap=500, limit=4))
    assert len({tuple(ids) for ids in chunks.ids}) == 4


def test_what_follows_the_last_chunk_changes_nothing(tokenizer):
    policy = ChunkPolicy(tokens=16, overlap=4, limit=2)
    assert cut(tokenizer, [LONG], policy).ids == cut(tokenizer, [LONG * 50], policy).ids


@st.composite
def vectors_of_chunks(draw):
    counts = draw(st.lists(st.integers(1, 4), min_size=1, max_size=6))
    owner = np.repeat(np.arange(len(counts)), counts)
    lengths = draw(st.lists(st.integers(2, 130), min_size=len(owner), max_size=len(owner)))
    rows = draw(arrays.arrays(np.float32, (len(owner), 5), elements=st.floats(0.125, 1, width=32)))
    return rows, Chunks([[7] * length for length in lengths], owner, len(counts))


@given(vectors_of_chunks())
def test_pooling_gives_one_unit_vector_a_text_between_its_chunks(made):
    vectors, chunks = made
    pooled = pool(vectors, chunks)
    assert pooled.shape == (chunks.texts, 5)
    assert pooled.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(pooled, axis=1), 1, rtol=1e-5)
    for text, vector in enumerate(pooled):
        mine = chunks.owner == text
        lengths = np.asarray([len(ids) for ids in chunks.ids])[mine]
        mean = np.average(vectors[mine], axis=0, weights=lengths)
        np.testing.assert_allclose(vector, mean / np.linalg.norm(mean), rtol=1e-4)


def test_a_text_whose_chunks_cancel_out_has_a_finite_vector():
    chunks = Chunks([[1], [1]], np.asarray([0, 0]), 1)
    assert np.isfinite(pool(np.asarray([[1, 0], [-1, 0]], np.float32), chunks)).all()
