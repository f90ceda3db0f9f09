"""What follows from the rules of ranking, whatever is asked."""

import dataclasses
import importlib
import itertools
import math

import numpy as np
import pytest

from support.random_requests import TEXTS, ask, random_alike, random_request
from support.rankings import raw_ranking
from trialkin.index import Filters, Index, Versions
from trialkin.index.hits import ReasonCode
from trialkin.index.ranking import DEFAULT_RANKING

scoring = importlib.import_module("trialkin.index.scoring")
DEPTH, STABLE = scoring._DEPTH, scoring.STABLE


@pytest.fixture(scope="module")
def open_floor(synthetic_home, encoder):
    """Opens the index of invented trials with another floor."""

    def make(floor):
        ranking = dataclasses.replace(DEFAULT_RANKING, floor=floor)
        return Index(Versions(synthetic_home / "index").folder(), lambda _: encoder, ranking=ranking)

    return make


@pytest.fixture(scope="module")
def floorless(open_floor):
    """The index of invented trials, listing whatever there is."""
    return open_floor(-math.inf)


def test_a_large_index_is_not_scored_as_a_whole(synthetic, monkeypatch):
    scored, score = [], scoring.score

    def counted(query, channels, words, profile, rows):
        scored.append(len(rows))
        return score(query, channels, words, profile, rows)

    monkeypatch.setattr(scoring, "score", counted)
    synthetic.related(synthetic.nct_ids()[0])
    assert len(scored) == 1
    assert 10 <= scored[0] <= 2 * (DEPTH + 1) < len(synthetic)


def test_candidates_hold_almost_all_that_scoring_everything_would_find(synthetic, monkeypatch):
    asked = [*synthetic.nct_ids()[::300], *TEXTS[:4]]
    quick = [{hit.nct_id for hit in ask(synthetic, one, 10)} for one in asked]
    monkeypatch.setattr(scoring, "_DEPTH", len(synthetic))
    whole = [{hit.nct_id for hit in ask(synthetic, one, 10)} for one in asked]
    assert sum(len(one & two) for one, two in zip(quick, whole, strict=True)) >= 0.95 * sum(map(len, whole))


@pytest.mark.parametrize("place", range(0, 6000, 600))
def test_fewer_hits_are_the_first_of_more(floorless, place):
    asked = floorless.nct_ids()[place]
    many = ask(floorless, asked, STABLE)
    assert [hit.rank for hit in many] == list(range(1, STABLE + 1))
    for top in (1, 10, 11, 100, 201, 399):
        assert ask(floorless, asked, top) == many[:top]


@pytest.mark.parametrize("asked", TEXTS)
@pytest.mark.parametrize("filters", [Filters(), Filters(has_results=False), Filters(phase=("PHASE3",))])
def test_fewer_hits_of_a_text_are_the_first_of_more(floorless, asked, filters):
    many = ask(floorless, asked, STABLE, filters)
    for top in (1, 10, 100, 399):
        assert ask(floorless, asked, top, filters) == many[:top]


@pytest.mark.parametrize("seed", range(6))
def test_pages_of_a_list_are_the_list(floorless, seed):
    asked, _, filters, weights = random_request(4000 + seed, floorless.nct_ids())
    whole = ask(floorless, asked, STABLE, filters, weights)
    for first, last in ((0, 7), (7, 14), (200, 300), (390, STABLE)):
        assert ask(floorless, asked, last, filters, weights, skip=first) == whole[first:last]


def test_pages_are_explained_as_the_whole_list_is(synthetic):
    ids = synthetic.nct_ids()
    for asked in (ids[5], TEXTS[0]):
        assert ask(synthetic, asked, 30, explain=True, skip=20) == ask(synthetic, asked, 30, explain=True)[20:]
    assert synthetic.alike(ids[:2], ids[9:10], 9, skip=6) == synthetic.alike(ids[:2], ids[9:10], 9)[6:]


@pytest.mark.parametrize("seed", range(20))
def test_a_score_depends_on_neither_filters_nor_other_hits(synthetic, floorless, seed):
    asked, top, filters, weights = random_request(2000 + seed, synthetic.nct_ids())
    every = {hit.nct_id: hit.score for hit in ask(floorless, asked, len(synthetic), None, weights)}
    for hit in ask(synthetic, asked, top, filters, weights):
        assert hit.score == pytest.approx(every[hit.nct_id], abs=1e-9)


