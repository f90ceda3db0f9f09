"""Acronyms that texts explain themselves: "immune thrombocytopenia (ITP)".

The method is that of Schwartz and Hearst (2003), "A simple algorithm for identifying abbreviation definitions in
biomedical text": the letters of the short form must occur in order in the words before it, the first one at the
start of a word.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from .phrases import phrase_key

_IN_BRACKETS = re.compile(r"\(([A-Z][A-Za-z0-9-]{1,9})\)")
_CLAUSE = re.compile(r"[.;:()\n]")
_REACH = 120
"""Characters before the bracket that may hold the long form."""
_LEAST_CAPITALS = 2


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
            self._meanings[phrase_key(short)][phrase_key(long)] += 1

    def meanings(self, *, least: int = 3, share: float = 0.6) -> dict[str, str]:
        """Short form to long form, both as `phrase_key`, where one meaning prevails.

        Args:
            least: texts at least that give the prevailing meaning.
            share: of all texts that explain the short form, those that give it at least.
        """
        out = {}
        for short, counts in self._meanings.items():
            long, count = min(counts.items(), key=lambda one: (-one[1], one[0]))
            if count >= least and count >= share * counts.total() and short and long and short != long:
                out[short] = long
        return out


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
