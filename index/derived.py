"""What an index needs of one record alone, whatever the others say, as a row of an Arrow table."""

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from ..data import Trial
from ..embed import Section, section_texts, text_key
from .card import CARD_SCHEMA, card
from .design import design
from .links import LINK_SCHEMA, links
from .record_terms import TERM_SCHEMA, TermCounts
from .spoken import SPOKEN_SCHEMA, spoken_row
from .traits import traits

KEY = pa.binary(16)


def key_column(section: Section) -> str:
    """The column of the keys of a section's texts."""
    return f"{section}Key"


DERIVED_SCHEMA = pa.schema(
    [
        pa.field("digest", KEY, nullable=False),
        *TERM_SCHEMA,
        *SPOKEN_SCHEMA,
        ("traits", pa.list_(pa.uint8(), 3)),
        ("design", pa.list_(pa.uint8(), 4)),
        ("card", pa.struct(CARD_SCHEMA)),
        ("links", pa.struct(LINK_SCHEMA)),
        *((key_column(section), KEY) for section in Section),
    ]
)
"""A row a record.

``digest``: by which a record is known. ``terms`` and so on: as `TermCounts`, `spoken`, `traits`, `design`, `card`
and `links` give them. ``titleKey`` and so on: of each section that it has, its text's `text_key`.
"""


def derived_table(records: Iterable[tuple[bytes, Trial]]) -> pa.Table:
    """`DERIVED_SCHEMA` of some records, given with their digests, in one chunk."""
    rows = [_row(digest, trial) for digest, trial in records]
    return pa.Table.from_pylist(rows, schema=DERIVED_SCHEMA).combine_chunks()


def _row(digest: bytes, trial: Trial) -> Mapping[str, Any]:
    return {
        "digest": digest,
        **vars(TermCounts.of(trial)),
        **spoken_row(trial),
        "traits": traits(trial),
        "design": design(trial),
        "card": card(trial),
        "links": links(trial),
        **{key_column(section): text_key(text) for section, text in section_texts(trial).items()},
    }
