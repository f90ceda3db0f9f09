"""Any ranker measured on the truth sets: what the bench and its ablations share."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from trialkin import Index
from trialkin.index import Weights
from trialkin.index.measures import Values, measure
from trialkin.index.truth import TruthSet

Lists = dict[str, list[str]]
"""NCT ids, best first, by the NCT id or the query id that asked."""
Related = Callable[[list[str]], Lists]
"""Ranks the trials of the index for each of some of them, without itself."""
Search = Callable[[list[tuple[str, str]]], Lists]
"""Ranks the trials of the index for pairs of query id and text."""
Run = dict[str, Values]
"""Values of every measure and query, by set."""

RELATED_DEPTH, SEARCH_DEPTH = 1000, 100
"""The longest lists that the sets' measures look at."""


@dataclass(frozen=True)
class System:
    """A ranker under its name."""

    name: str
    related: Related
    search: Search


def evaluate_run(truth_sets: list[TruthSet], related: Related, search: Search) -> Run:
    """Every measure of every query of the sets, for one ranker."""
    values: Run = {}
    for truth in truth_sets:
        answers = related(truth.trials()) if truth.kind == "trials" else search(truth.texts())
        values[truth.name] = measure(truth, truth.by_query(answers))
    return values


def evaluate_all(truth_sets: list[TruthSet], systems: Iterable[System]) -> dict[str, Run]:
    """`evaluate_run` of each system, by its name; says on standard error which one is at work."""
    runs = {}
    for one in systems:
        print(one.name, file=sys.stderr)
        runs[one.name] = evaluate_run(truth_sets, one.related, one.search)
    return runs


def ours(index: Index, weights: Weights | None = None, name: str = "trialkin") -> System:
    """The index as a user meets it."""

    def related(nct_ids: list[str]) -> Lists:
        found = index.related_many(nct_ids, RELATED_DEPTH, weights=weights, explain=False)
        return {nct_id: [hit.nct_id for hit in hits] for nct_id, hits in found}

    def search(texts: list[tuple[str, str]]) -> Lists:
        found = index.search_many(texts, SEARCH_DEPTH, weights=weights, explain=False)
        return {qid: [hit.nct_id for hit in hits] for qid, hits in found}

    return System(name, related, search)
