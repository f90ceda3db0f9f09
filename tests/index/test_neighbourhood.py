import numpy as np
import pytest

from trialkin.errors import InvalidNctId, UnknownTrial, UsageError
from trialkin.index.neighbourhood import MOST_TRIALS

SEED = "NCT07057778"


@pytest.fixture(scope="module")
def kin(sample):
    return [hit.nct_id for hit in sample.related(SEED, 60, explain=False)]


@pytest.fixture(scope="module")
def laid(sample, kin):
    return sample.neighbourhood([SEED, *kin])


def points(laid):
    return np.asarray([(place.x, place.y) for place in laid.places])


def of_id(laid):
    return {place.nct_id: (place.x, place.y) for place in laid.places}


def test_every_trial_has_its_place_within_the_picture_and_the_first_is_at_the_centre(laid, kin):
    assert [place.nct_id for place in laid.places] == [SEED, *sorted(kin)]
    assert np.isfinite(points(laid)).all()
    assert np.abs(points(laid)).max() <= 1
    assert (laid.places[0].x, laid.places[0].y) == (0, 0)


def test_it_is_the_same_each_time_whatever_the_order_of_the_others(sample, laid, kin):
    assert sample.neighbourhood([SEED, *reversed(kin)]) == laid
    assert sample.neighbourhood([SEED.lower(), *kin, *kin]) == laid


def test_another_trial_first_is_another_centre(sample, kin):
    laid = sample.neighbourhood([kin[0], SEED, *kin])
    assert laid.places[0].nct_id == kin[0]
    assert of_id(laid)[SEED] != (0, 0)


def test_trials_of_one_disease_lie_nearer_to_each_other_than_to_those_of_another(sample):
    first = [hit.nct_id for hit in sample.search("immune thrombocytopenia", 20, explain=False)]
    second = [hit.nct_id for hit in sample.search("insulin resistance diabetes", 20, explain=False)]
    second = [one for one in second if one not in first]
    places = of_id(sample.neighbourhood([*first, *second]))
    these, those = (np.asarray([places[one] for one in ids]) for ids in (first, second))

    def apart(some, others):
        return np.linalg.norm(some[:, None] - others[None], axis=2).mean()

    assert len(second) >= 5
    assert 2 * apart(these, those) > 2.5 * max(apart(these, these), apart(those, those))


def test_nearer_kin_lie_nearer_on_average(laid, kin):
    places = of_id(laid)
    away = [np.hypot(*places[one]) for one in kin]
    assert np.mean(away[:10]) < np.mean(away[-20:])


def test_the_picture_is_not_strained(laid):
    assert 0 < laid.stress < 0.3


def test_groups_are_named_after_what_their_trials_list_or_mention(sample, laid):
    assert laid.interventions[0].casefold() == "rituximab"
    assert laid.conditions
    members = [place for place in laid.places if place.intervention == laid.interventions[0]]
    assert len(members) >= 10
    for place in members:
        trial = sample.trial(place.nct_id)
        assert "rituximab" in trial.model_dump_json().casefold()
    assert {place.condition for place in laid.places} <= {None, *laid.conditions}


def test_a_text_can_be_the_centre_and_what_it_is_about_lies_around_it(sample):
    text = "rituximab for immune thrombocytopenia"
    about = [hit.nct_id for hit in sample.search(text, 10, explain=False)]
    others = [one for one in sample.nct_ids() if one not in about][::8]
    laid = sample.neighbourhood([*about, *others], text)
    places = of_id(laid)
    assert laid.places[0].nct_id is None
    assert places[None] == (0, 0)
    assert np.mean([np.hypot(*places[one]) for one in about]) < np.mean([np.hypot(*places[one]) for one in others])


def test_few_trials_have_a_picture_too(sample, kin):
    assert [(one.x, one.y) for one in sample.neighbourhood([SEED]).places] == [(0, 0)]
    assert points(sample.neighbourhood([SEED, kin[0]]))[1] == pytest.approx([1, 0])
    assert len(sample.neighbourhood([SEED, *kin[:2]]).places) == 3
    assert len(sample.neighbourhood([], "steroid-resistant ITP").places) == 1


def test_a_trial_without_sections_in_common_has_a_place(open_index_with, new_home, make_trial, encoder):
    texts = (
        {"brief_title": None, "overall_status": "COMPLETED"},
        {"brief_title": "Rituximab in ITP"},
        {"brief_title": None, "eligibility_criteria": "Adults with ITP"},
        {"brief_title": "Eltrombopag in ITP", "eligibility_criteria": "Adults with ITP"},
    )
    trials = [make_trial(number, **fields) for number, fields in enumerate(texts, 1)]
    index = open_index_with(encoder, new_home(trials, encoder))
    laid = index.neighbourhood(index.nct_ids())
    assert np.isfinite(points(laid)).all()
    assert len(laid.places) == 4


def test_what_cannot_be_laid_out_is_refused(sample, synthetic):
    with pytest.raises(UsageError, match="No trial"):
        sample.neighbourhood([])
    with pytest.raises(UnknownTrial):
        sample.neighbourhood([SEED, "NCT99999999"])
    with pytest.raises(InvalidNctId):
        sample.neighbourhood(["nonsense"])
    with pytest.raises(UsageError, match="laid out together"):
        synthetic.neighbourhood(synthetic.nct_ids()[: MOST_TRIALS + 1])
