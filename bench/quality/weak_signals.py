"""What a registry tells by itself of which trials are kin: weak signals to choose weights by, with no judgement.

Two trials count as kin where they name each other's NCT id in title, summary or description, or where both list a rare
MeSH heading of conditions and a rare one of interventions.
"""

import random
import re
from collections import defaultdict
from collections.abc import Mapping
from itertools import combinations

from trialkin import Index, Settings
from trialkin.data import Snapshot
from trialkin.index.truth import TruthSet

RARE = 0.02
"""Share of the trials with headings of both kinds that may list a rare one."""
NAMING, HEADINGS = 500, 400
"""Trials drawn to ask, of each signal."""
_MEASURES = ("R@10", "R@100", "RR")
_TEXTS = ("briefTitle", "briefSummary", "detailedDescription")
_NCT_ID = re.compile(r"\bNCT\d{8}\b")

Kin = dict[str, set[str]]
"""For each trial that has any, its kin."""


def weak_signals(index: Index) -> list[TruthSet]:
    """Both signals as sets of queries, drawn at random with a fixed seed."""
    draw = random.Random(5)
    signals = {"naming each other": (naming(index), NAMING), "rare headings": (sharing_headings(index), HEADINGS)}
    return [_as_set(name, kin, draw.sample(sorted(kin), min(most, len(kin)))) for name, (kin, most) in signals.items()]


def naming(index: Index) -> Kin:
    """Trials that name each other's NCT id, or of which one names the other's."""
    kin: Kin = defaultdict(set)
    for row in _snapshot().rows(["nctId", *_TEXTS]):
        own = row["nctId"]
        named = {other for text in _TEXTS for other in _NCT_ID.findall(row[text] or "")} - {own}
        for other in named:
            if own in index and other in index:
                kin[own].add(other)
                kin[other].add(own)
    return dict(kin)


def sharing_headings(index: Index) -> Kin:
    """Trials that share a rare MeSH heading of conditions and one of interventions."""
    by_heading: dict[str, dict[str, set[str]]] = {
        "conditionMeshes": defaultdict(set),
        "interventionMeshes": defaultdict(set),
    }
    listing = 0
    for row in _snapshot().rows(["nctId", *by_heading]):
        if row["nctId"] in index and all(row[column] for column in by_heading):
            listing += 1
            for column, headings in by_heading.items():
                for one in row[column]:
                    headings[one["term"]].add(row["nctId"])
    conditions, interventions = (_pairs(headings, int(RARE * listing)) for headings in by_heading.values())
    kin: Kin = defaultdict(set)
    for a, b in conditions & interventions:
        kin[a].add(b)
        kin[b].add(a)
    return dict(kin)


def _pairs(headings: Mapping[str, set[str]], most: int) -> set[tuple[str, str]]:
    """The pairs of trials that share a heading which no more than so many have."""
    rare = (trials for trials in headings.values() if len(trials) <= most)
    return {pair for trials in rare for pair in combinations(sorted(trials), 2)}


def _as_set(name: str, kin: Kin, asking: list[str]) -> TruthSet:
    queries = {nct_id: nct_id for nct_id in asking}
    qrels = {nct_id: dict.fromkeys(sorted(kin[nct_id]), 1) for nct_id in asking}
    return TruthSet(name, "trials", queries, qrels, {nct_id: [nct_id] for nct_id in asking}, _MEASURES)


def _snapshot() -> Snapshot:
    return Snapshot.open(Settings().home / "snapshot")
