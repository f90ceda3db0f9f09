"""What is looked for: a trial of the index, a record that is not in it, or a text, taken apart for comparison."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..embed import Section
from ..errors import UsageError
from .concepts import ConceptQuery
from .design import Design
from .dictionary import Kind
from .lexical import TermQuery
from .person import Person

NO_TERMS = TermQuery(np.empty(0, np.int32), np.empty(0, np.float32))


@dataclass(frozen=True)
class Query:
    """One thing to find the kin of.

    Attributes:
        profile: its unit profile, float32 (dim,); None if it has no text at all.
        sections, section_weights: unit vectors, float32 (dim,), to compare with a section of each trial, and what each
            of these comparisons counts.
        profile_weight: what the comparison of profiles counts; 0 for a text, see `text`.
        terms, words: its telling terms, and what they count.
        topic, topic_weight: the words that say what it is about, of unit length, and what sharing them counts.
        concepts, concept_weights: its conditions and interventions, and what sharing them counts.
        concept_standing: what it counts, of a kind, how far above the average trial one stands in sharing these.
        classes, class_weight: the classes of its interventions, likewise.
        traits: for each trait what each of a trial's values adds: float32, shape (8,).
        design, design_weight: its coded design, and what agreement counts.
        sponsor, sponsor_weight: number of its lead sponsor, None if unknown, and what the same one counts.
        row, registered_weight: of a trial of the index its row, which tells when it was registered, and what being
            near in time counts.
        crowding: what a crowded neighbourhood takes away.
        person, person_weight: whom a text asks for, and what it takes away from a trial that does not take them.
        text: what only a text has; None for a trial.
    """

    profile: NDArray[np.float32] | None
    sections: Mapping[Section, NDArray[np.float32]]
    section_weights: Mapping[Section, float]
    terms: TermQuery
    words: float
    profile_weight: float = 0.0
    topic: TermQuery = NO_TERMS
    topic_weight: float = 0.0
    concepts: Mapping[Kind, ConceptQuery] = field(default_factory=dict)
    concept_weights: Mapping[Kind, float] = field(default_factory=dict)
    concept_standing: Mapping[Kind, float] = field(default_factory=dict)
    classes: ConceptQuery | None = None
    class_weight: float = 0.0
    traits: Mapping[str, NDArray[np.float32]] = field(default_factory=dict)
    design: Design = (0, 0, 0, 0)
    design_weight: float = 0.0
    sponsor: int | None = None
    sponsor_weight: float = 0.0
    row: int | None = None
    registered_weight: float = 0.0
    crowding: float = 0.0
    person: Person | None = None
    person_weight: float = 0.0
    text: "TextParts | None" = None


@dataclass(frozen=True)
class TextParts:
    """How a text is looked for, beside its words.

    Attributes:
        meaning: what its profile counts, its own and with feedback each.
        coverage: power of the share of its words that a trial speaks of; 0 where not every word is meant.
        feedback: best answers that tell what else to look for.
    """

    meaning: float
    coverage: float
    feedback: int


@dataclass(frozen=True)
class Weighted:
    """Several queries at once: what each counts; below 0 for what answers should be unlike.

    Attributes:
        parts: queries with their weights.
        exclude: rows that are never answers, those of the queries themselves.
    """

    parts: tuple[tuple[Query, float], ...]
    exclude: tuple[int, ...] = ()


def check_something_to_compare(query: Query, name: str) -> None:
    """Check that the weights leave something of a query.

    Raises:
        UsageError: they do not; names the query.
    """
    by_words = query.words > 0
    by_profile = query.profile is not None and query.profile_weight > 0
    by_meaning = by_profile or any(weight > 0 for weight in query.section_weights.values())
    by_concepts = any(weight > 0 and len(query.concepts[kind].ids) for kind, weight in query.concept_weights.items())
    if not (by_words or by_meaning or by_concepts):
        raise UsageError(
            f"These weights leave nothing of {name} to compare.",
            "Give weight to an aspect that it has, such as text.",
        )
