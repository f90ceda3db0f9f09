"""Where some trials lie in two dimensions, like ones near each other, and which of them belong together.

Two trials are as like as the sections that both have: cosines from each section's centre, weighted as in the ranking;
and as the conditions and interventions that they share. `scaling` draws points from that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from ..data import Record
from .channels import Channels
from .concepts import ConceptQuery
from .dictionary import Kind
from .groups import telling
from .profile import PARTS
from .ranking import Ranking
from .scaling import plane

MOST_TRIALS = 500
"""Trials of one neighbourhood at most; more could neither be drawn nor told apart."""


class Place(Record):
    """Where one trial lies.

    Attributes:
        nct_id: None for the text at the centre.
        x, y: -1 to 1; the centre is at 0, 0.
        condition, intervention: the name of its group, None where it belongs to no group.
    """

    nct_id: str | None
    x: float
    y: float
    condition: str | None
    intervention: str | None


class Neighbourhood(Record):
    """Some trials in the plane; the first, or a text, is at the centre.

    The first axis is that along which the trials spread most, and what lies farthest along an axis is on its positive
    side: the same trials always give the same picture.

    Attributes:
        places: the centre, then the others in order of their ids.
        conditions, interventions: names of the groups, each covering the most of what earlier ones leave.
        stress: Kruskal's, 0 for a perfect picture; above 0.3 distances tell little.
    """

    places: tuple[Place, ...]
    conditions: tuple[str, ...]
    interventions: tuple[str, ...]
    stress: float


@dataclass(frozen=True)
class Looked:
    """What a text is compared by.

    Attributes:
        vector: unit, float32, shape (dim,); taken as a title, a summary and a description.
        concepts: that it mentions.
    """

    vector: NDArray[np.float32]
    concepts: Mapping[Kind, ConceptQuery]


def neighbourhood(
    channels: Channels, ranking: Ranking, rows: NDArray[np.int32], ids: Sequence[str], text: Looked | None
) -> Neighbourhood:
    """Lay out some trials of an index.

    Args:
        channels: of the index.
        ranking: what counts how much.
        rows: int32, shape (trials,), without duplicates: the centre first, unless a text is; 1 or more with the text.
        ids: their NCT ids.
        text: the centre, if it is no trial.
    """
    lead = 0 if text is not None else 1
    order = [*range(lead), *sorted(range(lead, len(rows)), key=lambda one: ids[one])]
    rows = rows[order]
    queries = {
        kind: [*([text.concepts[kind]] if text else ()), *(table.of_row(row) for row in rows.tolist())]
        for kind, table in channels.concepts.items()
    }
    likeness = _meaning(channels, ranking, rows, text)
    total = 1.0
    for kind, weight in ranking.concepts.items():
        likeness += weight * _shared(queries[kind])
        total += weight
    unlike = np.clip(1.0 - likeness / total, 0.0, None)
    if text is not None:
        unlike[0, 1:] = unlike[1:, 0] = _on_their_scale(unlike[0, 1:], unlike[1:, 1:])
    np.fill_diagonal(unlike, 0.0)
    points, stress = plane(unlike, centre=0)
    names, groups = {}, {}
    for kind, table in channels.concepts.items():
        listed = channels.thesauri[kind].dictionary.names
        chosen, of_trial = telling([frozenset(one.ids.tolist()) for one in queries[kind]], table.rarity)
        names[kind] = tuple(listed[one] for one in chosen)
        groups[kind] = [None if one is None else listed[one] for one in of_trial]
    every = [*([None] if text else ()), *(ids[one] for one in order)]
    return Neighbourhood(
        places=tuple(
            Place(nct_id=nct_id, x=x, y=y, condition=condition, intervention=intervention)
            for nct_id, (x, y), condition, intervention in zip(
                every, points.tolist(), groups[Kind.CONDITION], groups[Kind.INTERVENTION], strict=True
            )
        ),
        conditions=names[Kind.CONDITION],
        interventions=names[Kind.INTERVENTION],
        stress=stress,
    )


def _meaning(channels: Channels, ranking: Ranking, rows: NDArray[np.int32], text: Looked | None) -> NDArray[np.float64]:
    """Weighted mean cosine of the sections that both have, 0 where they have none in common: float64, shape (n, n)."""
    whole = sum(PARTS.values())
    weights_of = {**ranking.sections, **{section: weight / whole for section, weight in PARTS.items()}}
    parts, has = [], []
    for section, dense in channels.dense.items():
        weight = weights_of[section]
        vectors = [dense.vector(row) for row in rows.tolist()]
        if text is not None:
            vectors.insert(0, text.vector if section in PARTS else None)
        mean = dense.spread.mean
        known = np.stack([mean if vector is None else vector for vector in vectors]) - mean
        known *= np.sqrt(np.float32(weight)) / np.maximum(np.linalg.norm(known, axis=1, keepdims=True), 1e-9)
        parts.append(known)
        has.append([np.sqrt(weight) * (vector is not None) for vector in vectors])
    together, weights = np.hstack(parts).astype(np.float64), np.asarray(has)
    # one product, for the many small ones of BLAS wait for each other's threads
    return (together @ together.T) / np.maximum(np.einsum("ki,kj->ij", weights, weights), 1e-9)


def _on_their_scale(of_text: NDArray[np.float64], of_trials: NDArray[np.float64]) -> NDArray[np.float64]:
    """What a text is unlike, in the same order but spread as between trials: a few words are like no whole record."""
    pairs = of_trials[np.triu_indices(len(of_trials), 1)]
    if not len(pairs):
        return of_text
    ranks = np.argsort(np.argsort(of_text, kind="stable"), kind="stable")
    return np.quantile(pairs, (ranks + 0.5) / len(of_text))


def _shared(queries: Sequence[ConceptQuery]) -> NDArray[np.float64]:
    """Cosines of what each is about with the others: float64, shape (n, n)."""
    ids, columns = np.unique(np.concatenate([one.ids for one in queries]), return_inverse=True)
    owners = np.repeat(np.arange(len(queries)), [len(one.ids) for one in queries])
    values = np.concatenate([one.weights for one in queries]).astype(np.float64)
    matrix = sparse.csr_matrix((values, (owners, columns)), shape=(len(queries), max(len(ids), 1)))
    return (matrix @ matrix.T).toarray()
