"""The words of a query made visible in a text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from markupsafe import Markup, escape

from ...index.naming import named_in
from ...index.other_names import Name, terms_of_name, terms_of_text
from ...index.terms import terms
from ...index.words import NOT_SO, words

_COMPOUND = re.compile(r"[^\W_]+(?:[-/'’][^\W_]+)*")
_PART = re.compile(r"[^\W_]+")
_PREFIXES = frozenset({"anti", "non", "pre", "post", "co"})
"""What says nothing where it stands before another word."""
_MOST_WORDS = 60
"""Of a query at most: a whole protocol would mark everything."""


@dataclass(frozen=True)
class Wanted:
    """What is to be marked.

    Attributes:
        terms: of single words.
        names: of several words, or of a word and its letter or number, marked where these stand together.
    """

    terms: frozenset[str]
    names: frozenset[Name]

    @cached_property
    def longest(self) -> dict[str, int]:
        """The words of the longest name that begins with a term."""
        out: dict[str, int] = {}
        for name in self.names:
            out[name[0]] = max(len(name), out.get(name[0], 0))
        return out


def wanted_of(text: str) -> Wanted | None:
    """What a text is searched by, its words and other names of what it names; None of a long text."""
    found = frozenset(terms(text))
    if len(found) > _MOST_WORDS:
        return None
    others = {other for named in named_in(text) for other in named.others}
    single = {other[0] for other in others if len(other) == 1}
    tied = {tuple(terms_of_text(word)) for word in words(text) if "-" in word}
    return Wanted(found | single, frozenset(name for name in others | tied if len(name) > 1))


def marked(text: str, wanted: Wanted | None) -> Markup:
    """The text, escaped, with the words in ``<mark>`` that share a term with the query, whatever their ending."""
    if wanted is None:
        return escape(text)
    out = Markup()
    last = 0
    for start, end in _found(text, wanted):
        out += escape(text[last:start]) + Markup("<mark>{}</mark>").format(text[start:end])
        last = end
    return out + escape(text[last:])


def _found(text: str, wanted: Wanted) -> Iterator[tuple[int, int]]:
    """Where the query's words stand; of a compound the whole, or those of its parts that are wanted."""
    compounds, free = list(_COMPOUND.finditer(text)), 0
    for place, compound in enumerate(compounds):
        if place < free:
            continue
        if free := _end_of_name(text, compounds, place, wanted):
            yield compound.start(), compounds[free - 1].end()
            continue
        parts = list(_PART.finditer(compound[0]))
        fitting = [part for part in parts if not wanted.terms.isdisjoint(terms(part[0]))]
        whole = terms(compound[0])
        if len(fitting) == len(parts) or (whole and wanted.terms.issuperset(whole)):  # of T-cell T alone is no term
            yield compound.span()
        else:
            denied = parts[1:2] if parts[0][0].lower() == NOT_SO else []
            telling = [part for part in fitting if part[0].lower() not in _PREFIXES and part not in denied]
            yield from ((compound.start() + part.start(), compound.start() + part.end()) for part in telling)


def _end_of_name(text: str, compounds: Sequence[re.Match[str]], start: int, wanted: Wanted) -> int:
    """The place behind the longest name that begins at one of some compounds; 0 if none does."""
    letter = len(compounds[start][0]) == 1 and start + 1 < len(compounds)  # may stand before its word: T cells
    begins = text[compounds[start].start() : compounds[start + letter].end()]
    first = terms(begins)[:1] if wanted.names else []
    longest = max((wanted.longest.get(term, 0) for term in first), default=0)
    names: frozenset[Name] = wanted.names
    found = 0
    for end in range(min(start + longest, len(compounds)), start, -1):
        said = text[compounds[start].start() : compounds[end - 1].end()]
        told = names.intersection((terms_of_name(said), tuple(terms_of_text(said))))
        if told:
            names, found = told, end  # from here on the same without "or" behind it
    return found
