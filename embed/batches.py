"""Chunks in batches of few, fixed shapes.

Every chunk is padded to the next multiple of eight tokens, and every batch of one width has the same number of
rows. So the shape in which a chunk is computed follows from the chunk alone: its vector is the same whatever else
is encoded with it, and an interrupted, repeated or incremental build gives the same vectors as a full one.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

_WIDTH = 8
_TOKENS = 2048
"""Tokens a batch, about: more does not make two cores faster, less does not fill them."""


def batches(
    ids: Sequence[Sequence[int]], pad_id: int, *, rows: int | None = None, least: int = _WIDTH
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]]:
    """Group chunks by padded width, widest first.

    Args:
        ids: token ids a chunk.
        pad_id: the token that fills up.
        rows: rows a batch; by default what makes about 2,048 tokens.
        least: the least width, a multiple of eight.

    Yields:
        ``which`` int64 (n,): the chunks in this batch; ``input_ids`` and ``attention_mask`` int32 (rows, width) with
        n <= rows; rows past n repeat the first.
    """
    widths = np.asarray([max(-(-len(one) // _WIDTH) * _WIDTH, least) for one in ids], np.int64)
    for width in np.unique(widths)[::-1].tolist():
        members = np.flatnonzero(widths == width)
        count = rows or max(1, _TOKENS // width)
        for start in range(0, len(members), count):
            which = members[start : start + count]
            input_ids = np.full((count, width), pad_id, np.int32)
            mask = np.zeros((count, width), np.int32)
            for row, chunk in enumerate(which.tolist()):
                input_ids[row, : len(ids[chunk])] = ids[chunk]
                mask[row, : len(ids[chunk])] = 1
            input_ids[len(which) :] = input_ids[0]
            mask[len(which) :] = mask[0]
            yield which, input_ids, mask


def pad_id(tokenizer: object) -> int:
    """The id of the padding token, 0 where the tokenizer names none."""
    padding = getattr(tokenizer, "padding", None)
    if padding:
        return int(padding["pad_id"])
    for token in ("[PAD]", "<pad>"):
        found = getattr(tokenizer, "token_to_id", lambda _: None)(token)
        if found is not None:
            return int(found)
    return 0
