import datetime

import pytest

from support.fetching import TODAY, held, ident
from trialkin.data import ImportCounts, fetching, upsert
from trialkin.data.fetching import FetchRequest
from trialkin.errors import ReadError

REAL_TODAY = fetching.today


def test_what_a_complete_listing_lacks_is_marked_and_kept(server, get, home):
    get()
    before = held(home)
    del server.studies[ident(4)], server.studies[ident(9)]
    report = get()
    assert report.absent == (ident(4), ident(9))
    assert report.counts == ImportCounts(read=8, unchanged=8)
    gone = held(home)[ident(4)]
    assert gone.absent_since == TODAY
    assert gone.model_copy(update={"absent_since": None}) == before[ident(4)]
    assert sum(trial.absent_since is not None for trial in held(home).values()) == 2


def test_the_date_of_a_mark_is_that_of_utc():
    before, today, after = datetime.datetime.now(datetime.UTC), REAL_TODAY(), datetime.datetime.now(datetime.UTC)
    assert before.date().isoformat() <= today <= after.date().isoformat()


def test_a_mark_keeps_its_date(get, home, make_trial):
    upsert(home / "snapshot", [make_trial(77, absent_since="2025-05-05"), make_trial(78)], "before")
    report = get()
    assert report.absent == (ident(78),)
    assert held(home)[ident(77)].absent_since == "2025-05-05"


def test_a_trial_that_comes_back_loses_its_mark(server, get, home):
    get()
    gone = server.studies.pop(ident(4))
    get()
    assert held(home)[ident(4)].absent_since == TODAY
    server.refresh(gone)
    report = get()
    assert report.counts.replaced == 1
    assert held(home)[ident(4)].absent_since is None


def test_a_search_marks_nothing(get, home, make_trial):
    upsert(home / "snapshot", [make_trial(77)], "before")
    get(FetchRequest(condition="asthma"))
    assert held(home)[ident(77)].absent_since is None


def test_of_ids_those_that_are_not_found_are_marked_where_they_are_held(get, home, make_trial):
    upsert(home / "snapshot", [make_trial(77), make_trial(78)], "before")
    report = get(FetchRequest(ids=(ident(1), ident(77), ident(9999999))))
    assert report.counts == ImportCounts(read=1, kept=1)
    assert report.absent == (ident(77),)
    assert report.unknown == (ident(77), ident(9999999))
    assert {nct_id for nct_id, trial in held(home).items() if trial.absent_since == TODAY} == {ident(77)}


def test_a_trial_that_moved_takes_the_place_of_its_former_record(server, get, home, make_trial):
    upsert(home / "snapshot", [make_trial(101)], "before")
    server.aliases[ident(101)] = ident(3)
    report = get(FetchRequest(ids=(ident(101),)))
    assert (report.moved, report.absent) == ({ident(101): ident(3)}, ())
    assert set(held(home)) == {ident(3)}


def test_in_a_complete_listing_a_former_id_is_not_taken_for_a_trial_that_has_gone(server, get, home, make_trial):
    upsert(home / "snapshot", [make_trial(77), make_trial(101)], "before")
    server.studies[ident(3)]["protocolSection"]["identificationModule"]["nctIdAliases"] = [ident(101)]
    report = get()
    assert report.absent == (ident(77),)
    assert set(held(home)) == {ident(77), *map(ident, range(1, 11))}
    assert report.counts == ImportCounts(read=10, kept=9, replaced=1)


def test_only_marks_are_a_change_too(get, home, make_trial):
    upsert(home / "snapshot", [make_trial(77)], "before")
    assert get(FetchRequest(ids=(ident(77),))).counts == ImportCounts()
    assert held(home)[ident(77)].absent_since == TODAY


def test_a_listing_that_is_shorter_than_announced_marks_nothing_and_says_so(server, get, home, make_trial):
    upsert(home / "snapshot", [make_trial(77)], "before")
    server.announced = 12
    report = get()
    assert report.missing == 2
    assert report.absent == ()
    assert report.counts.kept == 10
    assert held(home)[ident(77)].absent_since is None


def test_an_empty_registry_is_believed_to_be_a_fault(server, get, home, make_trial):
    upsert(home / "snapshot", [make_trial(77)], "before")
    server.studies = {}
    with pytest.raises(ReadError, match="lists no studies at all"):
        get()
    assert held(home)[ident(77)].absent_since is None
    server.refresh(*[])
    with pytest.raises(ReadError):
        get()