@pytest.mark.parametrize("asked", ["NCT00007919", *TEXTS[:2]])
def test_the_shares_of_a_hits_reasons_add_up_to_its_score(synthetic, asked):
    for hit in ask(synthetic, asked, 50, explain=True):
        assert sum(reason.share for reason in hit.reasons) == pytest.approx(hit.score, abs=1e-9)


@pytest.mark.parametrize("seed", range(10))
def test_what_is_added_to_a_score_adds_up_to_it(synthetic, seed):
    likes, unlikes, top, _, weights = random_alike(seed, synthetic.nct_ids())
    wanted = synthetic._alike(likes, unlikes, weights).wanted
    ranked = scoring.rank(wanted, synthetic._channels, top, None)
    assert set(ranked.parts) == set(ReasonCode)
    assert len(ranked.rows) == top
    np.testing.assert_allclose(np.sum(list(ranked.parts.values()), axis=0), ranked.scores, atol=1e-6)


def test_unlikes_push_their_kin_down(floorless):
    ids = floorless.nct_ids()
    for like, other in itertools.pairwise(ids[:600:100]):
        kin = {hit.nct_id for hit in ask(floorless, other, 50)} - {like}
        plain = {hit.nct_id: hit.rank for hit in floorless.alike([like], (), len(ids), explain=False)}
        pushed = {hit.nct_id: hit.rank for hit in floorless.alike([like], [other], len(ids), explain=False)}
        assert np.mean([pushed[one] for one in kin]) > np.mean([plain[one] for one in kin])


def test_likes_count_alike_whatever_their_order_or_number(synthetic):
    one, two, three = synthetic.nct_ids()[:3]
    expected = synthetic.alike([one, two], [three], 50, explain=False)
    assert synthetic.alike([two, one, one], [three, three], 50, explain=False) == expected
    assert synthetic.alike([one], (), 50) == synthetic.related(one, 50)


@pytest.mark.parametrize("top", [1, 10, 6000])
def test_what_is_asked_with_is_never_an_answer(floorless, top):
    asked = floorless.nct_ids()[30:36]
    hits = floorless.alike(asked[:3], asked[3:], top, explain=False)
    assert len(hits) == min(top, len(floorless) - 6)
    assert not {hit.nct_id for hit in hits} & set(asked)


def test_what_is_below_the_floor_is_not_listed(synthetic, floorless, open_floor):
    for asked in (([synthetic.nct_ids()[0]], ()), TEXTS[0]):
        rows, raw, ideal = raw_ranking(floorless, asked, len(synthetic), Filters(), {})
        for floor in (DEFAULT_RANKING.floor, 0.2):
            count = sum(score >= floor * ideal for score in raw)
            assert 0 < count < len(raw)
            found = raw_ranking(open_floor(floor), asked, len(synthetic), Filters(), {})
            assert found == (rows[:count], raw[:count], ideal)


def test_asking_for_more_than_there_is_gives_every_other_trial_once(floorless):
    asked = floorless.nct_ids()[7]
    hits = ask(floorless, asked, 100_000)
    assert {hit.nct_id for hit in hits} == set(floorless.nct_ids()) - {asked}
    assert len(hits) == len(floorless) - 1
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))


def test_equal_scores_stand_in_the_order_of_the_ids(floorless):
    hits = [hit for hit in ask(floorless, "zebra xylophone", len(floorless)) if hit.score > 0]
    pairs = list(itertools.pairwise(hits))
    assert sum(one.score == two.score for one, two in pairs) > 20
    assert all((-one.score, one.nct_id) < (-two.score, two.nct_id) for one, two in pairs)


def test_a_record_of_a_title_alone_can_win(synthetic, synthetic_trials):
    bare = [trial for trial in synthetic_trials if not (trial.brief_summary or trial.eligibility_criteria)]
    bare = [trial for trial in bare if not (trial.detailed_description or trial.conditions or trial.interventions)]
    assert len(bare) > 100
    won = sum(ask(synthetic, trial.brief_title, 1)[0].nct_id in {one.nct_id for one in bare} for trial in bare[:50])
    assert won > 10
