"""The classes of what trials give: the MeSH headings above those of their interventions."""

from pathlib import Path

import numpy as np
import pyarrow as pa
from scipy import sparse

from .arrow_file import lists
from .channels import CLASSES
from .concepts import write_concepts
from .dictionary import Dictionary


def write_classes(folder: Path, ancestors: pa.ChunkedArray) -> None:
    """Write the classes of all trials as concepts, numbered by the alphabet.

    Args:
        folder: exists.
        ancestors: ``interventionAncestors`` of `FACT_SCHEMA`, in the index's order.
    """
    starts, terms = lists(ancestors)
    coded = terms.dictionary_encode()
    found: list[str] = coded.dictionary.to_pylist()
    names = sorted(found)
    place = {name: number for number, name in enumerate(names)}
    columns = np.asarray([place[name] for name in found], np.int32)[coded.indices.to_numpy()]
    shape = (len(ancestors), max(len(names), 1))
    rows = sparse.csr_matrix((np.ones(len(columns), np.float32), columns, starts), shape=shape)
    rows.sum_duplicates()
    rows.data[:] = 1.0
    Dictionary(names, place, {}).write(folder / f"{CLASSES}.json")
    write_concepts(folder, CLASSES, rows)
