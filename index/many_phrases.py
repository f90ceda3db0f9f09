"""Known phrases in the words of many texts at once: what `Recogniser` finds in each, found by whole arrays.

The phrases stand in a trie. All words of all texts at which a phrase may begin go down it together, one word a step;
each remembers the longest phrase that it came by.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .words import NOT_SO

_NONE = -1


@dataclass(frozen=True)
class Texts:
    """The words of many texts, one text after the other.

    Attributes:
        words: int32, shape (words,): their places in a vocabulary.
        capitals: bool, shape (words,): which are written as acronyms are.
        ends: int64, shape (words,): where the text of each word ends, as a place in `words`.
    """

    words: NDArray[np.int32]
    capitals: NDArray[np.bool_]
    ends: NDArray[np.int64]


@dataclass(frozen=True)
class Mentions:
    """Known phrases: their first words' places in `Texts`, int64, and what they stand for, int32, both (mentions,)."""

    places: NDArray[np.int64]
    concepts: NDArray[np.int32]


class PhraseTrie:
    """Finds in many texts what a `Recogniser` of the same phrases finds in each."""

    def __init__(
        self,
        phrases: Mapping[str, int],
        acronyms: Container[str],
        vocabulary: Sequence[str],
        passing: Container[str] = (),
    ) -> None:
        """Take phrases, acronyms and words in passing as a `Recogniser` does, and the vocabulary of the texts."""
        number = {word: place for place, word in enumerate(vocabulary)}
        self._size = max(len(vocabulary), 1)
        self._not_so = number.get(NOT_SO, _NONE)
        states: dict[int, int] = {}
        concepts, capital = [_NONE], [False]
        for phrase, concept in phrases.items():
            state = 0
            words = [number.get(word, _NONE) for word in phrase.split(" ")]
            if _NONE in words:
                continue
            for word in words:
                step = state * self._size + word
                if (found := states.get(step)) is None:
                    found = states[step] = len(concepts)
                    concepts.append(_NONE)
                    capital.append(False)
                state = found
            concepts[state], capital[state] = concept, phrase in acronyms
        steps = np.fromiter(states, np.int64, len(states))
        order = np.argsort(steps)
        self._steps = steps[order]
        self._reached = np.fromiter(states.values(), np.int32, len(states))[order]
        self._concepts = np.asarray(concepts, np.int32)
        self._capital = np.asarray(capital, np.bool_)
        self._passing = np.asarray([word in passing for word in (*vocabulary, "")], np.bool_)
        roots = self._steps < self._size
        self._first = np.full(self._size, _NONE, np.int32)
        self._first[self._steps[roots]] = self._reached[roots]

    def mentions(self, texts: Texts) -> Mentions:
        """Every mention: the longest phrases, from left to right, without overlap."""
        denied = np.zeros(len(texts.words), np.bool_)
        denied[1:] = (texts.words[:-1] == self._not_so) & (texts.ends[:-1] == texts.ends[1:])
        places = np.flatnonzero((self._first[texts.words] != _NONE) & ~denied)
        longest, lengths = self._longest(texts, places)
        known = longest != _NONE
        places, longest, lengths = places[known], longest[known], lengths[known]
        kept = _apart(places, places + lengths)
        return Mentions(places[kept], longest[kept])

    def _longest(self, texts: Texts, places: NDArray[np.int64]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """What the longest phrase at each place stands for, and its length; -1 and 0 where there is none."""
        longest = np.full(len(places), _NONE, np.int32)
        lengths = np.zeros(len(places), np.int32)
        going = np.arange(len(places))
        states = self._first[texts.words[places]]
        length = 1
        while len(going):
            at = places[going]
            inside = at + length < texts.ends[at]
            passed = inside & self._passing[texts.words[np.where(inside, at + length, 0)]]
            found = (self._concepts[states] != _NONE) & (~self._capital[states] | texts.capitals[at]) & ~passed
            longest[going[found]] = self._concepts[states[found]]
            lengths[going[found]] = length
            going, states = going[inside], states[inside]
            steps = states * np.int64(self._size) + texts.words[places[going] + length]
            where = np.minimum(np.searchsorted(self._steps, steps), len(self._steps) - 1)
            known = self._steps[where] == steps
            going, states = going[known], self._reached[where[known]]
            length += 1
        return longest, lengths


def _apart(starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of some stretches are kept if each that begins before the end of the last kept one is left out.

    Args:
        starts: ascending.
        ends: where each ends.
    """
    kept = np.ones(len(starts), np.bool_)
    kept[1:] = starts[1:] >= np.maximum.accumulate(ends)[:-1]
    crowded = np.flatnonzero(~kept)
    heads = np.flatnonzero(kept)
    free, last = 0, _NONE
    owner = heads[np.searchsorted(heads, crowded, side="right") - 1]
    for place, head, start, end in zip(
        crowded.tolist(), owner.tolist(), starts[crowded].tolist(), ends[crowded].tolist(), strict=True
    ):
        if head != last:
            free, last = int(ends[head]), head
        if start >= free:
            kept[place], free = True, end
    return kept
