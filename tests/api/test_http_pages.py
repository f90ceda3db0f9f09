"""Pages, totals, sorting and families of ranked lists over HTTP."""

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

NCT_ID = "NCT07057778"
RELATED = f"/api/v1/trials/{NCT_ID}/related"
SEARCH = "/api/v1/search"


def walked(client, path, size, **parameters):
    """All hits of a list, page by page, and how many pages there were."""
    hits, pages, token = [], 0, {}
    while True:
        response = client.get(path, params={"pageSize": size, **parameters, **token})
        assert response.status_code == 200, response.text
        answer = response.json()
        hits += answer["hits"]
        pages += 1
        assert response.headers.get("x-next-page-token") == answer.get("nextPageToken")
        if "nextPageToken" not in answer:
            return hits, pages
        assert len(answer["hits"]) == size
        token = {"pageToken": answer["nextPageToken"]}


@pytest.mark.parametrize("size", [1, 7, 55, 110, 1000])
@pytest.mark.parametrize("sort", ["", "EnrollmentCount:desc,StartDate"])
def test_walking_gives_each_hit_of_the_list_once(client, size, sort):
    fields = "nctId,rank"
    whole = client.get(RELATED, params={"pageSize": 1000, "sort": sort, "fields": fields, "countTotal": "true"}).json()
    hits, pages = walked(client, RELATED, size, sort=sort, fields=fields)
    assert hits == whole["hits"]
    assert whole["totalCount"] == len(hits) == len({hit["nctId"] for hit in hits})
    assert pages == -(-len(hits) // size)


def test_pages_are_explained_as_the_whole_list_is(client):
    for parameters in ({}, {"sort": "StartDate:desc"}, {"countTotal": "true"}):
        whole = client.get(RELATED, params={"pageSize": 30, **parameters}).json()["hits"]
        assert walked(client, RELATED, 13, **parameters)[0][:30] == whole
        assert all(hit["reasons"] for hit in whole)


def test_a_search_is_walked_too_and_filters_hold_on_every_page(client):
    asked = {"q": "ITP", "filter.phase": "PHASE2"}
    hits, pages = walked(client, SEARCH, 5, **asked)
    assert pages > 2
    assert hits == client.get(SEARCH, params={"pageSize": 1000, **asked}).json()["hits"]
    assert all("PHASE2" in hit["phases"] for hit in hits)


def test_the_total_is_given_only_if_asked_for(client):
    assert "totalCount" not in client.get(RELATED).json()
    response = client.get(RELATED, params={"countTotal": "true", "format": "csv"})
    assert int(response.headers["x-total-count"]) > 10


def test_a_token_goes_with_its_question_alone_but_not_with_its_page_size(client):
    token = client.get(RELATED, params={"pageSize": 3}).json()["nextPageToken"]
    for kept in ({"pageSize": 5}, {"fields": "rank"}, {"countTotal": "true"}):
        answer = client.get(RELATED, params={**kept, "pageToken": token}).json()
        assert answer["hits"][0]["rank"] == 4
    for path, other in (
        (RELATED, {"filter.sex": "FEMALE"}),
        (RELATED, {"sort": "StartDate"}),
        (RELATED, {"preset": "same-drug"}),
        ("/api/v1/trials/NCT05302024/related", {}),
        (SEARCH, {"q": "ITP"}),
    ):
        refused = client.get(path, params={**other, "pageToken": token})
        assert refused.status_code == 400
        assert "Start again" in refused.json()["hint"]


@hypothesis_settings(max_examples=60)
@given(token=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=80))
def test_no_text_as_a_token_is_an_error_of_the_server(client, token):
    assert client.get(RELATED, params={"pageToken": token}).status_code == 400


def test_a_list_is_sorted_as_a_whole_and_keeps_its_ranks(client):
    parameters = {"sort": "StartDate:desc", "fields": "rank,startDate", "pageSize": 1000}
    hits = client.get(RELATED, params=parameters).json()["hits"]
    dates = [hit["startDate"] for hit in hits if hit["startDate"]]
    assert dates == sorted(dates, reverse=True)
    assert all(hit["startDate"] is None for hit in hits[len(dates) :])
    assert [hit["rank"] for hit in hits] != sorted(hit["rank"] for hit in hits)


def test_a_collapsed_list_holds_one_of_each_family_that_names_the_others(client, index):
    whole = {hit.nct_id for hit in index.related(NCT_ID, 1000, explain=False)}
    answer = client.get(RELATED, params={"collapse": "family", "pageSize": 1000, "countTotal": "true"}).json()
    shown = [hit["nctId"] for hit in answer["hits"]]
    others = [one for hit in answer["hits"] for one in hit["family"]]
    assert answer["totalCount"] == len(shown)
    assert sorted([*shown, *others]) == sorted(whole)
    assert all(hit["reasons"] for hit in answer["hits"])
    assert walked(client, RELATED, 40, collapse="family")[0] == answer["hits"]


def test_another_way_to_collapse_is_refused(client):
    assert client.get(RELATED, params={"collapse": "sponsor"}).status_code == 422
