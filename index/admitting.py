"""Whom each trial takes, by the limits that its record states or else by the words of its title."""
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
        ages = cards["minimumAgeYears"], cards["maximumAgeYears"]
        self._unlimited = pc.and_(*map(pc.is_null, ages)).to_numpy()
        self._adults = pc.match_substring_regex(cards["title"], _ADULTS).to_numpy()
        self._traits = traits

    def turns_away(self, person: Person, rows: NDArray[np.int32]) -> NDArray[np.bool_]:
        """Whether each of some trials is for others than a person: bool, shape (rows,)."""
        out = (person.age < self._low[rows]) | (person.age >= self._high[rows])
        for sex, only in self._only.items():
            if person.sex is not None and person.sex is not sex:
                out |= only[rows]
        people, unlimited = self._traits.column("people", rows), self._unlimited[rows]
        children, adults = people & People.CHILDREN > 0, self._adults[rows]
        if person.age >= _ADULT:
            out |= unlimited & (people == People.CHILDREN) & ~adults
        else:
            out |= unlimited & adults & ~children
        if person.age < _OLDER:
            out |= unlimited & (people == People.OLDER)
        if not person.pregnant:
            out |= people == People.PREGNANCY
        return out
