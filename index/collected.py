"""What a build gathers of each trial, one batch after the other, and writes as the files of a version."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ..data import Snapshot
from ..embed import Section
from .channels import CLASSES, CONCEPTS, DENSE, LEXICAL
from .concepts import Concepts, Thesaurus, write_concepts
from .dense import write_section
from .design import Design, write_designs
from .dictionary import Dictionary, Kind
from .lexical import LexicalWriter
from .links import write_links
from .near import write_sites
from .profile import write_profiles
from .store import CARD_SCHEMA, card_of_row, write_store
from .traits import write_traits
from .trial_batch import TrialBatch

_CARD_FIELDS = pa.schema([one for one in CARD_SCHEMA if one.name not in ("file", "fileRow")])


@dataclass
class _SectionRows:
    """One section's vectors as they come, and the snapshot positions of their trials."""

    vectors: list[NDArray[np.float16]] = field(default_factory=list)
    positions: list[int] = field(default_factory=list)


class Collected:
    """Collects trials in the snapshot's order; the files are written in the order of NCT ids."""

    def __init__(self, thesauri: Mapping[Kind, Thesaurus]) -> None:
        self._thesauri = thesauri
        self._ids: list[str] = []
        self._cards: list[pa.Table] = []
        self._facts: list[pa.Table] = []
        self._sites: list[pa.Table] = []
        self._links: list[pa.Table] = []
        self._words = LexicalWriter()
        self._sections = {section: _SectionRows() for section in Section}
        self._concepts: dict[Kind, list[Concepts]] = {kind: [] for kind in Kind}
        self._class_numbers: dict[str, int] = {}
        self._classes: list[Concepts] = []
        self._traits: list[tuple[int, int, int]] = []
        self._designs: list[Design] = []

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, batch: TrialBatch) -> None:
        """Add the next trials."""
        for (number, section), vector in zip(batch.texts, batch.vectors, strict=True):
            self._sections[section].vectors.append(vector)
            self._sections[section].positions.append(len(self._ids) + number)
        self._words.add([one.terms for one in batch.derived])
        for one in batch.derived:
            for kind, thesaurus in self._thesauri.items():
                self._concepts[kind].append(one.words.concepts(kind, thesaurus))
        for row in batch.rows:
            numbers = self._class_numbers
            self._classes.append(
                {numbers.setdefault(mesh["term"], len(numbers)): 1.0 for mesh in row["interventionAncestors"] or ()}
            )
        self._cards.append(pa.Table.from_pylist([card_of_row(row) for row in batch.rows], schema=_CARD_FIELDS))
        self._facts.append(batch.facts)
        self._sites.append(batch.sites)
        self._links.append(batch.links)
        self._ids += [row["nctId"] for row in batch.rows]
        self._traits += [one.traits for one in batch.derived]
        self._designs += [one.design for one in batch.derived]

    def write(self, aside: Path, snapshot: Snapshot) -> dict[Section, int]:
        """Write everything into a folder that exists; returns how many trials have each section."""
        order = np.argsort(np.asarray(self._ids))
        sections = self._ordered_sections(order)
        (aside / DENSE).mkdir()
        for section, (vectors, rows) in sections.items():
            write_section(aside / DENSE, section, vectors, rows)
        write_profiles(aside / DENSE, sections, len(order))
        self._words.write(aside / LEXICAL, order)
        self._write_concepts(aside / CONCEPTS, order)
        write_traits(aside, np.asarray(self._traits, np.uint8)[order])
        write_designs(aside, np.asarray(self._designs, np.uint8)[order])
        write_store(aside, snapshot, self._cards, self._facts, order)
        write_sites(aside, self._sites, [one.num_rows for one in self._cards], order)
        write_links(aside, self._links, order)
        return {section: len(rows) for section, (_, rows) in sections.items()}

    def _ordered_sections(
        self, order: NDArray[np.int64]
    ) -> dict[Section, tuple[NDArray[np.float16], NDArray[np.int32]]]:
        row_of = np.empty(len(order), np.int32)
        row_of[order] = np.arange(len(order), dtype=np.int32)
        out = {}
        for section, one in self._sections.items():
            if one.positions:
                rows = row_of[one.positions]
                ascending = np.argsort(rows)
                out[section] = (np.stack(one.vectors)[ascending], rows[ascending])
                one.vectors.clear()
        return out

    def _write_concepts(self, folder: Path, order: NDArray[np.int64]) -> None:
        """Write the dictionaries and what each trial is about; classes are numbered by the alphabet."""
        folder.mkdir()
        for kind, thesaurus in self._thesauri.items():
            dictionary = thesaurus.dictionary
            dictionary.write(folder / f"{kind}.json")
            write_concepts(
                folder, kind, [self._concepts[kind][position] for position in order.tolist()], len(dictionary.names)
            )
        names = sorted(self._class_numbers)
        number = {self._class_numbers[name]: place for place, name in enumerate(names)}
        Dictionary(names, {name: place for place, name in enumerate(names)}, {}).write(folder / f"{CLASSES}.json")
        ordered = [{number[one]: 1.0 for one in self._classes[position]} for position in order.tolist()]
        write_concepts(folder, CLASSES, ordered, len(names))
