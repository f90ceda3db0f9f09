"""What reasons look at and quote of a trial: a row of its own beside the card."""
# pyarrow.compute makes its functions when it is imported, where type checkers do not see them:
# pyright: reportAttributeAccessIssue=false

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ..data import Trial
from ..data.schema import TRIAL_SCHEMA
from .dictionary import Kind

_TEXTS = pa.list_(pa.string())
FACT_SCHEMA = pa.schema(
    [
        ("briefTitle", pa.string()),
        ("officialTitle", pa.string()),
        ("briefSummary", pa.string()),
        ("conditions", _TEXTS),
        ("conditionMeshes", _TEXTS),
        ("interventions", _TEXTS),
        ("interventionMeshes", _TEXTS),
        ("interventionAncestors", _TEXTS),
        ("leadSponsor", pa.string()),
        ("studyType", pa.string()),
        ("primaryPurpose", pa.string()),
        ("phases", _TEXTS),
        ("startDate", pa.string()),
    ]
)
"""The columns, in the registry's names; lists of names and of MeSH terms."""

_LISTED = {
    Kind.CONDITION: ("conditions", "conditionMeshes"),
    Kind.INTERVENTION: ("interventions", "interventionMeshes"),
}


def fact_row(trial: Trial) -> dict[str, Any]:
    """A trial's row of `FACT_SCHEMA`."""
    return fact_table(pa.RecordBatch.from_pylist([trial.model_dump(by_alias=True)], TRIAL_SCHEMA)).to_pylist()[0]


def fact_table(rows: pa.RecordBatch) -> pa.Table:
    """`FACT_SCHEMA` of some rows of a snapshot: of what has parts there, the name, the term or the date."""
    return pa.table([_part(rows[name]) for name in FACT_SCHEMA.names], schema=FACT_SCHEMA)


def _part(column: pa.Array) -> pa.Array:
    if pa.types.is_struct(column.type):
        return pc.struct_field(column, "name" if "name" in column.type.names else "date")
    if pa.types.is_list(column.type) and pa.types.is_struct(column.type.value_type):
        names = column.type.value_type.names
        return pa.ListArray.from_arrays(column.offsets, column.values.field("term" if "term" in names else "name"))
    return column


@dataclass(frozen=True)
class Facts:
    """One side of a comparison.

    Attributes:
        texts: field and text of titles and summary, in this order; of a text query its ``text``.
        listed: field and name of what it lists of each kind.
        classes: MeSH ancestors of its interventions.
        sponsor: lead sponsor.
        codes: study type, primary purpose and phases by field.
        start: date of start, as precise as the record has it.
    """

    texts: Sequence[tuple[str, str]]
    listed: Mapping[Kind, Sequence[tuple[str, str]]] = field(default_factory=dict)
    classes: frozenset[str] = frozenset()
    sponsor: str | None = None
    codes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    start: str | None = None

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> "Facts":
        """From a row of `FACT_SCHEMA`."""
        return cls(
            [(name, row[name]) for name in ("briefTitle", "officialTitle", "briefSummary") if row[name]],
            {kind: [(name, one) for name in names for one in row[name] or ()] for kind, names in _LISTED.items()},
            frozenset(row["interventionAncestors"] or ()),
            row["leadSponsor"],
            {
                "studyType": [row["studyType"]] if row["studyType"] else [],
                "primaryPurpose": [row["primaryPurpose"]] if row["primaryPurpose"] else [],
                "phases": [phase for phase in row["phases"] or () if phase != "NA"],
            },
            row["startDate"],
        )

    @classmethod
    def of_trial(cls, trial: Trial) -> "Facts":
        """From a record that is not in the index."""
        return cls.of_row(fact_row(trial))

    @classmethod
    def of_text(cls, text: str) -> "Facts":
        """From the text of a query."""
        return cls([("text", text)])

    @property
    def is_text(self) -> bool:
        """Whether this is a text query."""
        return bool(self.texts) and self.texts[0][0] == "text"
