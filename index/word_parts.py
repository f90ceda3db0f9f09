"""What one word or compound of a text gives: the stems that are compared."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain, pairwise

import Stemmer

from .spelling import american
from .words import CLOSED, NOT_SO, PREFIXES, STOP, fold

_JOINT = re.compile(r"[-/']")
_PREFIXES = {**dict.fromkeys((*PREFIXES, "co", "re", "sub"), 4), "anti": 6, NOT_SO: 2}
"""The letters at least of a word that a prefix makes one with: anti-VEGF is about VEGF, antiplatelets are drugs."""
_ANTIBODY = re.compile(r"anti([a-z]+\d+[a-z]?)")
"""An antibody's name in one word."""
_INFLAMMATION = ("itis", "itides")
_ORGAN = 3
"""Letters of an organ at least: of otitis Snowball leaves what no other word has."""
_APART = {
    "blindness": "blindness",
    **dict.fromkeys(("immunization", "immunizations", "immunize", "immunized", "immunizes", "immunizing"), "immuniz"),
}
"""Words with stems of their own, for others of their stem are about something else, and many: double-blind, immune."""
_SHORT = 2
"""Letters of a part that hardly stands alone, as in IL-17 and PD-1."""


@dataclass(frozen=True)
class Compound:
    """A compound that begins with what is also one word: *non-small* of *non-small-cell*.

    Attributes:
        whole: that one word.
        inner: its second part.
        rest: what follows.
    """

    whole: str
    inner: str
    rest: str

    @classmethod
    def of(cls, word: str) -> "Compound | None":
        """The compound that a word is, if it is one."""
        first, hyphen, others = word.partition("-")
        if not hyphen:  # most words are none
            return None
        second, *rest = _JOINT.split(others, maxsplit=1)
        whole = f"{first}{second}"
        prefixed = first in _PREFIXES and second.isalpha() and len(second) >= _PREFIXES[first]
        return cls(whole, second, "".join(rest)) if prefixed or whole in CLOSED else None


def joined(name: str) -> str:
    """A compound in one word, as `parts` joins it: ``il17`` for ``IL-17``."""
    return _JOINT.sub("", fold(name))


def pieces(word: str) -> list[str]:
    """The words that a compound is made of: ``nras`` and ``mutant`` of ``nras-mutant``."""
    return _JOINT.split(word)


@lru_cache(maxsize=1 << 15)  # all common words; more would make a server grow for as long as it meets new ones
def parts(word: str) -> tuple[str, ...]:
    """The terms of a word or compound: stems of its parts, and what is also written as one."""
    if antibody := _ANTIBODY.fullmatch(word):
        word = f"anti-{antibody[1]}"
    if compound := Compound.of(word):
        inner = () if word.startswith(f"{NOT_SO}-") else parts(compound.inner)
        return (stem(compound.whole), *inner, *parts(compound.rest))
    found = pieces(word)
    out = [stem(piece) for piece in found if piece not in STOP and (len(piece) > 1 or piece.isdigit())]
    if "'" in word:
        return tuple(out)
    if out and len(found) == 2 and any(len(piece) <= _SHORT or piece.isdigit() for piece in found):
        first, second = found
        return (*out, american(first) + (second if len(second) <= _SHORT else stem(second)))
    pairs = chain.from_iterable(pairwise(part.split("-")) for part in word.split("/"))
    return (*out, *(f"{name}{number}" for name, number in pairs if number.isdigit() and not name.isdigit()))


def stem(word: str) -> str:
    """The stem of one word, or of the word that it is a form of: of asthma for *asthmatic*."""
    stemmed = snowball(word)
    return forms().get(stemmed, stemmed)


def snowball(word: str) -> str:
    """The stem of one word, as American English spells it, by its letters alone (Porter's Snowball, English).

    Snowball takes the end of an inflammation for that of *sensitivities*, and leaves the organ: of *pancreatitis* what
    it leaves of *pancreatic*. So inflammations are left whole.
    """
    word = american(word)
    if word.endswith(_INFLAMMATION):
        organ = word.removesuffix("itides").removesuffix("itis")
        if len(organ) >= _ORGAN:
            return f"{organ}itis"
    return _APART.get(word) or _STEMMER.stemWord(word)


@cache
def forms() -> Mapping[str, str]:
    """Stems of forms with those of their words, as ``bench/word_forms.py`` chose them."""
    table = (files("trialkin.data") / "names" / "word_forms.tsv").read_text(encoding="utf-8")
    words = {snowball(form): snowball(word) for form, word in map(str.split, table.splitlines())}
    return {form: words.get(word, word) for form, word in words.items()}


_STEMMER = Stemmer.Stemmer("english")
