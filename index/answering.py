"""From what is asked to hits: ranked, scored on the calibrated scale, and explained."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .channels import Channels
from .dictionary import Kind
from .facts import Facts
from .hits import Hit, Reason
from .query import Weighted
from .ranking import Calibration
from .reasons import Explainer
from .scoring import Ranked, rank
from .side import Side
from .store import Store
from .timing import stage

_CARD_FIELDS = [
    str(field.alias)
    for name, field in Hit.model_fields.items()
    if name not in ("rank", "score", "reasons", "why", "family")
]
"""What a hit takes from a trial's card, in the registry's names."""


@dataclass(frozen=True)
class Asked:
    """What is looked for, what is known of it for reasons, and what scores mean."""

    wanted: Weighted
    facts: Facts
    scale: Calibration


class Answering:
    """Answers what is asked of one version."""

    def __init__(self, channels: Channels, store: Store, floor: float) -> None:
        """Take what is compared, what answers show, and the part of a perfect score below which nothing is kin."""
        self._channels = channels
        self._store = store
        self._floor = floor
        self._explainer = Explainer(
            channels.thesauri,
            channels.lexical.idf,
            lambda kind, concept: channels.concepts[kind].rarity(concept),
            lambda name: (
                channels.classes.rarity(number) if (number := channels.class_names.get(name)) is not None else 0.0
            ),
            channels.classes_of,
        )

    def hits(
        self, asked: Asked, top: int, allowed: NDArray[np.bool_] | None, *, explain: bool, skip: int = 0
    ) -> list[Hit]:
        """The best trials of ranks `skip` + 1 to `top` among those allowed; with reasons if wanted.

        Args:
            asked: what is looked for.
            top: the last rank.
            allowed: bool, shape (trials,); None for all.
            explain: give reasons.
            skip: the last rank that is left out.
        """
        with stage("rank"):
            ranked = rank(asked.wanted, self._channels, top, allowed, self._floor).after(skip)
        scores = [asked.scale.probability(raw / ranked.ideal) for raw in ranked.scores.tolist()]
        told = self._reasons(asked, ranked, scores) if explain else [((), "")] * len(scores)
        return [
            Hit(rank=rank, score=score, reasons=reasons, why=why, **card)
            for rank, (card, score, (reasons, why)) in enumerate(
                zip(self._store.cards_of(ranked.rows, _CARD_FIELDS), scores, told, strict=True), start=skip + 1
            )
        ]

    @stage("explain")
    def _reasons(self, asked: Asked, ranked: Ranked, scores: list[float]) -> list[tuple[tuple[Reason, ...], str]]:
        first = asked.wanted.parts[0][0]
        query = self._side(asked.facts, {kind: one.ids for kind, one in first.concepts.items()})
        told = []
        for place, (row, facts) in enumerate(zip(ranked.rows.tolist(), self._store.facts_of(ranked.rows), strict=True)):
            added = {code: float(values[place]) for code, values in ranked.parts.items()}
            concepts = {kind: table.of_row(row).ids for kind, table in self._channels.concepts.items()}
            hit = self._side(Facts.of_row(facts), concepts)
            told.append(self._explainer.explain(query, hit, added, scores[place]))
        return told

    def _side(self, facts: Facts, concepts: dict[Kind, NDArray[np.int32]]) -> Side:
        return self._explainer.side(facts, {kind: frozenset(ids.tolist()) for kind, ids in concepts.items()})
