"""A record to the terms of the lexical channel: those of its fields, and drugs by their own names.

A record that names a drug by a brand or a code says the name of the drug, too: what tests MK-3475 or Keytruda tests
pembrolizumab.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from ..data import Trial
from .other_names import NameOf, known_names
from .terms import terms

_WEIGHTS = {"title": 3, "conditions": 2, "interventions": 2}
"""How often a field's terms count, where it is more than once. The registry weighs its own search fields in this
order."""

_NAMES = ("conditions", "keywords", "interventions", "otherNames", "mesh")
_TOPIC = frozenset({"title", "officialTitle", *_NAMES, "summary", "description"})
"""The fields that say what a trial is about, rather than how it goes about it."""


def weighted_terms(trial: Trial) -> Iterator[tuple[str, int, bool]]:
    """The terms of a trial's fields, each with the weight of its field and whether that says what it is about."""
    for field, text in _fields(trial):
        if text:
            weight, topical = _WEIGHTS.get(field, 1), field in _TOPIC
            for term in with_drugs(terms(text)):
                yield term, weight, topical


def with_drugs(found: Sequence[str]) -> Iterator[str]:
    """The terms of a text, and behind them those of the own names of drugs that it calls otherwise."""
    yield from found
    for named in known_names()[NameOf.DRUG].within(found):
        own = named.others[0]  # the first of its line
        yield from (term for term in own if term not in named.name)


@dataclass(frozen=True)
class TermCounts:
    """The distinct terms of a trial, how often each counts, and how often of that in telling what it is about."""

    terms: Sequence[str]
    counts: Sequence[int]
    topic: Sequence[int]

    @classmethod
    def of(cls, trial: Trial) -> "TermCounts":
        """Count the terms of a record by the weights of its fields."""
        counts, topic = Counter[str](), Counter[str]()
        for term, weight, topical in weighted_terms(trial):
            counts[term] += weight
            if topical:
                topic[term] += weight
        return cls(list(counts), list(counts.values()), [topic[term] for term in counts])


TERM_SCHEMA = pa.schema(
    [
        ("terms", pa.list_(pa.dictionary(pa.int32(), pa.string()))),
        ("counts", pa.list_(pa.int32())),
        ("topic", pa.list_(pa.int32())),
    ]
)
"""`TermCounts`, a row a trial."""


def _fields(trial: Trial) -> Iterator[tuple[str, str | None]]:
    yield "title", trial.brief_title
    yield "title", trial.acronym
    yield "officialTitle", trial.official_title
    for name in trial.conditions:
        yield "conditions", name
    for name in trial.keywords:
        yield "keywords", name
    for one in trial.interventions:
        yield "interventions", one.name
        yield "otherNames", " ".join(one.other_names)
        yield "interventionDescription", one.description
    for mesh in (*trial.condition_meshes, *trial.intervention_meshes):
        yield "mesh", mesh.term
    yield "summary", trial.brief_summary
    yield "description", trial.detailed_description
    for arm in trial.arm_groups:
        yield "arms", arm.label
        yield "arms", arm.description
    for outcome in (*trial.primary_outcomes, *trial.secondary_outcomes):
        yield "outcomes", outcome.measure
    yield "eligibility", trial.eligibility_criteria
    yield "ids", trial.nct_id
    yield "ids", trial.org_study_id
    for other in trial.secondary_ids:
        yield "ids", other.id
