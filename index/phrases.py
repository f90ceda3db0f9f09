"""Phrases of a text: tokens with their places, and the longest known phrases among them."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from .numerals import arabic
from .spelling import american
from .words import NOT_SO

_TOKEN = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"['’]s\b", re.IGNORECASE)
_SHORTEST_PLURAL = 4
_LEAST_CAPITALS = 2
_ALONE = (1,)


@dataclass(frozen=True)
class Mention:
    """A known phrase in a text: what it stands for, and where, as ``text[start:end]``."""

    concept: int
    start: int
    end: int


@dataclass(frozen=True)
class Tokens:
    """The tokens of a text, for all that is asked of it but where they stand.

    Attributes:
        words: in normal form, in order.
        capitals: the places, among them, of those that are written as acronyms are.
    """

    words: Sequence[str]
    capitals: Collection[int]

    @classmethod
    def of(cls, text: str) -> "Tokens":
        """Take a text apart."""
        words, starts, ends = _tokens(text)
        return cls(words, [n for n in range(len(words)) if _is_acronym(text[starts[n] : ends[n]])])


def normal_tokens(text: str) -> list[str]:
    """The tokens of a phrase as they are compared: without letter case, accents, punctuation and plural.

    ``Crohn's Diseases`` and ``crohn disease`` are the same; ``hypertension`` and ``hypotension`` are not.
    """
    return list(_tokens(text)[0])


def phrase_key(text: str) -> str:
    """A phrase's normal tokens, joined by spaces; empty if there are none."""
    return " ".join(normal_tokens(text))


class Recogniser:
    """Finds known phrases in texts, the longest first, from left to right, without overlap.

    So "pulmonary arterial hypertension" is that and not also "hypertension", where both are known. What stands behind
    `NOT_SO` is no mention: "non-Hodgkin lymphoma" is one only where it is known itself.
    """

    def __init__(self, phrases: Mapping[str, int], acronyms: Container[str] = (), passing: Container[str] = ()) -> None:
        """Take phrases as `phrase_key` writes them, and the concept that each stands for.

        Args:
            phrases: what is looked for.
            acronyms: those of them that are found only where they are written as such: NO is nitric oxide, no is not.
            passing: words before which no phrase is meant: steroid-resistant people are not given steroids.
        """
        self._phrases = dict(phrases)
        self._acronyms = acronyms
        self._passing = passing
        self._following: defaultdict[str, dict[str, list[int]]] = defaultdict(dict)
        for phrase in phrases:
            first, *rest = phrase.split(" ")
            following = self._following[first]
            if rest:
                following[rest[0]] = sorted({*following.get(rest[0], ()), 1 + len(rest)}, reverse=True)

    def mentions(self, text: str) -> Iterator[Mention]:
        """Every mention of a known phrase, in order."""
        words, starts, ends = _tokens(text)
        for concept, first, last in self._found(words, lambda at: _is_acronym(text[starts[at] : ends[at]])):
            yield Mention(concept, starts[first], ends[last])

    def concepts(self, tokens: Tokens) -> list[int]:
        """What the known phrases of a text stand for, in order."""
        return [concept for concept, _, _ in self._found(tokens.words, tokens.capitals.__contains__)]

    def _found(self, words: Sequence[str], in_capitals: Callable[[int], bool]) -> Iterator[tuple[int, int, int]]:
        """Concept, first and last token of every mention."""
        known, phrases, count, free = self._following, self._phrases, len(words), 0
        for at in [n for n, word in enumerate(words) if word in known]:
            if at < free or (at and words[at - 1] == NOT_SO):
                continue
            first = words[at]
            lengths = known[first].get(words[at + 1], ()) if at + 1 < count else ()
            for length in (*lengths, 1) if lengths else _ALONE:
                phrase = " ".join(words[at : at + length]) if length > 1 else first
                end = at + length
                concept = phrases.get(phrase) if end <= count else None
                if concept is not None and end < count and words[end] in self._passing:
                    continue
                if concept is not None and (phrase not in self._acronyms or in_capitals(at)):
                    yield concept, at, at + length - 1
                    free = end
                    break


def _is_acronym(token: str) -> bool:
    return sum(char.isupper() for char in token) >= _LEAST_CAPITALS


@lru_cache(maxsize=1 << 10)
def _tokens(text: str) -> tuple[Sequence[str], list[int], list[int]]:
    """Normal form, start and end of every token; a possessive s belongs to none.

    A text is looked through for conditions, then for interventions; it is taken apart once.
    """
    if "'" in text or "’" in text:
        text = _POSSESSIVE.sub("  ", text)  # as long as what it replaces, so places stay true
    found = list(_TOKEN.finditer(text))
    words = arabic([_normal(one.group()) for one in found])
    return words, [one.start() for one in found], [one.end() for one in found]


@lru_cache(maxsize=1 << 15)  # as in word_parts.py
def _normal(token: str) -> str:
    token = token.lower()
    if not token.isascii():
        token = "".join(c for c in unicodedata.normalize("NFKD", token) if not unicodedata.combining(c))
    token = american(token)
    if len(token) > _SHORTEST_PLURAL and token.endswith("ies"):
        return f"{token[:-3]}y"
    if len(token) >= _SHORTEST_PLURAL and token.endswith("s") and not token.endswith(("ss", "us", "is")):
        return token[:-1]
    return token
