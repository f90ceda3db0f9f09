"""Numerals where they count something: type II and type two are type 2, and IV alone is a way to give a drug."""

from collections.abc import Sequence
from itertools import product

_COUNTING = "angiotensin bipolar class collagen factor figo grade killip nyha phase stage type"
_COUNTED = frozenset(form for word in _COUNTING.split() for form in (word, f"{word}s"))
"""Words after which a numeral counts."""
_NUMERALS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii")
_ONE = {
    f"{numeral}{part}": f"{number}{part}"
    for (number, numeral), part in product(enumerate(_NUMERALS, start=1), ("", "a", "b", "c"))
} | {word: str(number) for number, word in enumerate(["one", "two", "three", "four", "five"], start=1)}
_ARABIC = _ONE | {
    f"{first}{between}{last}": f"{_ONE[first]}{between}{_ONE[last]}"
    for (first, last), between in product(product(_ONE, repeat=2), "/-")
}


def arabic(words: Sequence[str]) -> Sequence[str]:
    """Words in small letters, with digits for the numerals that count: ``type``, ``2`` for ``type``, ``ii``."""
    if _ARABIC.keys().isdisjoint(words):
        return words
    out, counts = [], False
    for word in words:
        counts = word in _COUNTED or (counts and word in _ARABIC)
        out.append(_ARABIC[word] if counts and word in _ARABIC else word)
    return out
