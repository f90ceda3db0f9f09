"""The conditions and interventions of trials, as sets of concepts of the registry's own dictionary."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..data import Trial
from .dictionary import Dictionary, Kind
from .phrases import Recogniser, Tokens, phrase_key
from .sparse_rows import SparseRows, from_parts, write_rows

_LISTED, _TITLE, _SUMMARY = 1.0, 1.0, 0.5
"""How surely a trial is about a concept that it lists, or that its title or summary mentions."""

Concepts = Mapping[int, float]
"""How surely a trial is about each concept, 0 to 1."""


@dataclass(frozen=True)
class Thesaurus:
    """A dictionary ready to be looked for in trials and texts.

    Attributes:
        keys: each concept's name, as `phrase_key` writes it.
    """

    dictionary: Dictionary
    recogniser: Recogniser
    keys: Sequence[str]

    @classmethod
    def of(cls, dictionary: Dictionary) -> "Thesaurus":
        """Make it ready."""
        return cls(dictionary, dictionary.recogniser, [phrase_key(name) for name in dictionary.names])

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


@dataclass(frozen=True)
class Words:
    """The words in which a trial says what it is about.

    Attributes:
        texts: titles and summary, and how surely a trial is about what they mention.
        names: what it lists, by kind.
    """

    texts: Sequence[tuple[Tokens, float]]
    names: Mapping[Kind, Sequence[Tokens]]

    @classmethod
    def of(cls, trial: Trial) -> "Words":
        """The words of a record."""
        texts = ((trial.brief_title, _TITLE), (trial.official_title, _TITLE), (trial.brief_summary, _SUMMARY))
        return cls(
            [(Tokens.of(text), weight) for text, weight in texts if text],
            {kind: [Tokens.of(name) for name in listed_names(trial, kind)] for kind in Kind},
        )

    def concepts(self, kind: Kind, thesaurus: Thesaurus) -> dict[int, float]:
        """The concepts of one kind that the trial is about."""
        return thesaurus.of_words((*((tokens, _LISTED) for tokens in self.names[kind]), *self.texts))


def trial_concepts(trial: Trial, kind: Kind, thesaurus: Thesaurus) -> dict[int, float]:
    """The concepts of one kind that a trial is about."""
    return Words.of(trial).concepts(kind, thesaurus)


def listed_names(trial: Trial, kind: Kind) -> list[str]:
    """The names that a record lists: the authors' own and MeSH headings."""
    if kind is Kind.CONDITION:
        return [*trial.conditions, *(one.term for one in trial.condition_meshes)]
    return [*(one.name for one in trial.interventions), *(one.term for one in trial.intervention_meshes)]


@dataclass(frozen=True)
class ConceptQuery:
    """Concepts to look for: ids int32, weights float32, both (concepts,), of length 1 or without any."""

    ids: NDArray[np.int32]
    weights: NDArray[np.float32]


def write_concepts(folder: Path, name: str, trials: Sequence[Concepts], concepts: int) -> None:
    """Write each trial's concepts, weighted by how rare they are, as rows of length 1.

    Args:
        folder: exists.
        name: of the files.
        trials: in the index's order.
        concepts: how many there are.
    """
    parts = [(np.fromiter(one, np.int32, len(one)), np.fromiter(one.values(), np.float32, len(one))) for one in trials]
    rows = from_parts(parts, max(concepts, 1))
    idf = _idf(np.bincount(rows.indices, minlength=max(concepts, 1)), len(trials))
    weighted = rows.data * idf[rows.indices]
    owner = np.repeat(np.arange(len(trials)), np.diff(rows.indptr))
    lengths = np.sqrt(np.bincount(owner, weighted**2, len(trials)))
    rows.data = (weighted / np.maximum(lengths[owner], 1e-9)).astype(np.float32)
    np.save(folder / f"{name}.idf.npy", idf, allow_pickle=False)
    write_rows(folder, name, rows)


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


def _idf(frequencies: NDArray[np.integer], trials: int) -> NDArray[np.float32]:
    return np.log1p((trials - frequencies + 0.5) / (frequencies + 0.5)).astype(np.float32)
