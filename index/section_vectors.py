"""The vectors of all sections of a snapshot's trials, from the cache; what it lacks is embedded first."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ..data import Snapshot
from ..embed import ChunkPolicy, Encoder, Section, VectorCache
from ..embed.sharding import ALL, embed_trials
from ..errors import StorageError
from .derived import key_column

_AT_ONCE = 10_000
"""New vectors that are read back at one time."""
SectionVectors = Mapping[Section, tuple[NDArray[np.float16], NDArray[np.int32]]]
"""Of each section that any trial has: unit vectors, float16, shape (n, dim), and the rows of their trials in the
index, int32, shape (n,), ascending."""


@dataclass(frozen=True)
class Embedding:
    """How texts become vectors.

    Attributes:
        encoder: makes them.
        cache: of this encoder and policy.
        policy: how long texts are cut.
        on_trials: told how many trials are embedded.
        on_encoded: told after each commit how many texts, of how many tokens, were encoded.
    """

    encoder: Encoder
    cache: VectorCache
    policy: ChunkPolicy
    on_trials: Callable[[int], None]
    on_encoded: Callable[[int, int], None]


def section_vectors(
    snapshot: Snapshot, derived: pa.Table, order: NDArray[np.int64], embedding: Embedding
) -> SectionVectors:
    """The vectors of every section.

    Args:
        snapshot: whose texts they are of.
        derived: a table of `DERIVED_SCHEMA`, in the index's order.
        order: int64, shape (trials,): positions in the snapshot, in the index's order.
        embedding: how texts become vectors.

    Raises:
        StorageError: the cache loses what it was given.
    """
    columns = [derived[key_column(section)] for section in Section]
    coded = pa.chunked_array([chunk for column in columns for chunk in column.chunks]).combine_chunks()
    coded = coded.dictionary_encode()
    keys: list[bytes] = coded.dictionary.to_pylist()
    places = coded.indices.fill_null(-1).to_numpy().reshape(len(Section), -1)
    vectors, there = embedding.cache.matrix(keys)
    missing = np.flatnonzero(~there)
    if len(missing):
        _embed(snapshot, order[np.isin(places, missing).any(axis=0)], embedding)
        for start in range(0, len(missing), _AT_ONCE):
            part = missing[start : start + _AT_ONCE]
            vectors[part] = _read_back([keys[place] for place in part.tolist()], embedding.cache)
    rows = [np.flatnonzero(one >= 0).astype(np.int32) for one in places]
    return {
        section: (vectors[one[held]], held)
        for section, one, held in zip(Section, places, rows, strict=True)
        if len(held)
    }


def _embed(snapshot: Snapshot, positions: NDArray[np.int64], embedding: Embedding) -> None:
    """Embed the texts of trials at some positions of the snapshot that the cache lacks."""
    wanted = np.zeros(len(snapshot), np.bool_)
    wanted[positions] = True
    before = len(snapshot) - len(positions)
    embed_trials(
        (trial for _, trial in snapshot.chosen(wanted)),
        ALL,
        embedding.encoder,
        embedding.cache,
        embedding.policy,
        lambda done: embedding.on_trials(before + done),
        embedding.on_encoded,
    )


def _read_back(keys: list[bytes], cache: VectorCache) -> NDArray[np.float16]:
    found = cache.get(keys)
    if len(found) < len(keys):
        raise StorageError(
            f"The vector cache lost {len(keys) - len(found):,} vectors that were just written to it.",
            "Check the disk, then run trialkin build again.",
        )
    return np.stack([found[key] for key in keys])
