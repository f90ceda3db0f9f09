"""Long texts in overlapping chunks of the model's own tokens."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from ..errors import ModelError


@dataclass(frozen=True)
class ChunkPolicy:
    """How a long text is cut.

    Attributes:
        tokens: of a chunk, the model's special tokens included.
        overlap: tokens that neighbours share.
        limit: chunks a text at most; what follows them is not read.
    """

    tokens: int = 128
    overlap: int = 16
    limit: int = 2


@dataclass(frozen=True)
class Chunks:
    """The chunks of several texts.

    Attributes:
        ids: token ids a chunk.
        owner: int64, shape (chunks,): the text that each chunk belongs to, ascending.
        texts: how many texts there are.
    """

    ids: list[list[int]]
    owner: NDArray[np.int64]
    texts: int


_CHARACTERS_A_TOKEN = 12
"""Generous: what can be no part of the kept chunks is not tokenised."""


def cut(tokenizer: Tokenizer, texts: Sequence[str], policy: ChunkPolicy, prompt: str = "") -> Chunks:
    """Tokenise texts and cut them; a text without any token is one chunk of the special tokens alone.

    Args:
        tokenizer: its truncation is set.
        texts: any number of texts.
        policy: how long they are cut.
        prompt: what the model wants to read before a text; every chunk begins with it.

    Raises:
        ModelError: the prompt leaves little of a chunk.
    """
    tokenizer.no_padding()
    tokenizer.enable_truncation(policy.tokens, stride=min(policy.overlap, policy.tokens // 2))
    again = _prompt_ids(tokenizer, prompt, policy) if prompt else []
    reach = policy.tokens * policy.limit * _CHARACTERS_A_TOKEN
    ids: list[list[int]] = []
    owner: list[int] = []
    for number, encoding in enumerate(tokenizer.encode_batch_fast([prompt + text[:reach] for text in texts])):
        for place, chunk in enumerate([encoding, *encoding.overflowing][: policy.limit]):
            ids.append(_after(again, chunk, policy) if again and place else chunk.ids)
            owner.append(number)
    return Chunks(ids, np.asarray(owner, np.int64), len(texts))


def _prompt_ids(tokenizer: Tokenizer, prompt: str, policy: ChunkPolicy) -> list[int]:
    """The prompt as it stands before a chunk, whose first token brings the blank between them."""
    ids: list[int] = tokenizer.encode(prompt.rstrip(), add_special_tokens=False).ids
    if 2 * len(ids) > policy.tokens:
        raise ModelError(
            f"The model's prompt {prompt!r} takes more than half of a chunk of {policy.tokens} tokens.",
            "Raise TRIALKIN_CHUNK_TOKENS.",
        )
    return ids


def _after(prompt: list[int], chunk: Encoding, policy: ChunkPolicy) -> list[int]:
    """A later chunk with the prompt between its special tokens and its text.

    Where it grows too long it loses its last tokens; with them the next chunk begins, if there is one and the overlap
    is no shorter than the prompt.
    """
    special = chunk.special_tokens_mask
    first, last = special.index(0), len(special) - special[::-1].index(0)
    room = policy.tokens - len(prompt) - first - (len(special) - last)
    return [*chunk.ids[:first], *prompt, *chunk.ids[first:last][:room], *chunk.ids[last:]]


def pool(vectors: NDArray[np.float32], chunks: Chunks) -> NDArray[np.float32]:
    """One unit vector a text: the mean of its chunks' vectors, each weighted by its tokens.

    Args:
        vectors: float32, shape (chunks, dim).
        chunks: what the vectors were made from.

    Returns:
        float32, shape (texts, dim).
    """
    weights = np.asarray([len(ids) for ids in chunks.ids], np.float32)
    pooled = np.zeros((chunks.texts, vectors.shape[1]), np.float32)
    np.add.at(pooled, chunks.owner, vectors * weights[:, None])
    norms = np.linalg.norm(pooled, axis=1, keepdims=True)
    return pooled / np.maximum(norms, 1e-12)
