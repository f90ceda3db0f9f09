"""The background: how common words, meanings and traits are in a registry at large.

What few trials share tells them apart, and a small collection cannot know what few share: among 200 trials of one
disease its name stands everywhere, and the drug that half of them give seems common. So what a small collection is
measured by is completed with the counts of a large one, as though so many more trials were in it: a prior that counts
the less the more trials there are, and nothing for a collection as large as the background itself. No trial of the
background is ever an answer; it holds counts, means and covariances, and no text.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import orjson
import pyarrow as pa
from numpy.typing import NDArray

from ..data.files import write_json
from ..errors import StorageError
from .arrow_file import read_table, write_table
from .spread import Spread

PROFILE = "profile"
"""Names the spread of profiles among those of sections."""
_FACTS, _WORDS, _SPREADS = "background.json", "words.arrow", "spreads.npy"
_SCALE = 1024.0
"""Covariances are kept so many times as large, for half floats to hold them."""
_WORD_SCHEMA = pa.schema(
    [
        ("term", pa.string()),
        ("trials", pa.int32()),
        ("saturated", pa.float16()),
        ("saturatedSquare", pa.float16()),
        ("topic", pa.float16()),
        ("topicSquare", pa.float16()),
    ]
)
"""A row a term: trials that use it, and means over these trials of what it counts there (`WordCounts`)."""


@dataclass(frozen=True)
class WordCounts:
    """How trials use words.

    Attributes:
        places: row of each term in the arrays.
        trials: trials that use each term: float32, shape (terms,).
        saturated: sums over trials of a term's saturated count in BM25, and of its square: float32, shape (2, terms).
        topic: likewise of its part in topics of unit length.
        length: sum of the lengths of all records, in counted terms.
    """

    places: Mapping[str, int]
    trials: NDArray[np.float32]
    saturated: NDArray[np.float32]
    topic: NDArray[np.float32]
    length: float

    @property
    def _arrays(self) -> tuple[NDArray[np.float32], ...]:
        return self.trials, self.saturated, self.topic

    def of(self, vocabulary: Sequence[str]) -> "WordCounts":
        """The counts of other terms in their order, 0 for those that are unknown here."""
        rows = np.asarray([self.places.get(term, len(self.trials)) for term in vocabulary], np.int64)
        with_none = (np.pad(one, [*[(0, 0)] * (one.ndim - 1), (0, 1)]) for one in self._arrays)
        trials, saturated, topic = (one[..., rows] for one in with_none)
        return WordCounts({}, trials, saturated, topic, self.length)

    def times(self, share: float) -> "WordCounts":
        """A share of the counts."""
        trials, saturated, topic = (one * np.float32(share) for one in self._arrays)
        return WordCounts(self.places, trials, saturated, topic, self.length * share)


NO_WORDS = WordCounts({}, np.zeros(0, np.float32), np.zeros((2, 0), np.float32), np.zeros((2, 0), np.float32), 0.0)


@dataclass(frozen=True)
class Background:
    """What is counted beside the trials of a collection.

    Attributes:
        trials: how many trials it counts as.
        words: how they use words.
        traits: trials with each set of flags of each trait: float64, shape (3, 8).
        spreads: of the vectors of sections, and of profiles, and how many vectors each counts as; none where the
            collection's vectors are of another model.
        fingerprint: SHA-256 of its files, "" for none.
    """

    trials: float = 0.0
    words: WordCounts = NO_WORDS
    traits: NDArray[np.float64] | None = None
    spreads: Mapping[str, tuple[Spread, float]] = field(default_factory=dict)
    fingerprint: str = ""

    def beside(self, trials: int) -> "Background":
        """What of it counts beside so many trials: the less the more they are, nothing from its own number on."""
        share = 1 - trials / self.trials if self.trials > trials else 0.0
        if share == 0:
            return Background(fingerprint=self.fingerprint)
        spreads = {name: (spread, count * share) for name, (spread, count) in self.spreads.items()}
        traits = None if self.traits is None else self.traits * share
        return replace(self, trials=self.trials * share, words=self.words.times(share), traits=traits, spreads=spreads)

    def spread(self, name: str) -> tuple[Spread, float] | None:
        """The spread of a section's vectors or of `PROFILE`, if known."""
        return self.spreads.get(name)

    def write(self, folder: Path, model: str) -> None:
        """Write its files.

        Args:
            folder: exists.
            model: fingerprint of the model whose vectors the spreads are of.
        """
        words = self.words
        used = np.maximum(words.trials, 1)
        columns = [list(words.places), words.trials.astype(np.int32)]
        columns += [(row / used).astype(np.float16) for both in (words.saturated, words.topic) for row in both]
        table = pa.table([pa.array(one) for one in columns], schema=_WORD_SCHEMA)
        write_table(folder / _WORDS, table, pa.Codec("zstd", 19))
        np.save(folder / _SPREADS, np.stack([_packed(one) for one, _ in self.spreads.values()]), allow_pickle=False)
        facts = {
            "trials": int(self.trials),
            "length": words.length,
            "traits": [] if self.traits is None else self.traits.astype(int).tolist(),
            "model": model,
            "spreads": {str(name): int(count) for name, (_, count) in self.spreads.items()},
        }
        write_json(folder / _FACTS, facts)

    @classmethod
    def read(cls, folder: Path, model: str) -> "Background":
        """Read what `write` wrote; without spreads where the model is another one.

        Raises:
            StorageError: a file is missing or damaged.
        """
        with _reading(folder):
            return cls._read(folder, model)

    @classmethod
    def _read(cls, folder: Path, model: str) -> "Background":
        facts = orjson.loads((folder / _FACTS).read_bytes())
        table = read_table(folder / _WORDS)
        trials = table["trials"].to_numpy().astype(np.float32)
        sums = [table[name].to_numpy().astype(np.float32) * trials for name in _WORD_SCHEMA.names[2:]]
        places = {term: row for row, term in enumerate(table["term"].to_pylist())}
        words = WordCounts(places, trials, np.stack(sums[:2]), np.stack(sums[2:]), facts["length"])
        spreads = {}
        if facts["model"] == model:
            packed = np.load(folder / _SPREADS)
            named = zip(facts["spreads"].items(), packed, strict=True)
            spreads = {name: (_unpacked(one), float(count)) for (name, count), one in named}
        digest = hashlib.sha256()
        for name in (_FACTS, _WORDS, _SPREADS):
            digest.update((folder / name).read_bytes())
        traits = np.asarray(facts["traits"], np.float64)
        return cls(float(facts["trials"]), words, traits, spreads, digest.hexdigest())

    @classmethod
    @cache
    def bundled(cls, model: str) -> "Background":
        """The background of the package, for vectors of a model, by its fingerprint."""
        return cls.read(Path(str(files("trialkin.data") / "background")), model)


