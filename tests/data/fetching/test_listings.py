import pytest

from support import fake_registry as fake
from support.fetching import held, ident, journals, pages
from trialkin.data import ImportCounts, Snapshot
from trialkin.data.fetching import FetchRequest, data_day
from trialkin.data.registry_client import RECORD
from trialkin.data.study_json import trial_from_study
from trialkin.errors import ReadError


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


def test_pages_that_bring_nothing_new_do_not_go_on_for_ever(server, get):
    first = server.answer("/studies", {"pageSize": "1000", "fields": RECORD})[2]
    server.faults.extend([None, *[fake.says(first)] * 5])
    with pytest.raises(ReadError, match="bring nothing new"):
        get()
    assert len(pages(server)) == 2
