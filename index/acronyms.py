"""Acronyms that texts explain themselves: "immune thrombocytopenia (ITP)".

The method is that of Schwartz and Hearst (2003), "A simple algorithm for identifying abbreviation definitions in
biomedical text": the letters of the short form must occur in order in the words before it, the first one at the
start of a word.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from .phrases import phrase_key

_IN_BRACKETS = re.compile(r"\(([A-Z][A-Za-z0-9-]{1,9})\)")
_CLAUSE = re.compile(r"[.;:()\n]")
_REACH = 120
"""Characters before the bracket that may hold the long form."""
_LEAST_CAPITALS = 2
_LEAST, _SHARE = 3, 0.6
"""Texts at least that give the meaning that prevails, and their share of all that explain the short form."""
_NO_PLURALS = frozenset({"TENS", "ERAS", "VATS", "POTS"})
"""Short forms that would be plurals of others without their last letter: TEN is toxic epidermal necrolysis."""
_Meaning = TypeVar("_Meaning", str, int)


def definitions(text: str) -> Iterator[tuple[str, str]]:
    """Every short form that the text explains, with its long form, as they are written."""
    for match in _IN_BRACKETS.finditer(text):
        short = match.group(1)
        if sum(char.isupper() for char in short) < _LEAST_CAPITALS:
            continue
        before = _CLAUSE.split(text[max(0, match.start() - _REACH) : match.start()])[-1]
        words = before.split()[-min(len(short) + 5, len(short) * 2) :]
        long = _long_form(short, " ".join(words))
        if long is not None:
            yield short, long


class AcronymCounter:
    """Counts what short forms stand for over many texts, and tells which of them mean one thing."""

    def __init__(self) -> None:
        self._meanings: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add(self, text: str) -> None:
        """Count a text's definitions."""
        for short, long in definitions(text):
            if short in _NO_PLURALS:
                continue
            self._meanings[phrase_key(short)][phrase_key(long)] += 1

    def meanings(self) -> dict[str, str]:
        """Short form to long form, both as `phrase_key`, where one long form prevails."""
        return {short: long for short, long in self._prevailing(lambda long: long) if long and short != long}

    def concepts(self, phrases: Mapping[str, int]) -> dict[str, int]:
        """Short form to concept, where one prevails, by whatever long forms: post-traumatic or posttraumatic.

        Args:
            phrases: what long forms stand for; others are other meanings.
        """
        return dict(self._prevailing(phrases.get))

    def _prevailing(self, meaning_of: Callable[[str], _Meaning | None]) -> Iterator[tuple[str, _Meaning]]:
        for short, counts in self._meanings.items():
            gathered = Counter[_Meaning]()
            for long, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
                meaning = meaning_of(long)
                if meaning is not None:
                    gathered[meaning] += count
            for meaning, count in gathered.most_common(1) if short else ():
                if count >= _LEAST and count >= _SHARE * counts.total():
                    yield short, meaning


def _long_form(short: str, before: str) -> str | None:
    """The shortest end of `before` that the letters of `short` abbreviate."""
    letters = [char for char in short.lower() if char.isalnum()]
    lowered = before.lower()
    at = len(lowered)
    for number in range(len(letters) - 1, -1, -1):
        at = lowered.rfind(letters[number], 0, at)
        while number == 0 and at > 0 and lowered[at - 1].isalnum():
            at = lowered.rfind(letters[number], 0, at)
        if at < 0:
            return None
    long = before[at:]
    return long if len(long) > len(short) else None
