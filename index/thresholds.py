"""Which numbers of two paired texts are the same, which have changed, and which only one has."""

import re
from collections.abc import Sequence
from math import isclose

import numpy as np
from numpy.typing import NDArray

from .comparison import Relation, Span, Threshold
from .pairing import assigned
from .quantities import Quantity, quantities
from .wording import Words, likenesses, names_of

_Placed = tuple[Quantity, str]
"""A quantity, and the words around it that are not those of another."""
_REACH = 45
"""Characters around a number that may say what it is the number of."""
_CLAUSE = re.compile(r"[,;.()]")
_FLIPPED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "": ""}
_NEARLY = 0.02
"""Times of different units differ by less where they mean the same: 6 months and 26 weeks."""
_TIMES = "days"
_COUNTS = "per litre"
_DAYS_A_YEAR = 365.25


def thresholds(part: str, first: str | None, second: str | None, *, opposite: bool = False) -> tuple[Threshold, ...]:
    """Compare the numbers of two texts.

    Args:
        part: the name of the items' part that holds the texts.
        first: one text.
        second: the other.
        opposite: one text says who takes part, the other who does not, so that ``<30`` is the same as ``>=30``.
    """
    if not first or not second:
        return ()
    ours, theirs = _placed(first), _placed(second)

    def likeness(these: Sequence[_Placed], those: Sequence[_Placed]) -> NDArray[np.float64]:
        words: list[list[Words]] = [[names_of(around) for _, around in one] for one in (these, those)]
        values = 0.3 + 0.4 * likenesses(*words)
        for row, (one, _) in enumerate(these):
            for column, (other, _) in enumerate(those):
                same = _is_same(one, other, opposite=opposite)
                values[row, column] += 0.3 * same
                if not _is_comparable(one, other, opposite=opposite):
                    values[row, column] = 0.0
        return values

    pairs = assigned(ours, theirs, likeness, 0.3)
    found = [
        Threshold(
            part=part,
            relation=Relation.SAME if _is_same(ours[i][0], theirs[j][0], opposite=opposite) else Relation.DIFFERENT,
            first=_span(ours[i][0]),
            second=_span(theirs[j][0]),
        )
        for i, j, _ in pairs
    ]
    alone = {i for i, _, _ in pairs}, {j for _, j, _ in pairs}
    found += [
        Threshold(part=part, relation=Relation.FIRST_ONLY, first=_span(one), second=None)
        for i, (one, _) in enumerate(ours)
        if i not in alone[0]
    ]
    found += [
        Threshold(part=part, relation=Relation.SECOND_ONLY, first=None, second=_span(one))
        for j, (one, _) in enumerate(theirs)
        if j not in alone[1]
    ]
    return tuple(found)


def _placed(text: str) -> list[_Placed]:
    placed, last = [], 0
    for one in quantities(text):
        before = text[max(last, one.start - _REACH) : one.start]
        after = _CLAUSE.split(text[one.end : one.end + _REACH // 2], maxsplit=1)[0]
        placed.append((one, f"{before} {after}"))
        last = one.end
    return placed


def _span(one: Quantity) -> Span:
    return Span(start=one.start, end=one.end)


def _is_comparable(one: Quantity, other: Quantity, *, opposite: bool) -> bool:
    """Whether both bound the same kind of thing from the same side."""
    if _values(one, other) is None:
        return False
    comparator = _FLIPPED[other.comparator] if opposite else other.comparator
    return not one.comparator or not comparator or one.comparator[0] == comparator[0]


def _is_same(one: Quantity, other: Quantity, *, opposite: bool) -> bool:
    values = _values(one, other)
    if values is None or not _is_comparable(one, other, opposite=opposite):
        return False
    comparator = _FLIPPED[other.comparator] if opposite else other.comparator
    if one.comparator and comparator and one.comparator != comparator:
        return False
    across = one.dimension == _TIMES and one.factor != other.factor
    return isclose(*values, rel_tol=_NEARLY if across else 1e-6)


def _values(one: Quantity, other: Quantity) -> tuple[float, float] | None:
    """Both in one unit; a number without a unit may be an age in years or a count as the other is written."""
    if one.dimension == other.dimension:
        return one.value, other.value
    for bare, full in ((one, other), (other, one)):
        if bare.dimension or full.dimension not in (_TIMES, _COUNTS):
            continue
        if full.dimension == _TIMES and full.factor != _DAYS_A_YEAR:
            continue
        factor = full.factor if full.dimension == _TIMES else 1e6 if bare.number >= 1000 else 1e9
        value = bare.number * factor
        return (value, full.value) if bare is one else (full.value, value)
    return None
