"""What all trials of an index are about, recognised in their words."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy import sparse

from .arrow_file import lists
from .dictionary import Dictionary, Kind
from .many_phrases import PhraseTrie, Texts
from .spoken import ANY, number_of

_AT_ONCE = 20_000
"""Trials whose words are looked through at one time."""


def recognise(trials: pa.Table, dictionaries: Mapping[Kind, Dictionary]) -> dict[Kind, sparse.csr_matrix]:
    """The concepts of each kind that trials are about, as `trial_concepts` finds those of one.

    Args:
        trials: of `SPOKEN_SCHEMA`; the words of all in one chunk.
        dictionaries: of each kind.

    Returns:
        how surely each trial is about each concept, 0 to 1: float32, a row a trial, a column a concept, at least one;
        ascending in each row.
    """
    vocabulary = trials["words"].combine_chunks().values.dictionary.to_pylist()
    seekers = {kind: _Seeker(kind, one, vocabulary) for kind, one in dictionaries.items()}
    blocks = [_Block(trials.slice(start, _AT_ONCE)) for start in range(0, max(len(trials), 1), _AT_ONCE)]
    return {
        kind: sparse.csr_matrix(sparse.vstack([seeker.concepts(one) for one in blocks], "csr"))
        for kind, seeker in seekers.items()
    }


def words_of(trials: pa.Table) -> frozenset[str]:
    """All words that trials use, of `SPOKEN_SCHEMA` as `recognise` takes it."""
    words = trials["words"].combine_chunks().flatten()  # the dictionary may have words of former records, too
    return frozenset(words.dictionary.take(pa.array(np.unique(words.indices.to_numpy()))).to_pylist())


class _Block:
    """The texts of some trials as arrays.

    Attributes:
        trials: how many.
        words, capitals: as `Texts` has them.
        lengths, sureness, kinds, owners: of each text, the last its trial's place among these.
    """

    def __init__(self, rows: pa.Table) -> None:
        self.trials = len(rows)
        starts, words = lists(rows["words"])
        self.words: NDArray[np.int32] = words.indices.to_numpy()
        places, capitals = lists(rows["capitals"])
        self.capitals = np.zeros(len(self.words), np.bool_)
        self.capitals[capitals.to_numpy() + np.repeat(starts[:-1], np.diff(places))] = True
        texts, lengths = lists(rows["lengths"])
        self.lengths: NDArray[np.int32] = lengths.to_numpy()
        self.sureness: NDArray[np.float32] = lists(rows["sureness"])[1].to_numpy()
        self.kinds: NDArray[np.int8] = lists(rows["kinds"])[1].to_numpy()
        self.owners = np.repeat(np.arange(self.trials), np.diff(texts))


class _Seeker:
    """Finds the concepts of one kind."""

    def __init__(self, kind: Kind, dictionary: Dictionary, vocabulary: list[str]) -> None:
        self._kind = number_of(kind)
        self._trie = PhraseTrie(dictionary.phrases, dictionary.acronyms, vocabulary, dictionary.passing)
        self._columns = max(len(dictionary.names), 1)
        meanings = [dictionary.meanings(concept) for concept in range(len(dictionary.names))]
        self._counts = np.asarray([len(one) for one in meanings], np.int64)
        self._starts = np.cumsum(self._counts) - self._counts
        self._meanings = np.asarray([one for several in meanings for one in several], np.int64)

    def concepts(self, block: _Block) -> sparse.csr_matrix:
        """How surely each trial of a block is about each concept."""
        asked = (block.kinds == ANY) | (block.kinds == self._kind)
        within = np.repeat(asked, block.lengths)
        lengths = block.lengths[asked]
        ends = np.cumsum(lengths, dtype=np.int64)
        found = self._trie.mentions(Texts(block.words[within], block.capitals[within], np.repeat(ends, lengths)))
        texts = np.searchsorted(ends, found.places, side="right")
        counts = self._counts[found.concepts]
        nth = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        concepts = self._meanings[np.repeat(self._starts[found.concepts], counts) + nth]
        trials = np.repeat(block.owners[asked][texts], counts)
        return _most(trials, concepts, np.repeat(block.sureness[asked][texts], counts), (block.trials, self._columns))


def _most(
    rows: NDArray[np.int64], columns: NDArray[np.int64], values: NDArray[np.float32], shape: tuple[int, int]
) -> sparse.csr_matrix:
    """A matrix of the greatest of the values that each cell is given."""
    cells = rows * np.int64(shape[1]) + columns
    order = np.argsort(cells, kind="stable")
    cells, values = cells[order], values[order]
    first = np.flatnonzero(np.diff(cells, prepend=-1))
    greatest = np.maximum.reduceat(values, first) if len(first) else values
    row, column = np.divmod(cells[first], shape[1])
    starts = np.concatenate(([0], np.cumsum(np.bincount(row, minlength=shape[0]))))
    return sparse.csr_matrix((greatest, column.astype(np.int32), starts), shape=shape)
