"""Text to the terms of the lexical channel."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import pyarrow as pa

from ..data import Trial
from .word_parts import Compound, parts, stem
from .words import words

_WEIGHTS = {"title": 3, "conditions": 2, "interventions": 2}
"""How often a field's terms count, where it is more than once. The registry weighs its own search fields in this
order."""

_NAMES = ("conditions", "keywords", "interventions", "otherNames", "mesh")
_TOPIC = frozenset({"title", "officialTitle", *_NAMES, "summary", "description"})
"""The fields that say what a trial is about, rather than how it goes about it."""


def terms(text: str) -> list[str]:
    """Stemmed terms in order, without stop words, letter case and accents.

    A compound gives its parts and, where one part is short or a number, these joined: ``anti-CD38`` is ``anti``,
    ``cd38``; ``IL-17`` is ``il``, ``17``, ``il17``. What is also one word is that, too: ``post-operative`` and ``post
    operative`` are ``postoperative`` and ``operative``.
    """
    return [*chain.from_iterable(map(parts, words(text)))]


def terms_to_find(text: str, is_known: Callable[[str], bool]) -> list[str]:
    """The terms by which a text is looked for: of what is also one word, that alone.

    So ``post-operative`` finds the same as ``postoperative``, and not all operations.

    Args:
        text: what is asked.
        is_known: whether any trial has a term; what none has is looked for by its parts.
    """

    def of_word(word: str) -> Iterator[str]:
        compound = Compound.of(word)
        if compound and is_known(whole := stem(compound.whole)):
            yield whole
            yield from of_word(compound.rest)
        else:
            yield from parts(word)

    return [term for word in words(text) for term in of_word(word)]


def weights_of_terms(weight_of: Callable[[str], float]) -> Callable[[str], dict[str, float]]:
    """A function from a text to those of its terms that count, with their weights.

    Args:
        weight_of: a term's weight, always the same, such as its inverse document frequency; 0 for one that does not
            count. It is asked once for each of the common words.
    """

    @lru_cache(maxsize=1 << 15)
    def of_word(word: str) -> tuple[tuple[str, float], ...]:
        return tuple((term, weight) for term in parts(word) if (weight := weight_of(term)) > 0)

    def of_text(text: str) -> dict[str, float]:
        return dict(chain.from_iterable(map(of_word, words(text))))

    return of_text


def weighted_terms(trial: Trial) -> Iterator[tuple[str, int, bool]]:
    """The terms of a trial's fields, each with the weight of its field and whether that says what it is about."""
    for field, text in _fields(trial):
        if text:
            weight, topical = _WEIGHTS.get(field, 1), field in _TOPIC
            for term in terms(text):
                yield term, weight, topical


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
