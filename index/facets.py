"""How many trials have which value: for all trials, for those that meet filters, or for the hits of a list."""
# pyarrow.compute makes its functions when it is imported, where type checkers do not see them:
# pyright: reportAttributeAccessIssue=false

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from ..data import Record

FACETS = (
    *("overallStatus", "phases", "studyType", "countries", "sponsorClass", "hasResults", "sex", "startYear"),
    *("conditions", "interventions", "leadSponsor"),
)
"""The fields that are counted, in the registry's names, and the year of the start date."""
_FREE_TEXT = frozenset({"conditions", "interventions", "leadSponsor"})
"""Fields whose values differ in letter case from record to record."""
_YEAR = "startYear"


class FacetValue(Record):
    """A value and the trials that have it."""

    value: str
    count: int


class Facet(Record):
    """The values of one field.

    A trial counts once for each value that it has, so those of a field with lists add up to more than the trials.

    Attributes:
        field: one of `FACETS`.
        values: by falling count, then by the alphabet; years by time. Booleans are ``true`` and ``false``.
        missing: trials that state none.
        more: further values that are not listed.
    """

    field: str
    values: tuple[FacetValue, ...]
    missing: int
    more: int = 0


class FacetTable:
    """The values of all trials of an index as numbers, ready to be counted."""

    def __init__(self, cards: pa.Table) -> None:
        self._cards = cards
        self._columns: dict[str, _Column] = {}
        self._of_all: tuple[int, list[Facet]] | None = None

    def facets(self, chosen: NDArray[np.bool_] | None, most: int) -> list[Facet]:
        """The facets of some trials: bool, shape (trials,); None for all, whose last answer is kept.

        Args:
            chosen: which trials.
            most: values of a field at most.
        """
        if chosen is None:
            kept = self._of_all
            if kept is None or kept[0] != most:
                kept = self._of_all = most, self._counted(np.ones(self._cards.num_rows, np.bool_), most)
            return list(kept[1])
        return self._counted(chosen, most)

    def _counted(self, chosen: NDArray[np.bool_], most: int) -> list[Facet]:
        return [self._column(field).facet(field, chosen, most) for field in FACETS]

    def _column(self, field: str) -> "_Column":
        if field not in self._columns:
            self._columns[field] = _Column.of(self._cards, field)
        return self._columns[field]


@dataclass(frozen=True)
class _Column:
    """A field of all trials: which trial has which value, once each.

    Attributes:
        names: the values.
        rows, values: of each pair of a trial and a value of it their numbers: int32, shape (pairs,).
    """

    names: list[str]
    rows: NDArray[np.int32]
    values: NDArray[np.int32]

    @classmethod
    def of(cls, cards: pa.Table, field: str) -> "_Column":
        column = pc.utf8_slice_codeunits(cards["startDate"], 0, 4) if field == _YEAR else cards[field]
        column = pa.concat_arrays(column.chunks) if isinstance(column, pa.ChunkedArray) else column
        if pa.types.is_list(column.type):
            rows, flat = pc.list_parent_indices(column).to_numpy(), pc.list_flatten(column)
        else:
            rows, flat = np.arange(len(column)), column
        stated = pc.is_valid(flat)
        rows, flat = rows[stated.to_numpy(zero_copy_only=False)], flat.filter(stated)
        coded = pc.cast(flat, pa.string()).dictionary_encode()
        names, values = coded.dictionary, coded.indices.to_numpy().astype(np.int64)
        if field in _FREE_TEXT and len(names):
            names, values = _folded(names, values)
        pairs = np.unique(rows * max(len(names), 1) + values)  # a record may list a name twice
        rows, values = np.divmod(pairs, max(len(names), 1))
        return cls(names.to_pylist(), rows.astype(np.int32), values.astype(np.int32))

    def facet(self, field: str, chosen: NDArray[np.bool_], most: int) -> Facet:
        inside = chosen[self.rows]
        counts = np.bincount(self.values[inside], minlength=len(self.names))
        present = np.flatnonzero(counts)
        floor = np.partition(counts[present], -most)[-most] if len(present) > most else 1
        high = present[counts[present] >= floor].tolist()
        listed = sorted(high, key=lambda one: (-counts[one], self.names[one]))[:most]
        if field == _YEAR:
            listed.sort(key=lambda one: self.names[one])
        stating = np.zeros(len(chosen), np.bool_)
        stating[self.rows[inside]] = True
        return Facet(
            field=field,
            values=tuple(FacetValue(value=self.names[one], count=int(counts[one])) for one in listed),
            missing=int(chosen.sum() - stating.sum()),
            more=len(present) - len(listed),
        )


def _folded(names: pa.Array, values: NDArray[np.int64]) -> tuple[pa.Array, NDArray[np.int64]]:
    """Names that differ in letter case alone as one, in its most frequent spelling."""
    folded = pc.utf8_lower(names).dictionary_encode()
    group_of = folded.indices.to_numpy().astype(np.int64)
    often = np.bincount(values, minlength=len(names))
    order = np.lexsort((np.arange(len(names)), -often, group_of))
    _, first = np.unique(group_of[order], return_index=True)
    return names.take(pa.array(order[first])), group_of[values]
