"""What entered and left related lists between two versions: counted by hand from the two lists themselves."""

import pytest

from trialkin.data import upsert
from trialkin.errors import InvalidNctId, TrialkinError, UnknownTrial, UsageError
from trialkin.index import Filters
from trialkin.index.watching import DEEPEST, Cause, Held, watch

QUERY = "NCT07057778"
TOP = 10
RECRUITING = Filters(status=("RECRUITING",))


@pytest.fixture(scope="module")
def home_of(tmp_path_factory, build_index, open_index_with, encoder):
    """Opens an index of some trials."""

    def make(trials, encoder=encoder, **settings):
        home = tmp_path_factory.mktemp("watched")
        upsert(home / "snapshot", trials, "test")
        build_index(encoder, home, **settings)
        return open_index_with(encoder, home)

    return make


@pytest.fixture(scope="module")
def first(sample):
    """Two trials of the query's list: the best and the fourth."""
    hits = sample.related(QUERY, TOP)
    return hits[0].nct_id, hits[3].nct_id


@pytest.fixture(scope="module")
def smaller(home_of, sample_trials, first):
    """An index of the sample without the two trials."""
    return home_of([trial for trial in sample_trials if trial.nct_id not in first])


def one(before, after, nct_id=QUERY, top=TOP, **options):
    (change,) = watch(before, after, [nct_id], top, **options)
    return change


def ids(moves):
    return [move.nct_id for move in moves]


def test_the_same_version_twice_shows_no_change(sample):
    for change in watch(sample, sample, sample.nct_ids()[:100]):
        assert not change.changed
        assert (change.held, change.entered, change.left) == (Held.BOTH, (), ())
        assert change.stayed == len(sample.related(change.nct_id, explain=False))


def test_trials_that_are_new_in_the_data_enter_and_those_that_they_push_out_leave(smaller, sample, first):
    change = one(smaller, sample)
    old, new = smaller.related(QUERY, TOP), sample.related(QUERY, TOP)
    assert ids(change.entered) == [hit.nct_id for hit in new if hit.nct_id not in ids(old)]
    assert ids(change.left) == [hit.nct_id for hit in old if hit.nct_id not in ids(new)]
    assert change.stayed == len(set(ids(old)) & set(ids(new)))
    by_id = {move.nct_id: move for move in change.entered}
    for nct_id, rank in zip(first, (1, 4), strict=True):
        move = by_id[nct_id]
        assert (move.cause, move.rank_before, move.rank_after) == (Cause.NEW_TRIAL, None, rank)
        assert (move.title, move.score) == (new[rank - 1].title, new[rank - 1].score)
    assert change.left
    deep = {hit.nct_id: hit.rank for hit in sample.related(QUERY, DEEPEST)}
    scores = {hit.nct_id: (hit.rank, hit.score) for hit in old}
    for move in change.left:
        assert move.cause is Cause.MOVED_DOWN
        assert move.rank_after == deep.get(move.nct_id)
        assert (move.rank_before, move.score) == scores[move.nct_id]


def test_the_way_back_says_that_they_are_gone_and_others_moved_up(smaller, sample, first):
    there, back = one(smaller, sample), one(sample, smaller)
    assert ids(back.left) == ids(there.entered)
    assert ids(back.entered) == ids(there.left)
    assert {move.cause for move in back.left if move.nct_id in first} == {Cause.GONE_TRIAL}
    assert {move.cause for move in back.entered} == {Cause.MOVED_UP}
    for move, reverse in zip(there.left, back.entered, strict=True):
        assert (move.rank_before, move.rank_after) == (reverse.rank_after, reverse.rank_before)
        assert move.rank_after is None or move.rank_after > TOP


def test_every_entry_of_any_list_is_accounted_for(smaller, sample):
    changed = 0
    for change in watch(smaller, sample, sample.nct_ids(), 5):
        old = ids(smaller.related(change.nct_id, 5, explain=False)) if change.nct_id in smaller else []
        new = ids(sample.related(change.nct_id, 5, explain=False))
        assert set(new) - set(ids(change.entered)) == set(old) - set(ids(change.left))
        assert change.stayed == len(set(old) & set(new))
        assert all(move.cause is Cause.NEW_TRIAL for move in change.entered if move.nct_id not in smaller)
        assert all(move.rank_before is None or move.rank_before > 5 for move in change.entered)
        assert all(move.rank_after is None or move.rank_after > 5 for move in change.left)
        changed += change.changed
    assert 2 < changed < len(sample)


