import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.index.measures import bootstrap_interval, by_group, mean, measure, paired_bootstrap
from trialkin.index.truth import TruthSet

RELEVANT = ["d1", "d2", "d3", "d4"]


def truth_set(qrels, measures, groups=None):
    return TruthSet(
        "invented",
        "texts",
        {qid: f"text {qid}" for qid in qrels},
        qrels,
        groups or {qid: [qid] for qid in qrels},
        measures,
    )


grades = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 3), min_size=1)
judged = st.dictionaries(
    st.sampled_from(["q1", "q2", "q3", "q4"]), grades.filter(lambda one: any(one.values())), min_size=1
)
unit_values = st.lists(st.floats(0, 1), min_size=1, max_size=30).map(np.asarray)


def test_recall_counts_the_relevant_trials_above_the_cutoff():
    truth = truth_set({"q": dict.fromkeys(RELEVANT, 1)}, ("R@2", "R@5"))
    values = measure(truth, {"q": ["d3", "x1", "d1", "x2", "x3", "d2", "d4"]})
    assert values == {"R@2": {"q": 0.25}, "R@5": {"q": 0.5}}


def test_reciprocal_rank_is_that_of_the_first_relevant_trial():
    truth = truth_set({"q": {"d1": 1, "d2": 1}}, ("RR",))
    assert measure(truth, {"q": ["x1", "x2", "x3", "d2", "d1"]})["RR"]["q"] == 0.25


def test_ndcg_takes_the_grade_as_gain_and_the_logarithm_of_rank_plus_one():
    truth = truth_set({"q": {"d1": 2, "d2": 1, "d3": 0}}, ("nDCG@10",))
    got = 1 / math.log2(3) + 2 / math.log2(4)
    ideal = 2 / math.log2(2) + 1 / math.log2(3)
    assert measure(truth, {"q": ["d3", "d2", "d1"]})["nDCG@10"]["q"] == pytest.approx(got / ideal)


def test_precision_divides_by_ten_and_counts_any_grade_above_zero():
    truth = truth_set({"q": {"d1": 2, "d2": 1, "d3": 0}}, ("P(rel=1)@10",))
    assert measure(truth, {"q": ["d1", "d2", "d3"]}) == {"P(rel=1)@10": {"q": pytest.approx(0.2)}}


def test_a_query_without_an_answer_counts_zero():
    truth = truth_set({"q1": {"d1": 1}, "q2": {"d1": 1}, "q3": {"d1": 1}, "q4": {"d1": 1}}, ("R@5", "RR"))
    values = measure(truth, {"q1": ["d1"], "q2": [], "q9": ["d1"]})
    assert values["R@5"] == {"q1": 1.0, "q2": 0.0, "q3": 0.0, "q4": 0.0}
    assert mean(truth, values) == {"R@5": 0.25, "RR": 0.25}


def test_the_order_given_counts_whatever_the_names_are():
    truth = truth_set({"q": {"d1": 1}}, ("RR",))
    ranked = [f"x{number}" for number in range(1, 300)]
    assert measure(truth, {"q": [*ranked, "d1"]})["RR"]["q"] == pytest.approx(1 / 300)


def test_a_mean_is_taken_in_each_group_and_then_over_groups():
    qrels = {qid: {"d1": 1} for qid in ("a1", "a2", "a3", "b1")}
    truth = truth_set(qrels, ("R@5",), {"a": ["a1", "a2", "a3"], "b": ["b1"]})
    values = measure(truth, {"a1": ["d1"], "b1": ["d1"]})
    assert by_group(truth, values["R@5"]).tolist() == [pytest.approx(1 / 3), 1.0]
    assert mean(truth, values) == {"R@5": pytest.approx(2 / 3)}
    assert by_group(truth, {"a2": 0.5, "a3": 0.0}).tolist() == [0.25]


@given(judged)
def test_a_perfect_run_scores_one(qrels):
    truth = truth_set(qrels, ("nDCG@10", "R@100", "RR"))
    run = {qid: sorted(judgements, key=lambda one: -judgements[one]) for qid, judgements in qrels.items()}
    assert mean(truth, measure(truth, run)) == {name: pytest.approx(1) for name in truth.measures}