NO_BACKGROUND = Background()


@cache
def uses_at_large() -> Mapping[str, int]:
    """How many trials use each word, of the background of the package.

    Raises:
        StorageError: it is missing or damaged.
    """
    folder = Path(str(files("trialkin.data") / "background"))
    with _reading(folder):
        table = read_table(folder / _WORDS)
        return dict(zip(table["term"].to_pylist(), table["trials"].to_pylist(), strict=True))


@contextmanager
def _reading(folder: Path) -> Iterator[None]:
    """Whatever is wrong with the files, said in one way."""
    try:
        yield
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise StorageError(
            f"The background in {folder} cannot be read: {str(error).splitlines()[0]}.",
            "Install trialkin again, or set TRIALKIN_BACKGROUND=false.",
        ) from error


def _packed(spread: Spread) -> NDArray[np.float16]:
    """Mean and upper triangle of the covariance, as half floats."""
    triangle = spread.covariance[np.triu_indices(len(spread.mean))]
    return np.concatenate([spread.mean, triangle * _SCALE]).astype(np.float16)


def _unpacked(packed: NDArray[np.float16]) -> Spread:
    values = packed.astype(np.float32)
    dim = int((np.sqrt(9 + 8 * len(values)) - 3) / 2)  # values are dim + dim (dim + 1) / 2
    covariance = np.zeros((dim, dim), np.float32)
    covariance[np.triu_indices(dim)] = values[dim:] / np.float32(_SCALE)
    return Spread(values[:dim], covariance + np.triu(covariance, 1).T)
