"""The classes of what trials give: the package's classes of drugs, and the MeSH headings above their interventions."""

from itertools import chain
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy import sparse

from .arrow_file import lists
from .channels import CLASSES
from .concepts import write_concepts
from .dictionary import Dictionary
from .drug_classes import classes_of


def write_classes(
    folder: Path, ancestors: pa.ChunkedArray, interventions: sparse.csr_matrix, dictionary: Dictionary
) -> None:
    """Write the classes of all trials as concepts, numbered by the alphabet.

    Args:
        folder: exists.
        ancestors: ``interventionAncestors`` of `FACT_SCHEMA`, in the index's order.
        interventions: how surely each trial gives each concept of the dictionary: float32, shape (trials, concepts).
        dictionary: of interventions.
    """
    starts, terms = lists(ancestors)
    coded = terms.dictionary_encode()
    headings: list[str] = coded.dictionary.to_pylist()
    of_concepts = classes_of(dictionary)
    names = sorted({*headings, *chain.from_iterable(of_concepts.values())})
    number = {name: place for place, name in enumerate(names)}
    columns = np.asarray([number[name] for name in headings], np.int32)[coded.indices.to_numpy()]
    trials, classes = len(ancestors), max(len(names), 1)
    listed = sparse.csr_matrix((np.ones(len(columns), np.float32), columns, starts), shape=(trials, classes))
    members = [(concept, number[name]) for concept, found in of_concepts.items() for name in found]
    shape = interventions.get_shape()
    given = sparse.csr_matrix((np.ones_like(interventions.data), interventions.indices, interventions.indptr), shape)
    rows = sparse.csr_matrix(listed + given @ _ones(members, (shape[1], classes)))
    rows.sum_duplicates()
    rows.data[:] = 1.0
    Dictionary(names, number, {}).write(folder / f"{CLASSES}.json")
    write_concepts(folder, CLASSES, rows)


def _ones(cells: list[tuple[int, int]], shape: tuple[int, int]) -> sparse.csr_matrix:
    """A float32 matrix of 1 at some rows and columns, and 0 elsewhere."""
    places: NDArray[np.int64] = np.asarray(cells, np.int64).reshape(-1, 2)
    return sparse.csr_matrix((np.ones(len(places), np.float32), (places[:, 0], places[:, 1])), shape=shape)
