"""Outcome measures of many trials, gathered by likeness."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from pydantic import Field

from ..data import Record, Trial
from .wording import likenesses, reader_of

_FAR = 0.55
"""Mean distance (1 less likeness) at which two groups of measures are no longer one."""
_EXAMPLES = 5
_MOST_MEASURES = 3000
"""More are not gathered: the distances of all with all would not fit."""


class EndpointExample(Record):
    """One trial's measure, as it stands there."""

    nct_id: str
    measure: str
    time_frame: str | None = None


class EndpointGroup(Record):
    """Measures that ask for the like.

    Attributes:
        measure: the one of them that is most like the others.
        n: trials that have any of them.
        examples: some of them, of different trials, the most typical first.
    """

    measure: str
    n: int = Field(ge=1)
    nct_ids: tuple[str, ...]
    examples: tuple[EndpointExample, ...]


def endpoint_groups(trials: Sequence[Trial]) -> list[EndpointGroup]:
    """The primary outcomes of some trials in groups, those of most trials first."""
    given = [
        EndpointExample(nct_id=trial.nct_id, measure=one.measure, time_frame=one.time_frame)
        for trial in trials
        for one in trial.primary_outcomes
    ][:_MOST_MEASURES]
    if not given:
        return []
    read = reader_of(
        text for trial in trials for text in (trial.brief_title, *(one.measure for one in trial.primary_outcomes))
    )
    words = [read(one.measure) for one in given]
    alike = likenesses(words, words, contained=0.3)
    alike = (alike + alike.T) / 2
    groups: dict[int, list[int]] = {}
    for place, number in enumerate(_numbers(alike)):
        groups.setdefault(number, []).append(place)
    made = [
        _group([given[place] for place in places], alike[np.ix_(places, places)].sum(axis=1))
        for places in groups.values()
    ]
    return sorted(made, key=lambda one: (-one.n, one.measure.casefold()))


def _numbers(alike: np.ndarray) -> list[int]:
    """The group of each measure."""
    if len(alike) == 1:
        return [1]
    from scipy.cluster.hierarchy import fcluster, linkage  # takes long to load, and few commands need it
    from scipy.spatial.distance import squareform

    distances = 1.0 - alike
    np.fill_diagonal(distances, 0.0)
    tree = linkage(squareform(np.clip(distances, 0.0, 1.0), checks=False), method="average")
    return fcluster(tree, _FAR, criterion="distance").tolist()


def _group(measures: Sequence[EndpointExample], typical: np.ndarray) -> EndpointGroup:
    often = Counter(one.measure.casefold() for one in measures)
    order = sorted(
        range(len(measures)), key=lambda place: (-typical[place], -often[measures[place].measure.casefold()], place)
    )
    examples: dict[str, EndpointExample] = {}
    for place in order:
        examples.setdefault(measures[place].nct_id, measures[place])
    return EndpointGroup(
        measure=measures[order[0]].measure,
        n=len(examples),
        nct_ids=tuple(sorted(examples)),
        examples=tuple(examples.values())[:_EXAMPLES],
    )
