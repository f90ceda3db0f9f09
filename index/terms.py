"""Text to the terms of the lexical channel."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

import pyarrow as pa
import Stemmer

from ..data import Trial
from .spelling import american

_WORD = re.compile(r"[a-z0-9]+(?:[-/'][a-z0-9]+)*")
_JOINT = re.compile(r"[-/']")
_STOP_WORDS = """
a about after all also an and any are as at be been before being both but by can could did do does during each either
for from had has have if in into is it its may might more most must no nor not of on only or other our over own same
shall should so some such than that the their them then there these they this those through to under until up upon was
we were what when where whether which while who whom whose will with within without would you your
"""
_STOP = frozenset(_STOP_WORDS.split())

_WEIGHTS = {"title": 3, "conditions": 2, "interventions": 2}
"""How often a field's terms count, where it is more than once. The registry weighs its own search fields in this
order."""

_NAMES = ("conditions", "keywords", "interventions", "otherNames", "mesh")
_TOPIC = frozenset({"title", "officialTitle", *_NAMES, "summary", "description"})
"""The fields that say what a trial is about, rather than how it goes about it."""


def terms(text: str) -> list[str]:
    """Stemmed terms in order, without stop words, letter case and accents.

    A compound gives its parts and, where one part is short or a number, itself joined:
    ``anti-CD38`` is ``anti``, ``cd38``; ``IL-17`` is ``il``, ``17``, ``il17``.
    """
    out: list[str] = []
    for word in _WORD.findall(_fold(text)):
        out.extend(_parts(word))
    return out


def joined(name: str) -> str:
    """A compound in one word, as `terms` joins it: ``il17`` for ``IL-17``."""
    return _JOINT.sub("", _fold(name))


def weights_of_terms(weight_of: Callable[[str], float]) -> Callable[[str], dict[str, float]]:
    """A function from a text to those of its terms that count, with their weights.

    Args:
        weight_of: a term's weight, always the same, such as its inverse document frequency; 0 for one that does not
            count. It is asked once for each of the common words.
    """

    @lru_cache(maxsize=1 << 15)
    def of_word(word: str) -> tuple[tuple[str, float], ...]:
        return tuple((term, weight) for term in _parts(word) if (weight := weight_of(term)) > 0)

    def of_text(text: str) -> dict[str, float]:
        return dict(chain.from_iterable(map(of_word, _WORD.findall(_fold(text)))))

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


def _fold(text: str) -> str:
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).lower()


@lru_cache(maxsize=1 << 15)  # all common words; more would make a server grow for as long as it meets new ones
def _parts(word: str) -> tuple[str, ...]:
    pieces = _JOINT.split(word)
    out = [_stem(piece) for piece in pieces if piece not in _STOP and (len(piece) > 1 or piece.isdigit())]
    if len(pieces) == 2 and any(len(piece) <= 2 or piece.isdigit() for piece in pieces) and "'" not in word:
        out.append("".join(pieces))
    return tuple(out)


def _stem(word: str) -> str:
    return _STEMMER.stemWord(american(word))


_STEMMER = Stemmer.Stemmer("english")
