import pytest

from support import fake_registry as fake
from support.fetching import held, ident
from trialkin.data import ImportCounts
from trialkin.data.fetching import FetchRequest
from trialkin.errors import ReadError


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
