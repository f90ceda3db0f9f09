import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.embed.batches import batches, pad_id

PAD = 1000
CHUNKS = st.lists(st.lists(st.integers(0, 999), max_size=40), max_size=300)


@given(CHUNKS, st.none() | st.integers(1, 5))
def test_every_chunk_is_in_one_batch_with_its_own_ids(ids, rows):
    seen = []
    for which, input_ids, mask in batches(ids, PAD, rows=rows):
        seen += which.tolist()
        for row, chunk in enumerate(which.tolist()):
            assert input_ids[row][mask[row] == 1].tolist() == ids[chunk]
            assert (input_ids[row][mask[row] == 0] == PAD).all()
            assert (np.diff(mask[row]) <= 0).all()
    assert sorted(seen) == list(range(len(ids)))


@given(CHUNKS)
def test_the_shape_of_a_batch_follows_from_the_length_of_its_chunks_alone(ids):
    shapes, widths = {}, []
    for which, input_ids, mask in batches(ids, PAD):
        rows, width = input_ids.shape
        assert mask.shape == (rows, width)
        assert {-(-max(len(ids[chunk]), 1) // 8) * 8 for chunk in which.tolist()} == {width}
        assert shapes.setdefault(width, rows) == rows
        widths.append(width)
    assert widths == sorted(widths, reverse=True)
    assert shapes == {width: 2048 // width for width in widths}


@given(CHUNKS)
def test_no_batch_is_narrower_than_the_least_width(ids):
    widths = {chunk: input_ids.shape[1] for which, input_ids, _ in batches(ids, PAD, least=24) for chunk in which}
    assert widths == {chunk: max(24, -(-len(one) // 8) * 8) for chunk, one in enumerate(ids)}


def test_rows_that_no_chunk_fills_repeat_the_first():
    ((which, input_ids, mask),) = batches([[1, 2], [3]], PAD, rows=4)
    assert which.tolist() == [0, 1]
    assert (input_ids[2:] == input_ids[0]).all()
    assert (mask[2:] == mask[0]).all()


def test_no_chunks_make_no_batches():
    assert list(batches([], PAD)) == []


def test_a_chunk_longer_than_a_batch_is_a_batch_by_itself():
    assert [input_ids.shape for _, input_ids, _ in batches([[1] * 3000, [1] * 3000], PAD)] == [(1, 3000)] * 2


class Named:
    padding = None

    def __init__(self, **tokens):
        self.token_to_id = tokens.get


@pytest.mark.parametrize(
    ("tokens", "found"), [({"[PAD]": 3}, 3), ({"<pad>": 1}, 1), ({"[PAD]": 0, "<pad>": 5}, 0), ({}, 0)]
)
def test_the_padding_token_is_found_by_name(tokens, found):
    assert pad_id(Named(**tokens)) == found


def test_the_padding_token_that_a_tokenizer_sets_comes_first(tokenizer):
    assert pad_id(tokenizer) == 0
    tokenizer.enable_padding(pad_id=7)
    assert pad_id(tokenizer) == 7