def test_the_list_of_a_trial_that_is_new_is_all_new(smaller, sample, first):
    change = one(smaller, sample, first[0])
    assert change.held is Held.AFTER
    assert ids(change.entered) == ids(sample.related(first[0], TOP))
    assert (change.left, change.stayed) == ((), 0)
    for move in change.entered:
        assert move.cause is (Cause.NEW_TRIAL if move.nct_id in first else Cause.NEW_LIST)
        assert move.rank_before is None


def test_the_list_of_a_trial_that_is_gone_is_all_gone(smaller, sample, first):
    change = one(sample, smaller, first[0])
    assert (change.held, change.entered) == (Held.BEFORE, ())
    assert [move.rank_before for move in change.left] == list(range(1, len(change.left) + 1))
    assert {move.cause for move in change.left} <= {Cause.GONE_LIST, Cause.GONE_TRIAL}
    assert Cause.GONE_LIST in {move.cause for move in change.left}


def test_a_trial_that_comes_to_meet_the_filters_enters_and_one_that_fails_them_leaves(home_of, sample_trials, sample):
    listed = sample.related(QUERY, TOP, RECRUITING)
    stops = listed[0].nct_id
    starts = next(hit.nct_id for hit in sample.related(QUERY, TOP) if hit.overall_status != "RECRUITING")
    status = {stops: "COMPLETED", starts: "RECRUITING"}
    later = home_of(
        [one.model_copy(update={"overall_status": status.get(one.nct_id, one.overall_status)}) for one in sample_trials]
    )
    change = one(sample, later, filters=RECRUITING)
    causes = {move.nct_id: move.cause for move in (*change.entered, *change.left)}
    assert causes[starts] is Cause.MEETS_FILTERS
    assert causes[stops] is Cause.FAILS_FILTERS
    assert not one(sample, later).changed


def test_a_country_that_one_version_lacks_is_met_by_none_of_its_trials(home_of, sample_trials, sample):
    best = sample.related(QUERY, 1)[0].nct_id
    later = home_of(
        [one.model_copy(update={"countries": ("Andorra",)}) if one.nct_id == best else one for one in sample_trials]
    )
    there = one(sample, later, filters=Filters(country=("andorra",)))
    back = one(later, sample, filters=Filters(country=("andorra",)))
    assert [(move.nct_id, move.cause) for move in there.entered] == [(best, Cause.MEETS_FILTERS)]
    assert [(move.nct_id, move.cause) for move in back.left] == [(best, Cause.FAILS_FILTERS)]
    assert there.left == back.entered == ()
    with pytest.raises(UsageError, match="No trial has country 'Atlantis'"):
        one(sample, later, filters=Filters(country=("Atlantis",)))


def test_ids_are_taken_in_any_spelling_and_once_each(smaller, sample):
    found = list(watch(smaller, sample, ["nct 7057778", QUERY, "NCT05281068"]))
    assert [change.nct_id for change in found] == [QUERY, "NCT05281068"]


def test_every_id_is_checked_before_the_first_list_is_compared(smaller, sample):
    with pytest.raises(UnknownTrial, match="NCT99999999 is neither in version 0001 nor in version 0001"):
        watch(smaller, sample, [QUERY, "NCT99999999"])
    with pytest.raises(InvalidNctId):
        watch(smaller, sample, ["iguratimod"])
    with pytest.raises(UsageError, match="The number of hits is 0"):
        watch(smaller, sample, [QUERY], 0)


@pytest.mark.parametrize(
    ("model", "settings", "said"),
    [
        ({"name": "other", "fingerprint": "e" * 64}, {}, "the model changed from fake to other"),
        ({"fingerprint": "e" * 64}, {}, "the model's files changed from ffffffffffff to eeeeeeeeeeee"),
        ({}, {"chunk_tokens": 64}, r"the chunks changed from \(128, 16, 2\) to \(64, 16, 2\)"),
    ],
)
def test_versions_that_were_not_built_alike_are_not_compared(
    home_of, sample_trials, fake_encoder, smaller, model, settings, said
):
    other = home_of(sample_trials[:20], fake_encoder(**model), **settings)
    with pytest.raises(TrialkinError, match=said):
        watch(smaller, other, [sample_trials[0].nct_id])


def test_a_change_is_written_with_camel_case_names(smaller, sample):
    value = one(smaller, sample).model_dump(by_alias=True, mode="json")
    assert list(value) == ["nctId", "held", "entered", "left", "stayed"]
    assert list(value["entered"][0]) == ["nctId", "title", "cause", "rankBefore", "rankAfter", "score"]
    assert value["entered"][0]["cause"] == "NEW_TRIAL"
