"""Other names of what a text names: ERBB2 is also HER2, and a heart attack a myocardial infarction.

The registry explains such names too rarely to learn them from it, so tables come with the package. Those of genes are
names of the HUGO Gene Nomenclature Committee, chosen by ``bench/gene_names.py``; those of conditions and of parts of
the body come from the Human Phenotype Ontology and from everyday speech, chosen by ``bench/condition_names.py``.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

from .terms import terms, terms_to_find
from .word_parts import joined

Name = tuple[str, ...]
"""The terms of a name, in order."""


class NameOf(StrEnum):
    """What the names of a table are names of."""

    GENE = "genes"
    CONDITION = "conditions"


@dataclass(frozen=True)
class Named:
    """A known name in a text: the place of its first term there, its terms, and other names of the same."""

    start: int
    name: Name
    others: Sequence[Name]


class OtherNames:
    """Names to be looked for in texts.

    Attributes:
        table: other names of the same by each name.
        written: how names are written.
    """

    def __init__(self, lines: Iterable[Sequence[str]]) -> None:
        """Take lines of names, other names of the first behind it, which need not have lines of their own."""
        others: defaultdict[Name, dict[Name, None]] = defaultdict(dict)
        self.written: dict[Name, str] = {}
        terms_of = cache(terms_of_name)  # most names stand in several lines
        for line in lines:
            name, *rest = map(terms_of, line)
            self.written |= {one: how for one, how in zip((name, *rest), line, strict=True) if one not in self.written}
            others[name].update((other, None) for other in rest if other and other != name)
        self.table: Mapping[Name, Sequence[Name]] = {
            name: tuple(found) for name, found in others.items() if name and found
        }
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for name in self.table:
            lengths[name[0]].add(len(name))
        self._lengths = {first: sorted(found, reverse=True) for first, found in lengths.items()}

    def within(self, found: Sequence[str]) -> Iterator[Named]:
        """The names in a text, the longest first, from left to right, without overlap.

        Args:
            found: the terms of the text, in order.
        """
        for start, end in self._places(found):
            name = tuple(found[start:end])
            yield Named(start, name, self.table[name])

    def known(self, found: Sequence[str], is_known: Callable[[str], bool]) -> list[str]:
        """The terms of a text with other names in place of those that no trial uses, if trials use others.

        Args:
            found: the terms of the text, in order.
            is_known: whether any trial has a term.
        """
        out = list(found)
        for start, end in reversed(list(self._places(found))):
            name = tuple(found[start:end])
            used = [one for one in (name, *self.table[name]) if all(map(is_known, one))]
            if used and used[0] != name:
                out[start:end] = used[0]
        return out

    def _places(self, found: Sequence[str]) -> Iterator[tuple[int, int]]:
        free = 0
        for start, term in enumerate(found):
            for length in self._lengths.get(term, ()) if start >= free else ():
                if tuple(found[start : start + length]) in self.table:
                    free = start + length
                    yield start, free
                    break


def terms_of_name(name: str) -> Name:
    """The terms by which a text is looked for that says a name: of a code in one word one, ``pdl1`` for PD-L1."""
    found = tuple(terms_of_text(name))
    if len(found) > 1 and " " not in name and (whole := joined(name)) in terms(name):
        return (whole,)
    return found


def terms_of_text(text: str) -> list[str]:
    """The terms by which a text is looked for where trials use all of them."""
    return terms_to_find(text, lambda _: True)


@cache
def known_names() -> Mapping[NameOf, OtherNames]:
    """The tables that come with the package: a line a name, then its other names, by tabs."""
    return {kind: OtherNames(_read(kind)) for kind in NameOf}


def _read(kind: NameOf) -> Iterator[list[str]]:
    table = (files("trialkin.data") / "names" / f"{kind}.tsv").read_text(encoding="utf-8")
    return (line.split("\t") for line in table.splitlines())
