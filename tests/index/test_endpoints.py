from trialkin.data.trial import Outcome
from trialkin.index.endpoints import endpoint_groups


def trial_of(make_trial, number, *measures):
    return make_trial(number, primary_outcomes=[Outcome(measure=one, time_frame="1 year") for one in measures])


def test_like_measures_are_one_group_counted_by_trials(make_trial):
    trials = [
        trial_of(make_trial, 1, "Overall survival", "Overall survival at 5 years"),
        trial_of(make_trial, 2, "Overall survival (OS)"),
        trial_of(make_trial, 3, "Change in HbA1c from baseline"),
    ]
    first, second = endpoint_groups(trials)
    assert (first.measure, first.n, first.nct_ids) == ("Overall survival", 2, ("NCT00000001", "NCT00000002"))
    assert (second.measure, second.n) == ("Change in HbA1c from baseline", 1)


def test_examples_are_verbatim_and_of_different_trials(make_trial):
    trials = [
        trial_of(make_trial, number, f"Response rate at month {number}", "Response rate") for number in range(1, 9)
    ]
    (group,) = endpoint_groups(trials)
    assert len(group.examples) == len({one.nct_id for one in group.examples}) == 5
    stated = {one.nct_id: {outcome.measure for outcome in one.primary_outcomes} for one in trials}
    assert all(one.measure in stated[one.nct_id] for one in group.examples)
    assert group.n == 8


def test_trials_without_outcomes_have_no_groups(make_trial):
    assert endpoint_groups([]) == endpoint_groups([make_trial(1)]) == []


def test_a_measure_without_words_is_a_group_of_its_own(make_trial):
    assert [
        one.measure for one in endpoint_groups([trial_of(make_trial, 1, "…"), trial_of(make_trial, 2, "Pain")])
    ] == [
        "Pain",
        "…",
    ]
