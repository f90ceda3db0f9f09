"""A text as words: in small letters without accents, with Greek letters by their names and numerals as digits."""

import re
import unicodedata
from collections.abc import Sequence

from .designators import tied
from .numerals import arabic

_WORD = re.compile(r"[a-z0-9]+(?:[-/'][a-z0-9]+)*")
_STOP_WORDS = """
a about after all also an and any are as at be been before being both but by can could did do does during each either
for from had has have if in into is it its may might more most must no nor not of on only or other our over own same
shall should so some such than that the their them then there these they this those through to under until up upon was
we were what when where whether which while who whom whose will with within without would you your
"""
STOP = frozenset(_STOP_WORDS.split())
"""Words that say nothing of what a text is about."""
PREFIXES = frozenset(["anti", "extra", "inter", "intra", "multi", "non", "peri", "post", "pre", "semi"])
"""Prefixes that are also written as words."""
NOT_SO = "non"
"""That of them before what something is not: non-Hodgkin lymphoma is no Hodgkin lymphoma."""
_PAIRS = """
birth weight | blood stream | breast fed | breast feed | breast feeding | care giver | care givers | check up
child birth | follow up | hand washing | health care | life style | life styles | smart phone | smart phones
time point | time points | wait list | web site | web sites | well being | work place
"""
_OPEN = {tuple(pair.split()) for line in _PAIRS.strip().splitlines() for pair in line.split(" | ")}
CLOSED = frozenset("".join(pair) for pair in _OPEN)
"""Words that are also written as two."""
_FIRST = PREFIXES.union(first for first, _ in _OPEN)
_GREEK = re.compile("([a-z0-9]?)([α-λν-ω])")
"""Letters that stand in names, and what they follow; a mu is mostly a unit."""


def words(text: str) -> Sequence[str]:
    """The words of a text in order, compounds whole: ``anti-cd38``; ``follow-up`` for *follow up*, too."""
    found = tied(arabic(_WORD.findall(fold(text))))
    return found if _FIRST.isdisjoint(found) else _compounds(found)


def fold(text: str) -> str:
    """A text in small letters without accents, with the names of Greek letters: ``tnf-alpha`` for *TNFα*."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    return _GREEK.sub(_named, "".join(c for c in decomposed if not unicodedata.combining(c)).lower())


def _named(found: re.Match[str]) -> str:
    before, letter = found.groups()
    name = unicodedata.name(letter).split(" ")[-1].lower()
    return f"{before}-{name}" if before else name


def _compounds(found: Sequence[str]) -> list[str]:
    """With a hyphen where a prefix and its word, or a pair that is also one word, stand apart."""
    out = list(found)
    for place in reversed([place for place, word in enumerate(found[:-1]) if word in _FIRST]):
        first, second = out[place], out[place + 1]
        if (first, second) in _OPEN or (first in PREFIXES and second not in STOP):
            out[place : place + 2] = [f"{first}-{second}"]
    return out
