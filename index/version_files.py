"""The files of a version, written from what a build gathered of all trials."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ..data import Snapshot
from .background import Background
from .card import CARD_SCHEMA
from .channels import CONCEPTS, DENSE, LEXICAL
from .classes import write_classes
from .concepts import write_concepts
from .dense import write_section
from .design import write_designs
from .dictionary import Dictionary, Kind
from .facts import FACT_SCHEMA, fact_table
from .lexical_files import write_lexical
from .links import LINK_SCHEMA, write_links
from .near import site_table, write_sites
from .profile import write_profiles
from .recognised import recognise
from .section_vectors import SectionVectors
from .store import write_store
from .traits import write_traits


def write_version(
    aside: Path,
    snapshot: Snapshot,
    order: NDArray[np.int64],
    derived: pa.Table,
    vectors: SectionVectors,
    dictionaries: Mapping[Kind, Dictionary],
    background: Background,
) -> None:
    """Write everything into a folder that exists.

    Args:
        aside: the folder.
        snapshot: what all was made from.
        order: int64, shape (trials,): positions in the snapshot, in the index's order, which is that of NCT ids.
        derived: a table of `DERIVED_SCHEMA`, in the index's order.
        vectors: of all sections.
        dictionaries: of each kind.
        background: what is counted beside these trials.
    """
    (aside / DENSE).mkdir()
    for section, (values, rows) in vectors.items():
        write_section(aside / DENSE, section, values, rows, background)
    write_profiles(aside / DENSE, vectors, len(order), background)
    write_lexical(aside / LEXICAL, derived, background)
    write_traits(aside, _flags(derived["traits"]), background)
    write_designs(aside, _flags(derived["design"]))
    write_links(aside, _unpacked(derived["links"], LINK_SCHEMA))
    facts = _write_records(aside, snapshot, order, _unpacked(derived["card"], CARD_SCHEMA))
    (aside / CONCEPTS).mkdir()
    recognised = recognise(derived, dictionaries)
    for kind, rows in recognised.items():
        dictionaries[kind].write(aside / CONCEPTS / f"{kind}.json")
        write_concepts(aside / CONCEPTS, kind, rows)
    write_classes(
        aside / CONCEPTS,
        facts["interventionAncestors"],
        recognised[Kind.INTERVENTION],
        dictionaries[Kind.INTERVENTION],
    )


def _write_records(aside: Path, snapshot: Snapshot, order: NDArray[np.int64], cards: pa.Table) -> pa.Table:
    """Write what stands in the records as it is; gives the facts, in the index's order."""
    batches = list(snapshot.batches([*FACT_SCHEMA.names, "locations"]))
    facts = pa.concat_tables([FACT_SCHEMA.empty_table(), *map(fact_table, batches)])
    facts = facts.take(pa.array(order)).combine_chunks()
    write_store(aside, snapshot, cards, facts, order)
    write_sites(aside, [site_table(one) for one in batches], [one.num_rows for one in batches], order)
    return facts


def _flags(column: pa.ChunkedArray) -> NDArray[np.uint8]:
    return column.combine_chunks().flatten().to_numpy().reshape(-1, column.type.list_size)


def _unpacked(column: pa.ChunkedArray, schema: pa.Schema) -> pa.Table:
    return pa.Table.from_arrays(column.combine_chunks().flatten(), schema=schema)
