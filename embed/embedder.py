"""Texts to vectors through the cache, and a query to its vector."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .cache import VectorCache
from .chunks import ChunkPolicy, cut, pool
from .encoder import Encoder

_WINDOW = 4096
"""Texts encoded between two commits: large enough to sort by length without waste, small enough to lose little."""


def cache_path(folder: Path, encoder: Encoder, policy: ChunkPolicy) -> Path:
    """The cache file of a model, its variant and a chunk policy."""
    model = f"{encoder.model.name}-{encoder.model.fingerprint[:12]}"
    return folder / f"{model}-{encoder.variant}-{policy.tokens}-{policy.overlap}-{policy.limit}.sqlite"


def text_key(text: str) -> bytes:
    """What the cache knows a text by: its BLAKE2b-128."""
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def embed_texts(
    texts: Sequence[str],
    encoder: Encoder,
    cache: VectorCache,
    policy: ChunkPolicy,
    on_encoded: Callable[[int, int], None] = lambda _texts, _tokens: None,
) -> NDArray[np.float16]:
    """One unit vector a text; identical texts, and texts of the cache, are not encoded again.

    Args:
        texts: any number of texts.
        encoder: what encodes those that the cache lacks.
        cache: of this encoder and policy.
        policy: how long texts are cut.
        on_encoded: told after each commit how many texts, of how many tokens, were encoded.

    Returns:
        float16, shape (texts, dim).
    """
    keys = [text_key(text) for text in texts]
    distinct = dict(zip(keys, texts, strict=True))
    vectors = cache.get(list(distinct))
    missing = [key for key in distinct if key not in vectors]
    for start in range(0, len(missing), _WINDOW):
        part = missing[start : start + _WINDOW]
        chunks = cut(encoder.tokenizer, [distinct[key] for key in part], policy, encoder.model.prompts.text)
        pooled = pool(encoder.encode_chunks(chunks), chunks).astype(np.float16)
        fresh = dict(zip(part, pooled, strict=True))
        cache.put(fresh.items())
        vectors |= fresh
        on_encoded(len(part), sum(map(len, chunks.ids)))
    return np.stack([vectors[key] for key in keys]) if keys else np.empty((0, encoder.dim), np.float16)


def embed_query(text: str, encoder: Encoder, policy: ChunkPolicy) -> NDArray[np.float32]:
    """The unit vector of a text that is looked for: float32, shape (dim,)."""
    return _embed_one(text, encoder, policy, encoder.model.prompts.query)


def embed_section(text: str, encoder: Encoder, policy: ChunkPolicy) -> NDArray[np.float32]:
    """The unit vector of a section of a trial that is no part of an index: float32, shape (dim,)."""
    return _embed_one(text, encoder, policy, encoder.model.prompts.text)


def _embed_one(text: str, encoder: Encoder, policy: ChunkPolicy, prompt: str) -> NDArray[np.float32]:
    chunks = cut(encoder.tokenizer, [text], policy, prompt)
    return pool(encoder.encode_query(chunks), chunks)[0]
