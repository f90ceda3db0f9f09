import datetime
import importlib.util
import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trialkin.data import ImportCounts, Snapshot, fetching, upsert
from trialkin.data.fetching import FetchRequest, data_day, fetch
from trialkin.data.files import home_lock
from trialkin.data.registry_client import RECORD, Registry
from trialkin.data.study_json import trial_from_study
from trialkin.errors import Busy, InvalidNctId, ReadError, SnapshotError, StorageError, UsageError

_spec = importlib.util.spec_from_file_location("fake_registry", Path(__file__).with_name("fake_registry.py"))
fake = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(fake)

ALL = FetchRequest(everything=True)
TODAY = "2026-03-31"
REAL_TODAY = fetching.today


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    """A proxy of the person who runs the tests would be asked for 127.0.0.1, too."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """One date for a whole test, also one that runs across midnight."""
    monkeypatch.setattr(fetching, "today", lambda: TODAY)


@pytest.fixture(scope="session")
def dated(make_study):
    """A study with a date of last update, a status, a condition and an intervention."""

    def of(
        number, date="2026-01-01", *, status="RECRUITING", condition="Asthma", drug="Budesonide", summary="as it was"
    ):
        return make_study(
            number,
            statusModule={"overallStatus": status, "lastUpdatePostDateStruct": {"date": date}},
            descriptionModule={"briefSummary": summary},
            conditionsModule={"conditions": [condition]},
            armsInterventionsModule={"interventions": [{"type": "DRUG", "name": drug}]},
        ) | {"hasResults": False, "resultsSection": {"large": "x" * 100}}

    return of


@pytest.fixture
def server(dated):
    """Ten studies, on pages of four."""
    with fake.FakeRegistry((dated(number) for number in range(1, 11)), page_limit=4) as running:
        yield running


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def get(server, home):
    """Fetch into the home, without pauses."""

    def of(request=ALL, *, attempts=2, **options):
        with Registry(server.address, 0.0, attempts=attempts) as registry:
            return fetch(request, home, registry, **options)

    return of


def held(home):
    return {trial.nct_id: trial for trial in Snapshot.open(home / "snapshot").trials()}


def journals(home):
    return [one for one in (home / "snapshot" / ".fetch").iterdir() if one.is_dir()]


def ident(number):
    return f"NCT{number:08d}"


def pages(server):
    """The page tokens asked for so far; None is a first page."""
    return [one.get("pageToken") for one in server.asked("/studies")]


# What is asked for


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"everything": True, "ids": ("NCT1",)},
        {"everything": True, "since": "2026-01-01"},
        {"everything": True, "condition": "asthma"},
        {"ids": ("NCT1",), "statuses": ("RECRUITING",)},
        {"condition": "  "},
        {"term": "\udcff"},
        {"since": "yesterday"},
        {"since": "2026-13-01"},
        {"since": "2026-01-01,MAX]"},
        {"statuses": ("RECRUITING,COMPLETED",)},
        {"statuses": ("",)},
    ],
)
def test_a_request_for_nothing_or_for_what_contradicts_itself_is_refused(asked):
    with pytest.raises(UsageError):
        FetchRequest(**asked)


def test_an_id_that_is_none_is_refused():
    with pytest.raises(InvalidNctId):
        FetchRequest(ids=("NCT00000001", "ISRCTN1"))


def test_ids_are_written_as_the_registry_writes_them_once_each():
    assert FetchRequest(ids=("nct 7", "NCT00000007", "NCT8")).ids == ("NCT00000007", "NCT00000008")


def test_conditions_become_the_parameters_of_a_search():
    request = FetchRequest(
        condition=" immune  thrombocytopenia", intervention="rituximab", term="adult",
        statuses=("recruiting", "Active not_recruiting"), since="2026-02",
    )  # fmt: skip
    assert request.parameters() == {
        "query.cond": "immune thrombocytopenia",
        "query.intr": "rituximab",
        "query.term": "adult",
        "filter.overallStatus": "RECRUITING,ACTIVE_NOT_RECRUITING",
        "filter.advanced": "AREA[LastUpdatePostDate]RANGE[2026-02-01,MAX]",
    }


@pytest.mark.parametrize(
    ("date", "day"), [("2026-03-02", "2026-03-02"), ("2026-03", "2026-03-01"), ("2026", "2026-01-01")]
)
def test_the_day_of_a_snapshot_is_the_first_that_its_newest_date_can_mean(home, make_trial, date, day):
    upsert(home, [make_trial(1, last_update_post_date="2025-12-31"), make_trial(2, last_update_post_date=date)], "two")
    assert data_day(home) == day


def test_without_a_snapshot_or_a_date_nothing_can_have_changed_since(home, make_trial):
    with pytest.raises(SnapshotError, match="There is no snapshot"):
        data_day(home)
    upsert(home, [make_trial(1)], "undated")
    with pytest.raises(SnapshotError, match="No trial of the snapshot says when"):
        data_day(home)


# Listings


def test_everything_comes_page_by_page(server, get, home):
    seen = []
    report = get(fetched=lambda done, total: seen.append((done, total)))
    assert report.counts == ImportCounts(read=10, kept=10)
    assert report.stamp == "2026-03-25T09:00:05"
    assert held(home) == {fake.nct_id(study): trial_from_study(study) for study in server.studies.values()}
    assert seen == [(4, 10), (8, 10), (10, 10)]
    first, second, third = server.asked("/studies")
    assert first == {"fields": RECORD, "pageSize": "1000", "countTotal": "true"}
    assert second.keys() == third.keys() == {"fields", "pageSize", "pageToken"}
    assert Snapshot.open(home / "snapshot").sources == ("127.0.0.1, data of 2026-03-25T09:00:05",)


def test_a_fetch_that_is_done_leaves_no_journal(get, home):
    get()
    assert journals(home) == []


@pytest.mark.parametrize(
    ("request_", "numbers"),
    [
        (FetchRequest(condition="itp"), {3, 4}),
        (FetchRequest(condition="itp", statuses=("COMPLETED",)), {4}),
        (FetchRequest(intervention="rituximab"), {4}),
        (FetchRequest(term="as it is"), {2}),
        (FetchRequest(statuses=("COMPLETED", "WITHDRAWN")), {4, 5}),
        (FetchRequest(since="2026-02-10"), {1, 2}),
    ],
)
def test_a_search_brings_what_meets_all_of_its_conditions(server, get, home, dated, request_, numbers):
    server.studies = {}
    server.refresh(
        dated(1, "2026-02-10"),
        dated(2, "2026-02-11", summary="as it is"),
        dated(3, condition="ITP"),
        dated(4, condition="ITP", status="COMPLETED", drug="Rituximab"),
        dated(5, status="WITHDRAWN"),
    )
    get(request_)
    assert set(held(home)) == set(map(ident, numbers))


def test_a_search_that_finds_nothing_changes_nothing(get, home):
    assert get(FetchRequest(condition="no such thing")).counts == ImportCounts()
    assert not (home / "snapshot" / "manifest.json").exists()
    assert journals(home) == []


def test_an_update_brings_only_what_has_changed_since(server, get, home, dated):
    get()
    server.requests.clear()
    server.refresh(dated(3, "2026-03-26", summary="as it is"), dated(11, "2026-03-27"))
    report = get(FetchRequest(since="2026-03-26"))
    assert report.counts == ImportCounts(read=2, kept=1, replaced=1)
    assert held(home)[ident(3)].brief_summary == "as it is"
    assert data_day(home / "snapshot") == "2026-03-27"


def test_a_study_that_cannot_be_read_is_rejected_and_the_others_are_kept(server, get, home):
    broken = server.studies[ident(5)]["protocolSection"]
    broken["eligibilityModule"] = {"sex": 5}
    report = get()
    assert report.counts == ImportCounts(read=10, kept=9, rejected=1)
    reason = (home / "snapshot" / "rejected.jsonl").read_text()
    assert ident(5) in reason
    assert "pages 2, study 1" in reason


# Killed, and gone on with


@pytest.mark.parametrize("page", [1, 2, 3])
def test_after_a_failure_only_the_pages_that_are_missing_are_asked_for(server, get, page):
    server.faults.extend([None] * page + [fake.fails(503)] * 2)  # the version and the pages before
    with pytest.raises(ReadError, match="answered 503"):
        get()
    asked = pages(server)[: page - 1]
    server.requests.clear()
    assert get().counts.kept == 10
    assert len(pages(server)) == 3 - len(asked)
    assert not set(pages(server)) & set(asked)


def test_answers_to_one_request_are_no_answers_to_another(server, get):
    server.faults.extend([None, None, *[fake.fails(503)] * 2])
    with pytest.raises(ReadError):
        get()
    server.requests.clear()
    get(FetchRequest(condition="asthma"))
    assert len(pages(server)) == 3


def test_an_import_that_fails_at_the_end_asks_for_nothing_again(server, get, home):
    with home_lock(home), pytest.raises(Busy, match="Another import or build is running"):
        get()
    server.requests.clear()
    assert get().counts.kept == 10
    assert server.requests == []
    assert journals(home) == []


def test_two_fetches_of_one_home_keep_apart(server, get, home):
    with home_lock(home / "snapshot" / ".fetch"), pytest.raises(Busy, match="Another fetch is running"):
        get()
    assert server.requests == []


def test_a_damaged_answer_is_named(server, get, home):
    server.faults.extend([None, None, *[fake.fails(503)] * 2])
    with pytest.raises(ReadError):
        get()
    (journal,) = journals(home)
    (answer,) = journal.iterdir()
    answer.write_bytes(answer.read_bytes()[:40])
    with pytest.raises(StorageError, match="is damaged"):
        get()


def test_answers_that_nobody_came_back_to_are_dropped(server, get, home):
    server.faults.extend([None, None, *[fake.fails(503)] * 2])
    with pytest.raises(ReadError):
        get()
    (journal,) = journals(home)
    get(FetchRequest(ids=("NCT1",)))
    assert journals(home) == [journal]
    month = time.time() - 31 * 24 * 3600
    os.utime(journal, (month, month))
    get(FetchRequest(ids=("NCT1",)))
    assert journals(home) == []


# Refreshed meanwhile


def interrupted(server, get):
    """Two of the three pages are held."""
    server.faults.extend([None, None, None, *[fake.fails(503)] * 2])
    with pytest.raises(ReadError):
        get()
    server.requests.clear()


def test_after_a_refresh_only_what_is_new_or_changed_is_asked_for(server, get, home, dated):
    interrupted(server, get)
    server.refresh(dated(2, "2026-03-26", summary="as it is"), dated(11, "2026-03-26"))
    report = get()
    light = [one for one in server.asked("/studies") if one.get("fields") == "NCTId,LastUpdatePostDate"]
    full = [one for one in server.asked("/studies") if one.get("fields") == RECORD]
    assert len(light) == 3
    assert [one["filter.ids"] for one in full] == [",".join(map(ident, (2, 9, 10, 11)))]
    assert report.counts == ImportCounts(read=11, kept=11)
    assert report.stamp == "2026-03-26T09:00:05"
    assert held(home) == {fake.nct_id(study): trial_from_study(study) for study in server.studies.values()}


def test_a_page_token_that_died_by_itself_is_got_over(server, get):
    interrupted(server, get)
    server.expire_tokens()
    assert get().counts == ImportCounts(read=10, kept=10)
    assert [one["filter.ids"] for one in server.asked("/studies") if "filter.ids" in one] == ["NCT00000009,NCT00000010"]


def test_a_refresh_between_two_pages_is_got_over(server, get, home, dated):
    server.faults.extend([None, None, fake.before(lambda: server.refresh(dated(1, "2026-03-26", summary="as it is")))])
    assert get().counts == ImportCounts(read=10, kept=10)
    assert held(home)[ident(1)].brief_summary == "as it is"


def test_a_refresh_that_lets_tokens_live_is_seen_at_the_end(server, get, dated):
    server.studies[ident(11)] = dated(11)
    server.faults.extend(
        [None, None, None, fake.after(lambda: setattr(server, "data_timestamp", "2026-03-26T09:00:05"))]
    )
    report = get()
    assert report.stamp == "2026-03-26T09:00:05"
    assert sum(one.get("fields") == "NCTId,LastUpdatePostDate" for one in server.asked("/studies")) == 3


def test_what_no_longer_meets_the_request_after_a_refresh_is_left_out(server, get, home, dated):
    search = FetchRequest(statuses=("RECRUITING",))
    server.faults.extend([None, None, None, *[fake.fails(503)] * 2])
    with pytest.raises(ReadError):
        get(search)
    server.refresh(dated(1, "2026-03-26", status="COMPLETED"))
    assert get(search).counts == ImportCounts(read=9, kept=9)
    assert ident(1) not in held(home)


def test_a_failure_after_a_refresh_is_gone_on_from_as_well(server, get, dated):
    interrupted(server, get)
    server.refresh(dated(11))
    server.faults.extend([None, None, None, *[fake.fails(503)] * 2])  # the version and two light pages
    with pytest.raises(ReadError):
        get()
    server.requests.clear()
    server.faults.extend([None, None, None, *[fake.fails(503)] * 2])  # version, last light page, version; the ids fail
    with pytest.raises(ReadError):
        get()
    assert next(one["fields"] for one in server.asked("/studies")) == "NCTId,LastUpdatePostDate"
    server.requests.clear()
    assert get().counts == ImportCounts(read=11, kept=11)
    assert [one.get("filter.ids") for one in server.asked("/studies")] == [",".join(map(ident, (9, 10, 11)))]


def test_data_that_change_without_end_are_told(server, get):
    server.faults.extend([fake.before(server.refresh)] * 100)
    with pytest.raises(ReadError, match="changed 4 times while they were listed"):
        get()


def test_pages_that_bring_nothing_new_do_not_go_on_for_ever(server, get):
    first = server.answer("/studies", {"pageSize": "1000", "fields": RECORD})[2]
    server.faults.extend([None, *[fake.says(first)] * 5])
    with pytest.raises(ReadError, match="bring nothing new"):
        get()
    assert len(pages(server)) == 2


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    failures=st.lists(st.integers(0, 6), max_size=4),
    changes=st.lists(st.tuples(st.integers(1, 14), st.booleans()), max_size=4),
)
def test_whatever_fails_and_changes_the_snapshot_is_the_registry_in_the_end(tmp_path_factory, dated, failures, changes):
    home = tmp_path_factory.mktemp("home")
    with fake.FakeRegistry((dated(number) for number in range(1, 11)), page_limit=3) as server:
        days = iter(range(1, 28))
        for turn in range(max(len(failures), len(changes)) + 1):
            if turn < len(failures):
                server.faults.extend([None] * failures[turn] + [fake.fails(500)])
            if turn < len(changes):
                number, gone = changes[turn]
                if gone:
                    server.studies.pop(ident(number), None)
                    server.refresh()
                else:
                    server.refresh(dated(number, f"2026-02-{next(days):02d}", summary=f"turn {turn}"))
            with Registry(server.address, 0.0, attempts=1) as registry:
                try:
                    fetch(ALL, home, registry)
                except ReadError:
                    continue
        server.faults.clear()
        with Registry(server.address, 0.0, attempts=1) as registry:
            fetch(ALL, home, registry)
        found = held(home)
        there = {nct_id: trial for nct_id, trial in found.items() if trial.absent_since is None}
        assert there == {fake.nct_id(study): trial_from_study(study) for study in server.studies.values()}


# By id


def test_ids_are_asked_for_in_lists_of_a_hundred(server, get, dated):
    server.page_limit = 1000
    server.refresh(*(dated(number) for number in range(1, 251)))
    report = get(FetchRequest(ids=tuple(map(ident, range(1, 251)))))
    assert report.counts == ImportCounts(read=250, kept=250)
    assert [len(one["filter.ids"].split(",")) for one in server.asked("/studies")] == [100, 100, 50]
    assert [path for path, _ in server.requests if path.startswith("/studies/")] == []


@pytest.mark.parametrize("by_list", [False, True])
def test_an_id_that_moved_comes_as_what_it_is_now_and_carries_its_former_id(server, get, home, by_list):
    server.aliases["NCT00000101"] = ident(3)
    server.ids_know_aliases = by_list
    if by_list:
        server.studies[ident(3)]["protocolSection"]["identificationModule"]["nctIdAliases"] = ["NCT00000101"]
    report = get(FetchRequest(ids=("NCT00000101", ident(1))))
    assert report.moved == {"NCT00000101": ident(3)}
    assert report.unknown == ()
    assert set(held(home)) == {ident(1), ident(3)}
    assert held(home)[ident(3)].nct_id_aliases == ("NCT00000101",)
    assert len([path for path, _ in server.requests if path.startswith("/studies/")]) == (0 if by_list else 2)


def test_an_id_that_the_registry_never_had_is_told(get, home):
    report = get(FetchRequest(ids=("NCT09999999", ident(1))))
    assert report.unknown == ("NCT09999999",)
    assert report.absent == ()
    assert set(held(home)) == {ident(1)}


def test_after_a_failure_only_the_ids_that_are_missing_are_asked_for(server, get):
    request = FetchRequest(ids=(ident(1), "NCT09999998", "NCT09999999"))
    server.faults.extend([None, None, None, *[fake.fails(503)] * 2])
    with pytest.raises(ReadError):
        get(request)
    server.requests.clear()
    assert get(request).unknown == ("NCT09999998", "NCT09999999")
    assert [path for path, _ in server.requests] == ["/version", "/studies/NCT09999999"]


def test_ids_asked_for_before_a_refresh_are_asked_for_again(server, get, home, dated):
    request = FetchRequest(ids=(ident(1), "NCT09999999"))
    server.faults.extend([None, None, *[fake.fails(503)] * 2])
    with pytest.raises(ReadError):
        get(request)
    server.refresh(dated(1, "2026-03-26", summary="as it is"), dated(9999999))
    get(request)
    assert held(home)[ident(1)].brief_summary == "as it is"
    assert ident(9999999) in held(home)


# What has gone


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


def test_a_damaged_snapshot_is_named_and_nothing_is_lost(server, get, home, make_trial):
    upsert(home / "snapshot", [make_trial(77)], "before")
    (file,) = (home / "snapshot").glob("*.parquet")
    content = file.read_bytes()
    file.write_bytes(content[:60] + bytes(20) + content[80:])
    with pytest.raises(SnapshotError, match="is damaged"):
        get()
    file.write_bytes(content)
    server.requests.clear()
    assert get().absent == (ident(77),)
    assert server.requests == []
