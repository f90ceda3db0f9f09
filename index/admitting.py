"""Whom each trial takes, by the limits that its record states or, where one is missing, by the words of its title."""
# pyarrow.compute makes its functions when it is imported, where type checkers do not see them:
# pyright: reportAttributeAccessIssue=false

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from .card import age_limits
from .person import Person, Sex
from .traits import People, TraitTable

_ADULTS = r"(?i)\badults?\b"
_ADULT, _OLDER = 18, 55
"""Years from which on someone is no child and, for certain, not yet what trials call older."""


class Admitting:
    """Whom all trials of an index take."""

    def __init__(self, cards: pa.Table, traits: TraitTable) -> None:
        """Take the cards and the traits of the same trials."""
        self._low, self._high = age_limits(cards)
        sex = cards["sex"]
        self._only = {one: pc.fill_null(pc.equal(sex, one), False).to_numpy() for one in Sex}
        self._titles = cards["title"]
        self._traits = traits

    def turns_away(self, person: Person, rows: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Whether each of some trials is for others than a person: bool, shape (rows,)."""
        low, high = self._low[rows], self._high[rows]
        out = (person.age < low) | (person.age >= high)
        for sex, only in self._only.items():
            if person.sex is not None and person.sex is not sex:
                out |= only[rows]
        people = self._traits.column("people", rows)
        children = people & People.CHILDREN > 0
        adults = pc.match_substring_regex(self._titles.take(pa.array(rows)), _ADULTS).to_numpy()
        if person.age >= _ADULT:
            out |= (people == People.CHILDREN) & ~adults & (low < _ADULT) & np.isinf(high)
        else:
            out |= adults & ~children & (low == 0)
        if person.age < _OLDER:
            out |= (people == People.OLDER) & (low == 0)
        if not person.pregnant:
            out |= people == People.PREGNANCY
        return out
