"""Names of one thing, and whether the trials of an index that use one are about what those are about that have another.

That leaves out what means something else in trials: fits are rarely seizures there, and Choice is no warfarin.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache

from contexts import Contexts, records

from trialkin.index import Index
from trialkin.index.other_names import Name, terms_of_name
from trialkin.index.spelling import american
from trialkin.index.terms import terms_to_find
from trialkin.index.word_parts import joined, parts, stem
from trialkin.index.words import words

_SHORTEST, _LONGEST = 3, 5
"""Letters of a name of one word, and terms of a name."""
_TEXTS = ("briefTitle", "officialTitle", "briefSummary", "detailedDescription")
_JOINT = re.compile(r"[-/']")
_LITTLE = frozenset(["a", "an", "at", "by", "from", "in", "of", "on", "or", "the", "to", "with", "and"])

Names = Mapping[Name, str]
"""The names of one thing, as they are written, by their terms."""


def names_of(written: Iterable[str]) -> Names:
    """Those that texts can be looked for by: all of whose words but little ones count."""
    found: dict[Name, str] = {}
    for name in written:
        known = terms_of_name(name)
        whole = all(parts(word) for word in words(name) if word not in _LITTLE)
        if whole and 1 <= len(known) <= _LONGEST and len("".join(known)) >= _SHORTEST:
            found.setdefault(known, name)
    return found


def narrowest(names: Sequence[Name]) -> list[Name]:
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


class Uses:
    """The trials of an index that use some names, and what they are about."""

    def __init__(self, index: Index, names: Iterable[Name]) -> None:
        """Look for the names in all records."""
        self._lexical = index._channels.lexical
        self._contexts = Contexts(index)
        self._trials, self._written = _trials(index, set(names))
        self._asked = cache(lambda name: self._contexts.of(self._trials[name]))
        self._found = cache(lambda name: self._contexts.of(self._having(name).tolist()))
        self._having = cache(self._lexical.trials_with)

    def using(self, name: Name) -> int:
        """How many trials use a name."""
        return len(self._trials.get(name, ()))

    def share_written(self, name: Name, ways: Iterable[str]) -> float:
        """The share of the words with the one term of a name that are written in one of its ways; 1 for several."""
        if len(name) > 1:
            return 1.0
        written = self._written.get(name[0], Counter())
        return sum(written[one] for one in {american(joined(way)) for way in ways}) / max(written.total(), 1)

    def having(self, name: Name) -> int:
        """How many trials have all its words, wherever they stand."""
        return len(self._having(name))

    def likeness(self, name: Name, other: Name) -> float:
        """Cosine of the mean profiles of the trials that use a name and of those that have all words of another."""
        return float(self._asked(name) @ self._found(other))


def _trials(index: Index, names: set[Name]) -> tuple[Mapping[Name, set[int]], Mapping[str, Counter[str]]]:
    """The rows of the trials that use each name; and how the words of names of one term are written."""
    rows: defaultdict[Name, set[int]] = defaultdict(set)
    written: defaultdict[str, Counter[str]] = defaultdict(Counter)
    by_first: defaultdict[str, list[Name]] = defaultdict(list)
    for name in names:
        by_first[name[0]].append(name)
    single = {name[0] for name in names if len(name) == 1}

    @lru_cache(maxsize=1 << 20)
    def pieces_of(word: str) -> list[tuple[str, str]]:
        pieces = {american(piece) for piece in (*_JOINT.split(word), joined(word))}
        return [(term, piece) for piece in pieces if (term := stem(piece)) in single]

    for nct_id, texts in records(_TEXTS):
        row = index._store.row(nct_id)
        for text in texts:
            found = terms_to_find(text, index._channels.lexical.has)
            for place, term in enumerate(found):
                for name in by_first.get(term, ()):
                    if tuple(found[place : place + len(name)]) == name:
                        rows[name].add(row)
            for word in words(text):
                for term, piece in pieces_of(word):
                    written[term][piece] += 1
    return rows, written
