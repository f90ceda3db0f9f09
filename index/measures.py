"""How well rankings agree with a truth set, and how sure that is.

Measures are those of ir-measures, which asks trec_eval. Intervals are bootstrap percentiles (Efron and Tibshirani,
1993) over groups, reviews or queries, for these are what was drawn from the world; queries of one review are not
independent of each other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .truth import TruthSet

Run = Mapping[str, Sequence[str]]
"""NCT ids by query id, best first."""
Values = dict[str, dict[str, float]]
"""Values by query id, by measure."""

_PERCENTILES = (2.5, 97.5)
_AT_ONCE = 1 << 20
"""Drawn values that are in memory at one time."""


@dataclass(frozen=True)
class Difference:
    """How much better one system is than another on the same groups.

    Attributes:
        mean: of the differences of groups.
        low, high: 95% interval of that mean.
        not_above: share of resamples, 0 to 1, whose mean is 0 or less.
    """

    mean: float
    low: float
    high: float
    not_above: float


def measure(truth_set: TruthSet, run: Run) -> Values:
    """Every measure of the set for every query; a query without an answer counts 0."""
    import ir_measures

    names = {ir_measures.parse_measure(name): name for name in truth_set.measures}
    # trec_eval ranks by score and breaks ties its own way; falling scores without ties keep the order that was given.
    scored = {
        qid: {nct_id: float(-place) for place, nct_id in enumerate(run[qid])} for qid in truth_set.queries if qid in run
    }
    values: Values = {name: dict.fromkeys(truth_set.queries, 0.0) for name in truth_set.measures}
    for one in ir_measures.iter_calc(list(names), truth_set.qrels, scored):
        values[names[one.measure]][one.query_id] = float(one.value)
    return values


def by_group(truth_set: TruthSet, values: Mapping[str, float]) -> NDArray[np.float64]:
    """The mean of each group over those of its queries that have a value: float64, shape (groups with any,)."""
    groups = ([values[qid] for qid in qids if qid in values] for qids in truth_set.groups.values())
    return np.asarray([np.mean(group) for group in groups if group], np.float64)


def mean(truth_set: TruthSet, values: Values) -> dict[str, float]:
    """The mean of each measure: in each group, then over groups."""
    return {name: float(by_group(truth_set, one).mean()) for name, one in values.items()}


def bootstrap_interval(group_values: NDArray[np.float64], samples: int = 10_000, seed: int = 0) -> tuple[float, float]:
    """The 95% percentile interval of the mean of groups' values: float64, shape (groups,), at least one."""
    low, high = np.percentile(_resampled_means(group_values, samples, seed), _PERCENTILES)
    return float(low), float(high)


def paired_bootstrap(
    a: NDArray[np.float64], b: NDArray[np.float64], samples: int = 10_000, seed: int = 0
) -> Difference:
    """How much better `a` is than `b`.

    Args:
        a: float64, shape (groups,), at least one.
        b: of the same groups in the same order.
        samples: resamples of the groups.
        seed: the same seed draws the same resamples.

    Raises:
        ValueError: the shapes differ.
    """
    if a.shape != b.shape:
        raise ValueError(f"{a.shape} and {b.shape} groups cannot be paired")
    differences = a - b
    means = _resampled_means(differences, samples, seed)
    low, high = np.percentile(means, _PERCENTILES)
    return Difference(float(differences.mean()), float(low), float(high), float(np.mean(means <= 0)))


def _resampled_means(values: NDArray[np.float64], samples: int, seed: int) -> NDArray[np.float64]:
    """Means of so many draws of all groups with replacement: float64, shape (samples,)."""
    generator, groups = np.random.default_rng(seed), len(values)
    part = max(1, _AT_ONCE // groups)
    return np.concatenate(
        [
            values[generator.integers(0, groups, (min(part, samples - start), groups))].mean(axis=1)
            for start in range(0, samples, part)
        ]
    )
