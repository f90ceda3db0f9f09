"""Rankings against a brute force that shares nothing with them but the weights."""

import dataclasses
import itertools

import numpy as np
import pytest

from support.brute_force import BruteForce
from support.random_requests import admits, ask, random_alike, random_request
from support.rankings import raw_ranking
from trialkin.index import Filters, Versions
from trialkin.index.background import NO_BACKGROUND, Background
from trialkin.index.ranking import DEFAULT_RANKING
from trialkin.index.scoring import STABLE

NEAR = 1e-4
"""Trials so near to a channel's last candidate may or may not be candidates: channels reckon in single precision."""


@pytest.fixture(scope="module", params=[True, False], ids=["beside a background", "alone"])
def home(request, synthetic_home, synthetic_alone_home):
    return synthetic_home if request.param else synthetic_alone_home


@pytest.fixture(scope="module")
def synthetic(home, encoder, open_index_with):
    """An index of the invented trials."""
    return open_index_with(encoder, home)


@pytest.fixture(scope="module")
def brute_force(synthetic, synthetic_trials, home, encoder, tmp_path_factory):
    background = NO_BACKGROUND
    if synthetic.manifest.background is not None:
        background = Background.bundled(encoder.model.fingerprint).beside(len(synthetic_trials))
    version = Versions(home / "index").folder()
    return BruteForce(synthetic_trials, encoder, tmp_path_factory.mktemp("brute"), version, background)


def candidates(channels, allowed, depth):
    """Trials that surely are candidates, and those that tie with the last one of a channel."""
    if 2 * depth >= len(allowed):
        return set(allowed), set()
    sure, tied = set(), set()
    for one in channels:
        last = np.sort(one[allowed])[-depth]
        sure |= {n for n in allowed if one[n] > last + NEAR}
        tied |= {n for n in allowed if abs(one[n] - last) <= NEAR}
    return sure, tied - sure


def check(brute_force, ranked, scores, channels, top, filters, exclude):
    """Compare rows and raw scores with the best by brute force among the candidates."""
    allowed = [n for n, trial in enumerate(brute_force.trials) if admits(trial, filters)]
    sure, tied = candidates(channels, allowed, STABLE + len(exclude))
    got, raw, ideal = ranked
    assert set(got) <= sure | tied
    order = sorted((sure | (tied & set(got))) - exclude, key=lambda n: (-round(scores[n], 6), n))
    expected = [n for n in order if scores[n] >= DEFAULT_RANKING.floor * ideal][:top]
    assert len(got) == len(set(got)) == len(expected)
    for n, other, score in zip(got, expected, raw, strict=True):
        assert n == other or abs(scores[n] - scores[other]) < 5e-6
        assert score == pytest.approx(scores[n], abs=2e-5)


@pytest.mark.parametrize("seed", range(200))
def test_the_answer_is_that_of_a_brute_force_over_the_best_of_each_channel(synthetic, brute_force, seed):
    asked, top, filters, weights = random_request(seed, synthetic.nct_ids())
    is_trial = asked.startswith("NCT")
    scores, channels = (
        brute_force.related(asked, weights) if is_trial else brute_force.search(synthetic.sought(asked), weights)
    )
    exclude = {brute_force.place[asked]} if is_trial else set()
    ranked = raw_ranking(synthetic, ([asked], ()) if is_trial else asked, top, filters, weights)
    check(brute_force, ranked, scores, channels, top, filters, exclude)
    hits = ask(synthetic, asked, top, filters, weights)
    assert [brute_force.place[hit.nct_id] for hit in hits] == ranked[0]
    assert all(one.score >= two.score for one, two in itertools.pairwise(hits))


@pytest.mark.parametrize(
    "text", ["phase 2 lupus", "randomized rituximab phase III", "An observational cohort study of " + "response " * 9]
)
def test_what_a_text_tells_of_design_counts_as_by_brute_force(synthetic, brute_force, text):
    scores, channels = brute_force.search(synthetic.sought(text), {})
    check(brute_force, raw_ranking(synthetic, text, 20, Filters(), {}), scores, channels, 20, Filters(), set())


@pytest.mark.parametrize("seed", range(30))
def test_likes_and_unlikes_are_the_weighted_sum_of_a_brute_force(synthetic, brute_force, seed):
    likes, unlikes, top, filters, weights = random_alike(seed, synthetic.nct_ids())
    scores, channels = np.zeros(len(synthetic)), []
    for one in set(likes):
        added, found = brute_force.related(one, weights)
        scores += added / len(set(likes))
        channels += found
    for one in unlikes:
        scores -= 0.5 * brute_force.related(one, weights)[0] / len(unlikes)
    exclude = {brute_force.place[one] for one in (*likes, *unlikes)}
    ranked = raw_ranking(synthetic, (likes, unlikes), top, filters, weights)
    check(brute_force, ranked, scores, channels, top, filters, exclude)


def test_the_random_requests_use_every_filter_and_leave_trials_to_rank(synthetic, synthetic_trials):
    requests = [random_request(seed, synthetic.nct_ids()) for seed in range(200)]
    used = {one.name for _, _, filters, _ in requests for one in dataclasses.fields(filters) if vars(filters)[one.name]}
    assert used == {one.name for one in dataclasses.fields(Filters)}
    some = synthetic_trials[::20]
    left = [sum(admits(trial, filters) for trial in some) for _, _, filters, _ in requests]
    assert sum(0 < count < len(some) for count in left) > 100


@pytest.mark.parametrize("seed", range(20))
def test_a_filter_loses_no_hit_that_meets_it(synthetic, brute_force, seed):
    asked, top, filters, weights = random_request(3000 + seed, synthetic.nct_ids())
    admitted = {trial.nct_id for trial in brute_force.trials if admits(trial, filters)}
    filtered = ask(synthetic, asked, top, filters, weights)
    assert {hit.nct_id for hit in filtered} <= admitted
    for hit in ask(synthetic, asked, top, None, weights):
        if hit.nct_id in admitted and hit.nct_id not in {one.nct_id for one in filtered}:
            assert len(filtered) == top
            assert filtered[-1].score >= hit.score
