"""Misspelt words of a text: ``rheumatiod`` is looked for as ``rheumatoid``.

A word that hardly any record uses is taken for a misspelling of a common one that begins alike and is one slip away: a
letter left out, added, changed, or swapped with its neighbour (optimal string alignment); of a long word that no record
uses, two slips. Rare words are often right, Hmong or plague: one that some records use is corrected only if these are
about what the common word's are about; of a long word, if it is more than a few. Names that come with the package are
right, and so are words with a capital within, in capitals alone, or between double quotation marks. One acronym is
spelled out, as nothing is looked for by the word that it makes: ALL, unless the whole text is in capitals.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from .background import uses_at_large
from .lexical import Lexical
from .other_names import terms_of_names
from .profile import Profiles
from .word_parts import forms, parts
from .words import fold

Said = Callable[[NDArray[np.int32]], Sequence[str]]
"""Texts of some trials."""

_WORD = re.compile(r"(?<![\w'’-])[A-Z]?[a-z]+(?![\w-])")
_LEUKEMIA = re.compile(
    r"(?<![\w'’-])ALL(?![\w'’-])(?!\s+(?i:adults?|ages?|causes?|comers|kinds?|men|of|other|participants|people|stages?"
    r"|studies|the|these|those|trials?|types?|women)\b)"
)
"""The acronym; before such words it is the small word, emphasised."""
_WORD_OR_LEUKEMIA = re.compile(f"{_WORD.pattern}|{_LEUKEMIA.pattern}")
_LONG_CAPITALS = re.compile(r"[A-Z]{5}")
"""Of a text in capitals alone it says that not only acronyms are written so."""
_SPELLED_OUT = "acute lymphoblastic leukemia"
_QUOTED = re.compile(r'"[^"]*"|“[^”]*”')
_RARE, _COMMON = 15, 50
"""Trials that use a word that may be misspelt at most, and one that may be meant at least."""
_TIMES = 30
"""How many times as common the word that is meant is."""
_SHORTEST, _LONG = 5, 8
"""Letters of a word that is corrected, and of one that hardly resembles another by chance."""
_ALIKE, _ALIKE_LONG = 0.45, 0.3
"""Cosine of the mean profiles of the trials at least, of a short word and of a long one."""
_SLIPS = 3
"""So few trials may have made the same slip; what they are about tells little, and nothing is asked of a long word."""
_MOST_TRIALS, _FEW_TRIALS = 400, 40
"""Trials whose profiles are averaged, and those in whose texts the word is looked up that a stem stands for."""
_MOST_CHARACTERS, _MOST_WORDS = 5_000, 20
"""Longer texts are no typing of a moment and are left as they are; words of a text that are corrected at most."""


class Speller:
    """Corrects texts by the words of an index."""

    def __init__(self, lexical: Lexical, profiles: Profiles, said: Said) -> None:
        """Take the index's channels, and what gives the texts in which the words stand that terms are the stems of."""
        self._lexical = lexical
        self._profiles = profiles
        self._said = said
        self._meant = lru_cache(maxsize=1 << 12)(self._term_meant)
        self._written = lru_cache(maxsize=1 << 10)(self._words_of)

    def corrected(self, text: str) -> tuple[str, dict[str, str]]:
        """A text with the words that are meant, and these by the words that are misspelt."""
        if len(text) > _MOST_CHARACTERS:
            return text, {}
        quoted = [found.span() for found in _QUOTED.finditer(text)]
        spelled: dict[str, str] = {}

        def of(found: re.Match[str]) -> str:
            word = found[0]
            if len(spelled) == _MOST_WORDS or any(start <= found.start() < end for start, end in quoted):
                return word
            if word == "ALL":
                return spelled.setdefault(word, _SPELLED_OUT)
            terms = parts(fold(word))
            term = self._meant(terms[0]) if len(word) >= _SHORTEST and len(terms) == 1 else ""
            if term and (meant := self._nearest_written(term, word)):
                spelled[word] = meant
            return spelled.get(word, word)

        words = _WORD if text.isupper() and _LONG_CAPITALS.search(text) else _WORD_OR_LEUKEMIA
        return words.sub(of, text), spelled

    def _term_meant(self, term: str) -> str:
        """The term that a misspelt one is meant to be; empty if it is right, or nobody knows."""
        uses = self._lexical.uses(term)
        if uses > _RARE or term in terms_of_names() or self._trials(term) > _RARE:
            return ""
        slips = 2 if len(term) >= _LONG and not uses else 1
        near = process.extract(term, self._common[term[0]], scorer=OSA.distance, score_cutoff=slips, limit=8)
        terms = [(forms().get(one, one), distance) for one, distance, _ in near]
        found = [(one, distance) for one, distance in terms if self._trials(one) >= _TIMES * uses]
        if not found:
            return ""
        if not uses or (uses <= _SLIPS and len(term) >= _LONG):
            return min(found, key=lambda one: (one[1], -self._trials(one[0])))[0]
        mean = self._mean(term)
        alike, meant = max((float(mean @ self._mean(one)), one) for one, _ in found)
        return meant if alike >= (_ALIKE if len(term) < _LONG else _ALIKE_LONG) else ""

    def _trials(self, term: str) -> int:
        """How many trials are known to use a term, of the index or of the background."""
        return max(self._lexical.uses(term), uses_at_large().get(term, 0))

    @cached_property
    def _common(self) -> Mapping[str, Sequence[str]]:
        """The common words of the index by their first letters, and forms of these."""
        at_large = {term for term, trials in uses_at_large().items() if trials >= _COMMON and self._lexical.has(term)}
        common = at_large.union(self._lexical.used_by(_COMMON))
        found: defaultdict[str, list[str]] = defaultdict(list)
        for term in sorted(common.union(form for form, word in forms().items() if word in common)):
            if len(term) >= _SHORTEST and term.isalpha():
                found[term[0]].append(term)
        return found

    def _mean(self, term: str) -> NDArray[np.float32]:
        """The unit mean of the profiles of trials that use a term, of every so many: float32, shape (dim,)."""
        rows = self._lexical.trials_with([term])
        mean = self._profiles.vectors(rows[:: 1 + len(rows) // _MOST_TRIALS]).mean(axis=0)
        return mean / max(float(np.linalg.norm(mean)), 1e-9)

    def _nearest_written(self, term: str, word: str) -> str:
        """Of the words that a term stands for the one nearest to a misspelt word, and of equals the most common."""
        often = self._written(term)
        return min(often, key=lambda one: (OSA.distance(word.lower(), one), -often[one], one), default="")

    def _words_of(self, term: str) -> Mapping[str, int]:
        """The words that a term stands for in some of its trials, with how often they stand there."""
        often: Counter[str] = Counter()
        rows = self._lexical.trials_with([term])
        for text in self._said(rows[:: 1 + len(rows) // _FEW_TRIALS]):
            words = (found[0] for found in _WORD.finditer(text))
            often.update(word.lower() for word in words if parts(fold(word)) == (term,))
        return often
