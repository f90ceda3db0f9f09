"""Choose the other names of conditions and parts of the body that the package carries, and write them.

    TRIALKIN_HOME=... python bench/condition_names.py HP_OBO bench/everyday_names.txt data/names/conditions.tsv

HP_OBO is a download of the Human Phenotype Ontology in the OBO format, whose exact synonyms are used, clinical ones and
those of laypersons; the other file has names of everyday speech, those of one thing on one line. Whoever asks by a name
also means another of the same if the trials that have all words of the other are about what those are about that use
the first. That leaves out what means something else in trials, where fits are rarely seizures and nursing is what
nurses do; a name may so lead to another and not the other way. Names of several words that hardly any record uses mean
what they say: they lead to those that records do use and whose words stand together in them.

The index in TRIALKIN_HOME should be of a whole registry, or of as much of one as there is.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from contexts import Contexts, current_index, records

from trialkin.index import Index
from trialkin.index.other_names import Name, terms_of_name
from trialkin.index.terms import terms_to_find
from trialkin.index.word_parts import parts
from trialkin.index.words import words

_LEAST_TRIALS = 3
_LEAST_LIKENESS = 0.6
"""Cosine of the mean profiles of the trials with either name."""
_SHORTEST, _LONGEST = 3, 4
"""Letters of a name of one word, and terms of a name."""
_BROAD = [terms_of_name(name) for name in ("cancer", "carcinoma", "malignancy", "neoplasm", "tumor")]
"""Not names of one condition: in place of each other they make "lung cancer" broader than it is."""
_TEXTS = ("briefTitle", "officialTitle", "briefSummary", "detailedDescription")
_LITTLE = frozenset(["a", "an", "at", "by", "from", "in", "of", "on", "or", "the", "to", "with", "and"])
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_SYNONYM = re.compile(r'synonym: "(.*)" EXACT\b')

Names = Mapping[Name, str]
"""The names of one thing, as they are written, by their terms."""


def main(ontology: Path, everyday: Path, out: Path) -> None:
    """Write a line a name, then by tabs its other names, and print how alike their trials are."""
    things = [*_everyday(everyday), *_ontology(ontology)]
    kept: defaultdict[str, dict[str, None]] = defaultdict(dict)
    likeness = _Likeness(current_index(), things)
    spelled: dict[Name, str] = {}
    for names in things:
        for name in names:
            spelled.setdefault(name, names[name])
        for name in names:
            for other in _narrowest([one for one in names if likeness.of(name, one) >= _LEAST_LIKENESS]):
                kept[spelled[name]][spelled[other]] = None
                print(f"{likeness.of(name, other):.2f}  {spelled[name]} > {spelled[other]}")
    lines = ["\t".join((name, *others)) for name, others in sorted(kept.items())]
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} names, {sum(map(len, kept.values()))} other names, {out.stat().st_size:,} bytes")


def _everyday(path: Path) -> Iterator[Names]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if names := _names(line.split(" | ")):
            yield names


def _ontology(path: Path) -> Iterator[Names]:
    for stanza in path.read_text(encoding="utf-8").split("\n[")[1:]:
        kind, *lines = stanza.splitlines()
        names = [line.removeprefix("name: ") for line in lines if line.startswith("name: ")]
        synonyms = [found[1] for line in lines if (found := _SYNONYM.match(line))]
        is_term = kind == "Term]" and "is_obsolete: true" not in lines
        if is_term and (kept := _names([*names, *synonyms])):
            yield kept


def _names(written: Sequence[str]) -> Names | None:
    """Those that texts can be looked for by, if there are two: all of whose words but little ones count."""
    found: dict[Name, str] = {}
    for name in (_BRACKETS.sub("", one).strip() for one in written):
        known = terms_of_name(name)
        whole = all(parts(word) for word in words(name) if word not in _LITTLE)
        if whole and 1 <= len(known) <= _LONGEST and len("".join(known)) >= _SHORTEST:
            found.setdefault(known, name)
    return found if len(found) > 1 else None


def _narrowest(names: Sequence[Name]) -> list[Name]:
    """Those without names that hold all the words of another, whose trials are that one's, too."""
    return [
        name
        for place, name in enumerate(names)
        if not any(
            set(other) < set(name) or (set(other) == set(name) and nth < place)
            for nth, other in enumerate(names)
            if nth != place
        )
    ]


class _Likeness:
    """How alike the trials are that use a name and those that have all words of another."""

    def __init__(self, index: Index, things: Sequence[Names]) -> None:
        self._lexical = index._channels.lexical
        self._contexts = Contexts(index)
        self._trials = _trials(index, {name for names in things for name in names})
        self._asked = cache(lambda name: self._contexts.of(self._trials[name]))
        self._found = cache(lambda name: self._contexts.of(self._lexical.trials_with(name).tolist()))

    def of(self, name: Name, other: Name) -> float:
        """Cosine of their mean profiles; 0 if either is hardly used, or one holds all words of the other."""
        held = set(name) <= set(other) or set(other) <= set(name) or (name in _BROAD and other in _BROAD)
        if held or not self._trials.get(other) or len(self._lexical.trials_with(other)) < _LEAST_TRIALS:
            return 0.0
        uses = [len(self._trials.get(one, ())) for one in (name, other)]
        if uses[0] < _LEAST_TRIALS:
            name = other if len(name) > 1 and uses[1] >= _LEAST_TRIALS else ()
        return float(self._asked(name) @ self._found(other)) if name else 0.0


def _trials(index: Index, names: set[Name]) -> Mapping[Name, set[int]]:
    """The rows of the trials that use each name."""
    rows: defaultdict[Name, set[int]] = defaultdict(set)
    by_first: defaultdict[str, list[Name]] = defaultdict(list)
    for name in names:
        by_first[name[0]].append(name)
    for nct_id, texts in records(_TEXTS):
        row = index._store.row(nct_id)
        for text in texts:
            found = terms_to_find(text, index._channels.lexical.has)
            for place, term in enumerate(found):
                for name in by_first.get(term, ()):
                    if tuple(found[place : place + len(name)]) == name:
                        rows[name].add(row)
    return rows


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*map(Path, sys.argv[1:]))
