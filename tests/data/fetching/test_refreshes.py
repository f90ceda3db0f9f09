import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support import fake_registry as fake
from support.fetching import ALL, held, ident
from trialkin.data import ImportCounts
from trialkin.data.fetching import FetchRequest, fetch
from trialkin.data.registry_client import RECORD, Registry
from trialkin.data.study_json import trial_from_study
from trialkin.errors import ReadError


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
