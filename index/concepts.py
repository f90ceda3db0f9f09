"""The conditions and interventions of trials, as sets of concepts of the registry's own dictionary."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ..data import Trial
from .dictionary import Dictionary, Kind
from .phrases import Recogniser, Tokens
from .rarity import rarity
from .sparse_rows import SparseRows, write_rows
from .spoken import spoken

Concepts = Mapping[int, float]
"""How surely a trial is about each concept, 0 to 1."""


@dataclass(frozen=True)
class Thesaurus:
    """A dictionary ready to be looked for in trials and texts.

    Attributes:
        keys: each concept's names but acronyms, as `phrase_key` writes them.
    """

    dictionary: Dictionary
    recogniser: Recogniser
    keys: Sequence[Sequence[str]]

    @classmethod
    def of(cls, dictionary: Dictionary) -> "Thesaurus":
        """Make it ready."""
        keys: list[list[str]] = [[] for _ in dictionary.names]
        for key, concept in dictionary.phrases.items():
            if key not in dictionary.acronyms:
                keys[concept].append(key)
        return cls(dictionary, dictionary.recogniser, keys)

    def of_text(self, text: str) -> dict[int, float]:
        """The concepts that a text mentions, and their headings, each with 1."""
        return self.of_words([(Tokens.of(text), 1.0)])

    def of_words(self, spoken: Iterable[tuple[Tokens, float]]) -> dict[int, float]:
        """The concepts that some texts mention, and their headings, each with the most that one of its texts weighs."""
        found: dict[int, float] = {}
        for tokens, weight in spoken:
            for mentioned in self.recogniser.concepts(tokens):
                for concept in self.dictionary.meanings(mentioned):
                    if found.get(concept, 0.0) < weight:
                        found[concept] = weight
        return found


def trial_concepts(trial: Trial, kind: Kind, thesaurus: Thesaurus) -> dict[int, float]:
    """The concepts of one kind that a trial is about."""
    return thesaurus.of_words((one.tokens, one.sureness) for one in spoken(trial) if one.kind in (None, kind))


@dataclass(frozen=True)
class ConceptQuery:
    """Concepts to look for: ids int32, weights float32, both (concepts,), of length 1 or without any."""

    ids: NDArray[np.int32]
    weights: NDArray[np.float32]


def write_concepts(folder: Path, name: str, rows: sparse.csr_matrix) -> None:
    """Write each trial's concepts, weighted by how rare they are, as rows of length 1.

    Args:
        folder: exists.
        name: of the files.
        rows: how surely each trial is about each concept, in the index's order: float32, a column a concept, at least
            one; ascending in each row.
    """
    trials, concepts = rows.get_shape()
    idf = rarity(np.bincount(rows.indices, minlength=concepts), trials)
    weighted = rows.data * idf[rows.indices]
    owner = np.repeat(np.arange(trials), np.diff(rows.indptr))
    lengths = np.sqrt(np.bincount(owner, weighted**2, trials))
    values = (weighted / np.maximum(lengths[owner], 1e-9)).astype(np.float32)
    np.save(folder / f"{name}.idf.npy", idf, allow_pickle=False)
    write_rows(folder, name, sparse.csr_matrix((values, rows.indices, rows.indptr), shape=(trials, concepts)))


class ConceptTable:
    """The concepts of all trials, opened for comparison."""

    def __init__(self, folder: Path, name: str) -> None:
        self._rows = SparseRows(folder, name)
        self._idf: NDArray[np.float32] = np.load(folder / f"{name}.idf.npy")

    def warm(self) -> None:
        """Bring the concepts into memory."""
        self._rows.warm()

    def rarity(self, concept: int) -> float:
        """Inverse document frequency of a concept."""
        return float(self._idf[concept])

    def of_row(self, row: int) -> ConceptQuery:
        """The concepts of an indexed trial."""
        return ConceptQuery(*self._rows.row(row))

    def of_concepts(self, found: Concepts) -> ConceptQuery:
        """A query from concepts of a text or of a record that is not in the index."""
        ids = np.asarray(sorted(found), np.int32)
        weights = np.asarray([found[concept] for concept in ids.tolist()], np.float32) * self._idf[ids]
        return ConceptQuery(ids, (weights / max(float(np.linalg.norm(weights)), 1e-9)).astype(np.float32))

    def cosines(self, query: ConceptQuery, rows: NDArray[np.int32]) -> NDArray[np.float32]:
        """How much of what they are about query and trials share, 0 to 1, rare concepts counting more: (rows,)."""
        if not len(query.ids):
            return np.zeros(len(rows), np.float32)
        return self._rows.products(query.ids, query.weights, rows)

    def spread(self, query: ConceptQuery) -> tuple[float, float]:
        """Mean and standard deviation of its cosines with all trials, as `SparseRows.spread` reckons them."""
        return self._rows.spread(query.ids, query.weights)
