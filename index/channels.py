"""What an index compares trials by, opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ..embed import Section
from .admitting import Admitting
from .concepts import ConceptTable, Thesaurus
from .dense import Dense
from .design import DesignTable
from .dictionary import Dictionary, Kind
from .drug_classes import classes_of
from .lexical import Lexical
from .other_names import known_names
from .profile import Profiles
from .traits import TraitTable

DENSE, LEXICAL, CONCEPTS, CLASSES = "dense", "lexical", "concepts", "classes"
"""Folders of a version, and the name of the classes' files in the last but one."""


@dataclass(frozen=True)
class Channels:
    """Everything that a score looks at.

    Attributes:
        sponsors: number of each trial's lead sponsor: int32, shape (trials,), -1 where unknown.
        sponsor_names: number by case-folded name.
        class_names: number of each class of interventions by its name.
        classes_of: the names of the classes that a concept of interventions belongs to.
    """

    dense: Dense
    profiles: Profiles
    lexical: Lexical
    thesauri: Mapping[Kind, Thesaurus]
    concepts: Mapping[Kind, ConceptTable]
    class_names: Mapping[str, int]
    classes_of: Mapping[int, Sequence[str]]
    classes: ConceptTable
    traits: TraitTable
    designs: DesignTable
    admitting: Admitting
    sponsors: NDArray[np.int32]
    sponsor_names: Mapping[str, int]

    @classmethod
    def open(cls, folder: Path, sections: Sequence[Section], cards: pa.Table) -> "Channels":
        """Open a version's channels."""
        thesauri = {kind: Thesaurus.of(Dictionary.read(folder / CONCEPTS / f"{kind}.json")) for kind in Kind}
        classes = Dictionary.read(folder / CONCEPTS / f"{CLASSES}.json")
        traits = TraitTable(folder)
        sponsors, names = _sponsors(cards["leadSponsor"])
        return cls(
            Dense(folder / DENSE, list(sections), cards.num_rows),
            Profiles(folder / DENSE, list(sections)),
            Lexical(folder / LEXICAL),
            thesauri,
            {kind: ConceptTable(folder / CONCEPTS, kind) for kind in Kind},
            classes.phrases,
            classes_of(thesauri[Kind.INTERVENTION].dictionary),
            ConceptTable(folder / CONCEPTS, CLASSES),
            traits,
            DesignTable(folder),
            Admitting(cards, traits),
            sponsors,
            names,
        )

    def warm(self) -> None:
        """Bring what queries read into memory."""
        for one in (*self.dense.values(), self.lexical, *self.concepts.values(), self.classes):
            one.warm()
        known_names()


def _sponsors(column: pa.ChunkedArray) -> tuple[NDArray[np.int32], dict[str, int]]:
    folded = pc.utf8_lower(column).combine_chunks().dictionary_encode()  # pyright: ignore[reportAttributeAccessIssue]
    numbers = pc.fill_null(folded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int32)
    return numbers, {name: number for number, name in enumerate(folded.dictionary.to_pylist())}
