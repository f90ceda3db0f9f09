"""The words of a query made visible in a text."""

import re
from collections.abc import Iterator

from markupsafe import Markup, escape

from ...index.terms import terms

_COMPOUND = re.compile(r"[^\W_]+(?:[-/'’][^\W_]+)*")
_PART = re.compile(r"[^\W_]+")
_PREFIXES = frozenset({"anti", "non", "pre", "post", "co"})
"""What says nothing where it stands before another word."""
_MOST_WORDS = 60
"""Of a query at most: a whole protocol would mark everything."""


def query_terms(text: str) -> frozenset[str]:
    """The terms that a text is searched by, to be marked; none of a long text."""
    found = frozenset(terms(text))
    return found if len(found) <= _MOST_WORDS else frozenset()


def marked(text: str, wanted: frozenset[str]) -> Markup:
    """The text, escaped, with the words in ``<mark>`` that share a term with the query, whatever their ending."""
    if not wanted:
        return escape(text)
    out = Markup()
    last = 0
    for start, end in _found(text, wanted):
        out += escape(text[last:start]) + Markup("<mark>{}</mark>").format(text[start:end])
        last = end
    return out + escape(text[last:])


def _found(text: str, wanted: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Where the query's words stand; of a compound the whole, or those of its parts that are wanted."""
    for compound in _COMPOUND.finditer(text):
        parts = list(_PART.finditer(compound[0]))
        fitting = [part for part in parts if not wanted.isdisjoint(terms(part[0]))]
        if len(fitting) == len(parts):
            yield compound.span()
        else:
            telling = [part for part in fitting if part[0].lower() not in _PREFIXES]
            yield from ((compound.start() + part.start(), compound.start() + part.end()) for part in telling)
