"""How like two short texts of trials are, by the words that they share.

Words that every record uses say little ("patients", "history of"), rare ones of the two trials at hand say much. Words
that mean the same in a criterion count as one, and acronyms count as what either record says that they stand for.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from .acronyms import definitions
from .quantities import quantities
from .terms import terms

Words = dict[str, float]
"""Words of a text, each with its weight."""
Reader = Callable[[str], Words]

_LIGHT = 0.2
_TINY = 1e-12
_OTHERS = 10
"""Texts that are thought beside those at hand, so that in short lists a shared word is no common one."""
_LIGHT_WORDS = """
patient patients subject subjects participant participants people individual individuals person history known prior
previous previously current currently evidence presence present clinically clinical significant study trial enrol
enrolled enrollment screening baseline treatment treated therapy therapies year years month months week weeks day days
hour hours dose doses dosing within last past time times least less more greater equal than disease disorder condition
active other any use used using receive received receiving investigator medication medications drug drugs agent agents
limit normal upper level levels count counts serum test tests testing criteria criterion defined following require
required requiring eligible confirmed diagnosed diagnosis documented before start starting first initial planned
chronic acute primary secondary severe able willing ability opinion including include such below above under over up
minimum maximum number one two three four five six change changes rate rates proportion percentage percent measure
measured assessment assessed value values mean score scores incidence achieving event events end visit arm group
cohort experimental control comparator biological procedure device behavioral low high standard oral intravenous
subcutaneous injection infusion tablet tablets capsule capsules solution mg ml kg daily weekly twice once bid qd sex
gender came come back afterwards ongoing full line mm3 m2 dl ul mmol umol mmhg uln
"""
_EMPTY_WORDS = """
patient patients subject subjects participant participants people individual individuals person year years month
months week weeks day days hour hours least less more greater equal than above under over up age aged ages old older
minimum maximum mg ml kg be
"""
"""Words that make no difference: who is meant anyway, and what belongs to a number."""
_NEGATION = re.compile(r"\b(?:no|not|non|never|without|neither|nor|cannot|unable|free of|absence of)\b", re.IGNORECASE)
_MEANT_ALIKE = (
    "age aged ages old older adult adults younger",
    "pregnancy pregnant lactating lactation breastfeeding feeding nursing gravid",
    "contraception contraceptive contraceptives",
    "consent informed assent signed sign signing consenting",
    "steroid steroids corticosteroid corticosteroids glucocorticoid glucocorticoids",
    "liver hepatic alt ast sgot sgpt aminotransferase aminotransferases transaminase transaminases",
    "kidney renal creatinine",
    "heart cardiac cardiovascular cardiopulmonary",
    "cancer cancers malignancy malignancies malignant neoplasm neoplasms",
    "allergy allergies allergic hypersensitivity hypersensitive",
    "platelet platelets plt thrombocyte thrombocytes",
    "ecog karnofsky zubrod performance",
    "infection infections infected infectious",
    "operation surgery surgical surgeries",
    "psychiatric mental psychological psychosis",
    "safety tolerability adverse toxicity tolerated aes saes teae teaes",
    "survival alive",
    "overall objective",
    "hypertension hypertensive",
    "diabetes diabetic",
    "thrombocytopenia thrombocytopenic",
    "relapse relapsed relapsing recurrence recurrent",
    "hiv immunodeficiency",
    "response respond responded responder responders nonresponder nonresponders unresponsive unresponsiveness "
    "refractory resistant resistance resisted failed failure fail failing",
    "bleeding haemorrhage hemorrhage",
)


def reader_of(texts: Iterable[str | None], *, grouped: bool = True) -> Reader:
    """What takes a text apart into weighted words.

    Args:
        texts: those of both trials, for the acronyms that they explain; one that has two meanings is left as it is.
        grouped: words that mean the same in a criterion count as one; of names they do not, for prednisone is no
            dexamethasone.
    """
    meanings: dict[str, tuple[str, ...]] = {}
    doubtful: set[str] = set()
    for text in texts:
        for short, long in definitions(text or ""):
            term, meaning = terms(short)[-1:], tuple(terms(long))
            if term and meaning and meanings.setdefault(term[0], meaning) != meaning:
                doubtful.add(term[0])
    known = {term: meaning for term, meaning in meanings.items() if term not in doubtful}
    groups = _alike() if grouped else {}

    def read(text: str) -> Words:
        words: dict[str, float] = {}
        for term in terms(text):
            for one in known.get(term, (term,)):
                word = groups.get(one, one)
                words[word] = max(words.get(word, 0.0), _weight(one))
        return words

    return read


def names_of(text: str) -> Words:
    """The weighted words of a name, in which no two words count as one: prednisone is no dexamethasone."""
    return {term: _weight(term) for term in terms(text)}


def same_words(first: str, second: str, read: Reader) -> bool:
    """Whether two texts differ in order and in empty words alone; numbers with a sign or a unit are not looked at.

    Args:
        first: one text.
        second: the other.
        read: takes them apart; not grouped, for response and resistance are one matter and the opposite.
    """
    return _telling(first, read) == _telling(second, read)


def _telling(text: str, read: Reader) -> tuple[frozenset[str], bool]:
    """The words that make a difference without those of numbers, and whether something is denied."""
    plain = list(text)
    for one in quantities(text):
        plain[one.start : one.end] = " " * (one.end - one.start)
    words = frozenset(word for word in read("".join(plain)) if word not in _empty())
    return words, _NEGATION.search(text) is not None


def likenesses(first: Sequence[Words], second: Sequence[Words], *, contained: float = 0.0) -> NDArray[np.float64]:
    """Cosines of two lists of texts, words of few of them weighing more: float64, shape (first, second), 0 to 1.

    Args:
        first: texts of one trial.
        second: of the other.
        contained: what it counts, 0 to 1, how much of the one that says less is in the other.
    """
    texts = Counter(word for one in (*first, *second) for word in one)
    if not texts:
        return np.zeros((len(first), len(second)))
    vocabulary = {word: number for number, word in enumerate(sorted(texts))}
    rarity = np.log1p(
        (_OTHERS + len(first) + len(second)) / np.asarray([texts[word] for word in vocabulary], np.float64)
    )
    ours, theirs = _rows(first, vocabulary) * rarity, _rows(second, vocabulary) * rarity
    shared = ours @ theirs.T
    lengths = np.linalg.norm(ours, axis=1)[:, None], np.linalg.norm(theirs, axis=1)[None]
    cosines = shared / np.maximum(lengths[0] * lengths[1], _TINY)
    parts = shared / np.maximum(np.minimum(*lengths) ** 2, _TINY)
    return np.clip((1 - contained) * cosines + contained * np.minimum(parts, 1.0), 0.0, 1.0)


def _rows(given: Sequence[Words], vocabulary: Mapping[str, int]) -> NDArray[np.float64]:
    rows = np.zeros((len(given), len(vocabulary)))
    for row, words in zip(rows, given, strict=True):
        for word, weight in words.items():
            row[vocabulary[word]] = weight
    return rows


def _weight(term: str) -> float:
    return _LIGHT if term in _light() or term[0].isdigit() else 1.0


@cache
def _light() -> frozenset[str]:
    return frozenset(terms(_LIGHT_WORDS))


@cache
def _empty() -> frozenset[str]:
    return frozenset(terms(_EMPTY_WORDS))


@cache
def _alike() -> Mapping[str, str]:
    return {term: group.split()[0] for group in _MEANT_ALIKE for term in terms(group)}
