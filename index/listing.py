"""The trials that meet filters, without a question: all of them, in an order of their fields."""
# pyarrow.compute makes its functions when it is imported, where type checkers do not see them:
# pyright: reportAttributeAccessIssue=false

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

SORTABLE = (
    *("nctId", "title", "overallStatus", "enrollmentCount", "startDate", "completionDate", "lastUpdatePostDate"),
)
"""Fields that trials can be listed by."""


def listed(cards: pa.Table, allowed: NDArray[np.bool_] | None, order: Sequence[tuple[str, bool]]) -> list[str]:
    """NCT ids of the trials allowed; those without a value come last, equal ones by their ids.

    Args:
        cards: of all trials.
        allowed: bool, shape (trials,); None for all.
        order: fields of `SORTABLE`, each with whether large values come first.
    """
    table = cards.select(list(SORTABLE))
    if allowed is not None:
        table = table.filter(pa.array(allowed))
    if order:
        keys = [
            (name, "descending" if falling else "ascending", "at_end") for name, falling in (*order, ("nctId", False))
        ]
        table = table.take(pc.sort_indices(table, sort_keys=keys))
    return table["nctId"].to_pylist()