@given(judged, st.permutations("abcdefgh"), st.randoms(use_true_random=False))
def test_the_order_of_queries_changes_nothing(qrels, ranking, random):
    shuffled = list(qrels)
    random.shuffle(shuffled)
    measures = ("P(rel=1)@10", "nDCG@10", "R@5", "RR")
    one = truth_set(qrels, measures)
    other = truth_set({qid: qrels[qid] for qid in shuffled}, measures)
    run = dict.fromkeys(qrels, ranking)
    assert measure(one, run) == measure(other, run)
    assert mean(one, measure(one, run)) == pytest.approx(mean(other, measure(other, run)))


@given(judged, st.permutations("abcdefgh"))
def test_a_longer_list_never_lowers_recall(qrels, ranking):
    truth = truth_set(qrels, ("R@1", "R@3", "R@5"))
    values = measure(truth, dict.fromkeys(qrels, ranking))
    for qid in qrels:
        assert values["R@1"][qid] <= values["R@3"][qid] <= values["R@5"][qid] <= 1


@given(unit_values)
def test_a_system_against_itself_differs_by_nothing(values):
    found = paired_bootstrap(values, values, samples=200)
    assert (found.mean, found.low, found.high, found.not_above) == (0, 0, 0, 1)


@given(unit_values, st.integers(0, 5))
def test_a_mean_lies_within_the_values_and_an_interval_too(values, seed):
    low, high = bootstrap_interval(values, samples=500, seed=seed)
    assert values.min() - 1e-12 <= low <= high <= values.max() + 1e-12
    assert (low, high) == bootstrap_interval(values, samples=500, seed=seed)


def test_another_seed_draws_other_resamples():
    values = np.random.default_rng(1).random(40)
    assert bootstrap_interval(values, seed=1) != bootstrap_interval(values, seed=2)


def test_an_interval_is_as_wide_as_the_standard_error_says():
    values = np.random.default_rng(3).normal(0.5, 0.2, 400)
    low, high = bootstrap_interval(values)
    error = values.std() / math.sqrt(len(values))
    assert low == pytest.approx(values.mean() - 1.96 * error, abs=0.1 * error)
    assert high == pytest.approx(values.mean() + 1.96 * error, abs=0.1 * error)


def test_a_small_gain_on_every_group_is_sure_though_the_groups_differ_widely():
    hard = np.linspace(0, 0.9, 46)
    better = paired_bootstrap(hard + 0.05, hard)
    assert better.mean == pytest.approx(0.05)
    assert (better.low, better.high) == (pytest.approx(0.05), pytest.approx(0.05))
    assert better.not_above == 0
    low, high = bootstrap_interval(hard + 0.05)
    assert high - low > 0.1


def test_the_two_systems_changed_places_give_the_opposite():
    a, b = np.random.default_rng(5).random((2, 30))
    one, other = paired_bootstrap(a, b, samples=2000), paired_bootstrap(b, a, samples=2000)
    assert one.mean == pytest.approx(-other.mean)
    assert (one.low, one.high) == (pytest.approx(-other.high), pytest.approx(-other.low))
    assert one.not_above == pytest.approx(1 - other.not_above)


def test_a_gain_on_half_of_the_groups_and_the_same_loss_on_the_others_is_no_gain():
    a = np.tile([1.0, 0.0], 50)
    found = paired_bootstrap(a, 1 - a)
    assert found.mean == 0
    assert found.low < -0.1 < 0.1 < found.high
    assert found.not_above == pytest.approx(0.5, abs=0.06)


def test_resamples_in_parts_are_as_many_as_were_asked_for():
    values = np.random.default_rng(7).random(20_000)
    low, high = bootstrap_interval(values, samples=130)
    assert low < values.mean() < high


def test_systems_of_unlike_groups_are_not_paired():
    with pytest.raises(ValueError, match="cannot be paired"):
        paired_bootstrap(np.zeros(3), np.zeros(4))
