"""Other names of what a text names: ERBB2 is also HER2, a heart attack a myocardial infarction, Keytruda pembrolizumab.

Who asks for a class of drugs, such as JAK inhibitors, also means each of them.

The registry explains such names too rarely to learn them from it, so tables come with the package. Those of genes are
names of the HUGO Gene Nomenclature Committee, chosen by ``bench/gene_names.py``; those of conditions, of parts of the
body and of treatments come from the Human Phenotype Ontology, from everyday speech and from the headings of medicine,
chosen by ``bench/condition_names.py``; those of drugs are names of the Food and Drug Administration's Global Substance
Registration System, chosen by ``bench/drug_names.py``; members of classes are told by hand and by the ends of their
names, ``bench/drug_classes.py``.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from threading import Thread

from .drug_classes import drug_classes
from .terms import terms, terms_to_find
from .word_parts import joined, parts, stem

Name = tuple[str, ...]
"""The terms of a name, in order."""
_CODE = re.compile(r"([A-Z]{2,})-?(\d{3,}[A-Z]?)", re.IGNORECASE)
"""What a drug is called before it has a name, in two parts that are also written apart: AZD 9291."""


class NameOf(StrEnum):
    """What the names of a table are names of."""

    GENE = "genes"
    CONDITION = "conditions"
    DRUG = "drugs"
    CLASS = "classes"


@dataclass(frozen=True)
class Named:
    """A known name in a text: the place of its first term there, its terms, and other names of the same."""

    start: int
    name: Name
    others: Sequence[Name]


class OtherNames:
    """Names to be looked for in texts.

    Attributes:
        table: names of the same by each name, which may be among them.
        written: how names are written.
    """

    def __init__(self, lines: Iterable[Sequence[str]], *, mutual: bool = False) -> None:
        """Take lines of names.

        Args:
            lines: other names of the first behind it, which need not have lines of their own.
            mutual: all names of a line are names of each other.
        """
        self.written: dict[Name, str] = {}
        table: dict[Name, tuple[Name, ...]] = {}
        forms = cache(_forms)  # most names stand in several lines
        for line in lines:
            told = [forms(name) for name in line]
            for one, how in zip(told, line, strict=True):
                for name in one.asked:
                    self.written.setdefault(name, how)
            found = tuple(dict.fromkeys(name for one in (told if mutual else told[1:]) for name in one.found if name))
            for name in (name for one in (told if mutual else told[:1]) for name in one.asked if name):
                known = table.get(name)
                table[name] = found if known is None else tuple(dict.fromkeys(known + found))
        self.table: Mapping[Name, Sequence[Name]] = {
            name: others for name, others in table.items() if others not in ((), (name,))
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
    return _as_name(name, tuple(terms_of_text(name)))


def _as_name(name: str, found: Name) -> Name:
    if len(found) > 1 and " " not in name and (whole := joined(name)) in terms(name):
        return (whole,)
    return found


@dataclass(frozen=True)
class _Forms:
    """How a name stands in texts: the terms that it is asked by, and those that trials use."""

    asked: Sequence[Name]
    found: Sequence[Name]


def _forms(name: str) -> _Forms:
    """The forms of a name: its terms; of a compound also those with its parts; of a code also the parts alone."""
    if name.isascii() and name.isalpha():  # most are
        word = stem(name.lower())
        return _Forms([(word,)], [(word,)])
    if code := code_of(name):
        compound = tuple(parts("-".join(code).lower()))
        whole, apart = (stem("".join(code).lower()),), compound[:2]
        if len(apart) == 2:
            return _Forms(list(dict.fromkeys((whole, compound, apart))), [whole, apart])
    as_text = tuple(terms_of_text(name))
    as_name = _as_name(name, as_text)
    return _Forms([as_name] if as_name == as_text else [as_name, as_text], [as_name])


def code_of(name: str) -> tuple[str, str] | None:
    """The letters and the number of a drug's code: AZD9291, AZD-9291; None of other names."""
    code = _CODE.fullmatch(name)
    return (code[1], code[2]) if code else None


def terms_of_text(text: str) -> list[str]:
    """The terms by which a text is looked for where trials use all of them."""
    return terms_to_find(text, lambda _: True)


@cache
def known_names() -> Mapping[NameOf, OtherNames]:
    """The tables that come with the package: a line a name, then its other names, by tabs.

    Of drugs they have a line a drug; behind the name of a class stand its members.
    """
    return {kind: OtherNames(_lines(kind), mutual=kind is NameOf.DRUG) for kind in NameOf}


@contextmanager
def names_read_meanwhile() -> Generator[None]:
    """Read the tables, if no one has, beside what is done meanwhile, such as making a model ready."""
    if known_names.cache_info().currsize:
        yield
        return
    reader = Thread(target=known_names)
    reader.start()
    try:
        yield
    finally:
        reader.join()


@cache
def terms_of_names() -> frozenset[str]:
    """The terms of all names of the tables."""
    tables = [names.table for names in known_names().values()]
    others = {name for table in tables for names in table.values() for name in names}
    return frozenset(term for name in others.union(*tables) for term in name)


def _lines(kind: NameOf) -> Iterable[Sequence[str]]:
    if kind is NameOf.CLASS:
        return ((name, *one.members) for one in drug_classes() for name in one.names if one.asked)
    return _read(kind)


def drugs() -> Iterator[Sequence[str]]:
    """The names of each drug of the table, its own first."""
    return _read(NameOf.DRUG)


def _read(kind: NameOf) -> Iterator[list[str]]:
    table = (files("trialkin.data") / "names" / f"{kind}.tsv").read_text(encoding="utf-8")
    return (line.split("\t") for line in table.splitlines())
