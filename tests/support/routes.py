"""The routes that lists come from, what they take, and their problem documents."""

from trialkin.index import Filters, Near

NCT_ID = "NCT07057778"
RELATED = f"/api/v1/trials/{NCT_ID}/related"
SEARCH = "/api/v1/search"
TEXT = "steroid-resistant ITP, anti-CD20"
FILTERS = {
    "filter.overallStatus": ("RECRUITING,COMPLETED", Filters(status=("RECRUITING", "COMPLETED"))),
    "filter.phase": ("phase2|PHASE3", Filters(phase=("PHASE2", "PHASE3"))),
    "filter.studyType": ("INTERVENTIONAL", Filters(study_type=("INTERVENTIONAL",))),
    "filter.country": ("China, France", Filters(country=("China", "France"))),
    "filter.sponsorClass": ("INDUSTRY", Filters(sponsor_class=("INDUSTRY",))),
    "filter.sex": ("FEMALE", Filters(sex=("FEMALE",))),
    "filter.age": ("12.5", Filters(age=12.5)),
    "filter.startDate": ("2015..2020-06", Filters(start_from="2015", start_to="2020-06")),
    "filter.completionDate": ("2020..", Filters(completion_from="2020")),
    "filter.lastUpdatePostDate": ("..2018", Filters(updated_to="2018")),
    "filter.hasResults": ("true", Filters(has_results=True)),
    "filter.geo": ("distance(39.9,116.4,50mi)", Filters(near=Near(39.9, 116.4, 50 * 1.609344))),
}
LIST_NAMES = {"pageSize", "pageToken", "countTotal", "sort", "collapse", "fields", "format", "preset", "weights"}


def problem(response, status):
    """A response's problem document, once it has been found to be one."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["status"] == status
    assert body["detail"]
    assert body["hint"]
    return body


def plain(hits):
    return [hit.model_dump(by_alias=True, mode="json") for hit in hits]
