"""Some trials of a snapshot on their way into an index: derived and embedded, from the caches where these know them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ..data import Snapshot, Trial
from ..data.schema import DIGEST, TRIAL_SCHEMA
from ..embed import ChunkPolicy, Encoder, Section, VectorCache, embed_texts, section_texts
from .derived import Derived, DerivedCache
from .facts import fact_table
from .links import link_table
from .near import site_table
from .store import CARD_COLUMNS

_AT_ONCE = 2000
"""Trials whose records are in memory at one time."""
_LIGHT = [*CARD_COLUMNS, "interventionAncestors"]


@dataclass(frozen=True)
class TrialBatch:
    """Some trials.

    Attributes:
        rows: of each, the columns that its card is made from, and the classes of its interventions.
        facts: what reasons quote of each: `FACT_SCHEMA`.
        sites: where each has sites: `SITE_SCHEMA`; rows count from the first of these.
        links: what each says of others of the same study: `LINK_SCHEMA`.
        derived: of each.
        texts: for each vector the number of its trial among these, and its section.
        vectors: float16, shape (texts, dim).
    """

    rows: Sequence[Mapping[str, Any]]
    facts: pa.Table
    sites: pa.Table
    links: pa.Table
    derived: Sequence[Derived]
    texts: Sequence[tuple[int, Section]]
    vectors: NDArray[np.float16]


def batches(
    snapshot: Snapshot,
    derived: DerivedCache,
    encoder: Encoder,
    vectors: VectorCache,
    policy: ChunkPolicy,
    on_encoded: Callable[[int, int], None],
) -> Iterator[TrialBatch]:
    """All trials of a snapshot, in its order. What the caches lack is worked out, and kept in them."""
    for records in snapshot.batches([*TRIAL_SCHEMA.names, DIGEST.name], _AT_ONCE):
        source = _Records(records)
        found = source.derived(derived)
        texts = [(number, section) for number, one in enumerate(found) for section in one.sections]
        keys = [found[number].sections[section] for number, section in texts]
        known = vectors.get(list(dict.fromkeys(keys)))
        lacking = [number for (number, _), key in zip(texts, keys, strict=True) if key not in known]
        wanted = {
            found[number].sections[section]: text
            for number in dict.fromkeys(lacking)
            for section, text in section_texts(source.trial(number)).items()
        }
        missing = {key: text for key, text in wanted.items() if key not in known}
        embedded = embed_texts(list(missing.values()), encoder, vectors, policy, on_encoded)
        known |= dict(zip(missing, embedded, strict=True))
        every = np.stack([known[key] for key in keys]) if keys else np.empty((0, encoder.dim), np.float16)
        yield TrialBatch(
            rows=records.select(_LIGHT).to_pylist(),
            facts=fact_table(records),
            sites=site_table(records),
            links=link_table(records),
            derived=found,
            texts=texts,
            vectors=every,
        )


class _Records:
    """Records as the snapshot has them; one becomes a `Trial` only when it is asked for."""

    def __init__(self, records: pa.RecordBatch) -> None:
        self._records = records
        self.trial = lru_cache(maxsize=_AT_ONCE)(self._trial)

    def derived(self, cache: DerivedCache) -> list[Derived]:
        """What is derived of each."""
        digests = [bytes.fromhex(digest) for digest in self._records[DIGEST.name].to_pylist()]
        known = cache.get(digests)
        fresh = {digest: Derived.of(self.trial(number)) for number, digest in enumerate(digests) if digest not in known}
        cache.put(fresh.items())
        return [known[digest] if digest in known else fresh[digest] for digest in digests]

    def _trial(self, number: int) -> Trial:
        return Trial.model_validate(self._records.slice(number, 1).select(TRIAL_SCHEMA.names).to_pylist()[0])
