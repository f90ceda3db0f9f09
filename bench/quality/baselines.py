"""Plain baselines over the trials, the texts and the vectors of one index.

- BM25 over everything that a record says, no field before another, with the defaults of bm25s. The query is every term
  of the text, or of the trial's title and summary.
- MiniLM on the title: cosine of the query's vector, or of the trial's title, with each title.
- MiniLM on title and summary: mean of both cosines, of the one alone where query or trial lacks the other.
- The naive hybrid: sum of the standard scores of BM25 and of MiniLM on title and summary.

Functions that reach into the index stand at the end; nothing else knows how it is made.
"""

from collections.abc import Callable, Iterator

import bm25s
import numpy as np
import pyarrow.parquet as pq
from numpy.typing import NDArray
from systems import RELATED_DEPTH, SEARCH_DEPTH, Lists, System

from trialkin import Index, Trial
from trialkin.data.schema import TRIAL_SCHEMA
from trialkin.embed import Section
from trialkin.index.record_terms import weighted_terms
from trialkin.index.terms import terms

Scores = NDArray[np.float32]
"""A score for each trial: float32, shape (trials,)."""
_BOTH = (Section.TITLE, Section.SUMMARY)


def baselines(index: Index) -> list[System]:
    """BM25, MiniLM on the title, MiniLM on title and summary, and the naive hybrid."""
    words = Words(index)

    def hybrid_of_trial(nct_id: str) -> Scores:
        return _standard(words.of_trial(nct_id)) + _standard(trial_cosines(index, nct_id, _BOTH))

    def hybrid_of_text(text: str) -> Scores:
        return _standard(words.of_text(text)) + _standard(text_cosines(index, text, _BOTH))

    title = (Section.TITLE,)
    return [
        _system(index, "BM25", words.of_trial, words.of_text),
        _system(
            index,
            "MiniLM, title",
            lambda nct_id: trial_cosines(index, nct_id, title),
            lambda text: text_cosines(index, text, title),
        ),
        _system(
            index,
            "MiniLM, title + summary",
            lambda nct_id: trial_cosines(index, nct_id, _BOTH),
            lambda text: text_cosines(index, text, _BOTH),
        ),
        _system(index, "naive hybrid", hybrid_of_trial, hybrid_of_text),
    ]


class Words:
    """BM25 over every record of the index."""

    def __init__(self, index: Index) -> None:
        self._index = index
        vocabulary: dict[str, int] = {}
        documents: list[list[int]] = [[] for _ in range(len(index))]
        for row, trial in records(index):
            documents[row] = [vocabulary.setdefault(term, len(vocabulary)) for term, _, _ in weighted_terms(trial)]
        self._model = bm25s.BM25()
        self._model.index((documents, vocabulary), create_empty_token=False, show_progress=False)
        self._vocabulary = vocabulary

    def of_trial(self, nct_id: str) -> Scores:
        """Scores for the title and summary of a trial."""
        trial = self._index.trial(nct_id)
        return self.of_text(f"{trial.title} {trial.brief_summary or ''}")

    def of_text(self, text: str) -> Scores:
        """Scores for every term of a text."""
        known = [self._vocabulary[term] for term in terms(text) if term in self._vocabulary]
        return self._model.get_scores(known) if known else np.zeros(len(self._index), np.float32)


def trial_cosines(index: Index, nct_id: str, sections: tuple[Section, ...]) -> Scores:
    """Mean cosine of each trial with one trial, section by section, over those that both have."""
    return _mean([cosines(index, section, section_vector(index, section, nct_id)) for section in sections])


def text_cosines(index: Index, text: str, sections: tuple[Section, ...]) -> Scores:
    """Mean cosine of a text with those of the sections that each trial has."""
    vector = text_vector(index, text)
    return _mean([cosines(index, section, vector) for section in sections])


def _mean(columns: list[Scores]) -> Scores:
    """Mean over the columns that are not NaN; -1 where all are."""
    values = np.stack(columns)
    has = ~np.isnan(values)
    total, count = np.where(has, values, 0).sum(axis=0), has.sum(axis=0)
    return np.where(count > 0, total / np.maximum(count, 1), -1).astype(np.float32)


def _standard(scores: Scores) -> Scores:
    return (scores - scores.mean()) / max(float(scores.std()), 1e-9)


def _system(index: Index, name: str, of_trial: Callable[[str], Scores], of_text: Callable[[str], Scores]) -> System:
    nct_ids = index.nct_ids()
    rows = {nct_id: row for row, nct_id in enumerate(nct_ids)}

    def best(scores: Scores, top: int) -> list[str]:
        return [nct_ids[row] for row in np.argsort(-scores, kind="stable")[:top]]

    def related(asked: list[str]) -> Lists:
        lists = {}
        for nct_id in asked:
            scores = of_trial(nct_id).astype(np.float32)
            scores[rows[nct_id]] = np.inf  # first, so that it is dropped
            lists[nct_id] = best(scores, RELATED_DEPTH + 1)[1:]
        return lists

    def search(asked: list[tuple[str, str]]) -> Lists:
        return {qid: best(of_text(text), SEARCH_DEPTH) for qid, text in asked}

    return System(name, related, search)


def cosines(index: Index, section: Section, vector: NDArray[np.float32] | None) -> Scores:
    """Cosine of a unit vector, float32 of shape (dim,), with a section of each trial; NaN where one is lacking."""
    if vector is None or section not in index._channels.dense:
        return np.full(len(index), np.nan, np.float32)
    return index._channels.dense[section].similarities(vector[None], np.arange(len(index), dtype=np.int32))[0]


def section_vector(index: Index, section: Section, nct_id: str) -> NDArray[np.float32] | None:
    """The unit vector of a trial's section: float32, shape (dim,), None where it lacks the section."""
    dense, row = index._channels.dense, index._store.row(nct_id)
    return dense[section].vector(row) if section in dense and row is not None else None


def text_vector(index: Index, text: str) -> NDArray[np.float32]:
    """The unit vector of a text: float32, shape (dim,)."""
    return index._embed.query(text)


def records(index: Index) -> Iterator[tuple[int, Trial]]:
    """Row and record of every trial of the index."""
    rows = {nct_id: row for row, nct_id in enumerate(index.nct_ids())}
    for path in index._store._files:
        with pq.ParquetFile(path) as parquet:
            for batch in parquet.iter_batches(columns=TRIAL_SCHEMA.names):
                for record in batch.to_pylist():
                    trial = Trial.model_validate(record)
                    if trial.nct_id in rows:
                        yield rows[trial.nct_id], trial
