"""The texts of a snapshot, all of them or one of n shards, embedded into a file of vectors."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ..data import Trial
from ..errors import UsageError
from .cache import VectorCache
from .chunks import ChunkPolicy
from .embedder import embed_texts, text_key
from .encoder import Encoder
from .sections import section_texts

_AT_ONCE = 4096
"""Texts of a shard that are in memory at one time."""


@dataclass(frozen=True)
class Shard:
    """One of `count` parts of all texts, by the hash of the text alone.

    So all machines agree on who embeds a text, wherever it stands, and each distinct text belongs to exactly one shard.

    Attributes:
        number: from 1 to `count`.
        count: how many shards there are.
    """

    number: int
    count: int

    def __str__(self) -> str:
        return f"{self.number} of {self.count}"

    def holds(self, key: bytes) -> bool:
        """Whether the text of a key (`text_key`) belongs to this shard."""
        return int.from_bytes(key, "big") % self.count == self.number - 1


ALL = Shard(1, 1)
"""Every text."""


def parse_shard(text: str) -> Shard:
    """``2/8`` as the second shard of eight.

    Raises:
        UsageError: it is not two whole numbers, or the first is not from 1 to the second.
    """
    match = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text.strip())
    if match is None or not 1 <= int(match[1]) <= int(match[2]):
        raise UsageError(f"{text[:40]!r} is no shard.", "Write i/n, such as 2/8 for the second of eight.")
    return Shard(int(match[1]), int(match[2]))


@dataclass
class Embedded:
    """What a run did.

    Attributes:
        trials: whose texts were looked at.
        texts, tokens: that were encoded in this run.
    """

    trials: int = 0
    texts: int = 0
    tokens: int = 0


def embed_trials(
    trials: Iterable[Trial],
    shard: Shard,
    encoder: Encoder,
    cache: VectorCache,
    policy: ChunkPolicy,
    on_trials: Callable[[int], None] = lambda _trials: None,
    on_encoded: Callable[[int, int], None] = lambda _texts, _tokens: None,
) -> Embedded:
    """Embed the texts of a shard that the cache lacks.

    Args:
        trials: of the snapshot; streamed.
        shard: which of their texts.
        encoder: makes the vectors.
        cache: of this encoder and policy; takes them.
        policy: how long texts are cut.
        on_trials: told how many trials have been dealt with.
        on_encoded: told after each commit how many texts, of how many tokens, were encoded.
    """
    report = Embedded()
    waiting: dict[bytes, str] = {}

    def encoded(texts: int, tokens: int) -> None:
        report.texts += texts
        report.tokens += tokens
        on_encoded(texts, tokens)

    def flush() -> None:
        embed_texts(list(waiting.values()), encoder, cache, policy, encoded)
        waiting.clear()
        on_trials(report.trials)

    for trial in trials:
        for text in section_texts(trial).values():
            key = text_key(text)
            if shard.holds(key):
                waiting[key] = text
        report.trials += 1
        if len(waiting) >= _AT_ONCE:
            flush()
    flush()
    return report
