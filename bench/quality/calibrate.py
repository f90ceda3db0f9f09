"""Fits the scale that turns parts of a perfect score into probabilities, on weak signals of the registry itself.

    python bench/quality/calibrate.py

Two trials count as kin where both records list a rare MeSH heading of conditions and one of interventions in common.
Trials are drawn at random among those with headings of both kinds; the deep list of each is restricted to such trials.
The logarithm of a hit's part of a perfect score, and whether it is kin, make a logistic regression (Platt 1999), in
which every query counts the same. For texts the trials' titles are the queries. Prints scales for index/ranking.py, and
how often pairs of a score are kin.
"""

import random

import numpy as np
from sklearn.linear_model import LogisticRegression
from weak_signals import sharing_headings

from trialkin import open_index
from trialkin.index.ranking import DEFAULT_RANKING, Calibration

DEPTH, QUERIES = 2000, 300


def main() -> None:
    index = open_index()
    kin = sharing_headings(index)
    drawn = random.Random(3).sample(sorted(kin), min(QUERIES, len(kin)))
    for name, scale, ask in (
        ("trial_scale", DEFAULT_RANKING.trial_scale, lambda one: index.related(one, DEPTH, explain=False)),
        (
            "text_scale",
            DEFAULT_RANKING.text_scale,
            lambda one: index.search(index.trial(one).title, DEPTH, explain=False),
        ),
    ):
        parts, is_kin, weight = [], [], []
        for nct_id in drawn:
            hits = [hit for hit in ask(nct_id) if hit.nct_id in kin and hit.nct_id != nct_id]
            parts += [to_part(hit.score, scale) for hit in hits]
            is_kin += [hit.nct_id in kin[nct_id] for hit in hits]
            weight += [1 / len(hits)] * len(hits)
        report(name, np.asarray(parts), np.asarray(is_kin), np.asarray(weight))


def to_part(score: float, scale: Calibration) -> float:
    return scale.middle * (score / (1 - score)) ** (1 / scale.power)


def report(name: str, parts: np.ndarray, is_kin: np.ndarray, weight: np.ndarray) -> None:
    logs = np.log(parts)[:, None]
    fitted = LogisticRegression(C=1e6).fit(logs, is_kin, sample_weight=weight)
    power = fitted.coef_[0, 0]
    middle = np.exp(-fitted.intercept_[0] / power)
    print(f"{name}: Calibration({middle:.2f}, {power:.2f}), {len(parts):,} pairs")
    scores = fitted.predict_proba(logs)[:, 1]
    for low in np.arange(0, 1, 0.1):
        inside = (scores >= low) & (scores < low + 0.1)
        if inside.any():
            print(f"  score {low:.1f} to {low + 0.1:.1f}: {inside.sum():,} pairs, {is_kin[inside].mean():.2f} kin")
    print(f"  parts, percentiles 1, 10, 50, 90, 99: {np.percentile(parts, [1, 10, 50, 90, 99]).round(2)}")


if __name__ == "__main__":
    main()
