"""The two sentences of two trials that are most alike, by the words that they share."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import fsum, hypot
from typing import NamedTuple

_END = re.compile(r"(?<=[.!?;])\s+|\n+")
_MOST = 4
"""Sentences of a text that are looked at; the first ones say what a trial is about."""
LEAST_TERMS = 3
"""A sentence of a record with fewer telling words says too little to be shown as evidence."""


class Sentence(NamedTuple):
    """A sentence, the weight of each of its terms, and the root of the sum of their squares."""

    text: str
    weights: dict[str, float]
    length: float


@dataclass(frozen=True)
class ClosestPair:
    """Two sentences and the cosine of their weighted terms, 0 to 1."""

    first: str
    second: str
    cosine: float


def sentences(
    texts: Iterable[str | None], weights_of: Callable[[str], dict[str, float]], least: int = LEAST_TERMS
) -> list[Sentence]:
    """The first sentences of some texts.

    Args:
        texts: those that are None or empty are passed over.
        weights_of: the terms of a text that count, with their weights, such as `weights_of_terms` makes.
        least: terms that count of a sentence at least.
    """
    found = []
    for text in texts:
        for part in _END.split(text, _MOST)[:_MOST] if text else ():
            weights = weights_of(part)
            if len(weights) >= least:
                found.append(Sentence(part.strip(), weights, hypot(*weights.values())))
    return found


def closest_pair(first: Iterable[Sentence], second: Iterable[Sentence]) -> ClosestPair | None:
    """The pair of highest cosine, the earliest of equals; None if no two share a word."""
    best: ClosestPair | None = None
    others = list(second)
    for one in first:
        own = one.weights
        for other in others:
            if shared := own.keys() & other.weights.keys():
                # Correctly rounded, whatever the order of the set, so that equals stay equal.
                product = fsum([own[term] * other.weights[term] for term in shared])
                cosine = product / (one.length * other.length)
                if best is None or cosine > best.cosine:
                    best = ClosestPair(one.text, other.text, cosine)
    return best
