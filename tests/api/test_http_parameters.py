"""Filters, weights and sizes of lists over HTTP."""

import pytest
from fastapi.testclient import TestClient

from support.routes import FILTERS, NCT_ID, RELATED, SEARCH, TEXT, plain, problem
from trialkin.api.app import create_app
from trialkin.data import upsert
from trialkin.data.trial import Site, Sponsor
from trialkin.index import PRESETS, Aspect, Filters, build, open_index


@pytest.fixture(scope="module")
def varied(tmp_path_factory, built, index, settings_of, silent):
    """A client and an index of the sample, in which some trials have sponsors, sites and results that it lacks."""
    home = tmp_path_factory.mktemp("varied")
    for name in ("models", "vectors"):
        (home / name).symlink_to(built.home / name)
    changes = [
        {
            "has_results": True,
            "lead_sponsor": Sponsor(name="A company", class_="INDUSTRY"),
            "countries": ("China",),
            "locations": (Site(country="China", lat=39.5, lon=116.5),),
        },
        {"has_results": False, "lead_sponsor": Sponsor(name="A hospital", class_="OTHER"), "countries": ("Japan",)},
        {"has_results": None, "lead_sponsor": None, "countries": ()},
        {
            "has_results": True,
            "lead_sponsor": Sponsor(name="An institute", class_="NIH"),
            "countries": ("Japan", "France"),
        },
    ]
    alike = [hit.nct_id for hit in index.related(NCT_ID, len(changes))]
    changed = dict(zip(alike, changes, strict=True))
    trials = [index.trial(nct_id).model_copy(update=changed.get(nct_id, {})) for nct_id in index.nct_ids()]
    upsert(home / "snapshot", trials, "varied")
    settings = settings_of(home)
    build(settings, silent)
    with TestClient(create_app(settings)) as client:
        yield client, open_index(settings=settings)


@pytest.mark.parametrize("name", FILTERS)
def test_each_filter_by_the_registry_s_name_narrows_as_the_index_does(client, index, varied, name):
    value, filters = FILTERS[name]
    if name in ("filter.country", "filter.sponsorClass", "filter.hasResults", "filter.geo"):
        client, index = varied
    expected = index.related(NCT_ID, len(index), filters)
    assert 0 < len(expected) < len(index.related(NCT_ID, len(index)))
    answer = client.get(RELATED, params={name: value, "pageSize": 1000}).json()
    assert answer["hits"] == plain(expected)
    found = client.get(SEARCH, params={"q": TEXT, name: value, "pageSize": 1000}).json()
    assert found["hits"] == plain(index.search(TEXT, len(index), filters))


def test_filters_and_weights_work_together(client, index):
    answer = client.get(
        RELATED, params={"filter.phase": "PHASE2", "filter.sex": "FEMALE", "weights": "intervention=4,text=0"}
    ).json()
    expected = index.related(
        NCT_ID, 10, Filters(phase=("PHASE2",), sex=("FEMALE",)), {Aspect.INTERVENTION: 4.0, Aspect.TEXT: 0.0}
    )
    assert answer["hits"] == plain(expected)


def test_weights_change_the_answer(client):
    ids = {
        weights: [hit["nctId"] for hit in client.get(RELATED, params={"weights": weights}).json()["hits"]]
        for weights in ("", "condition=1", "intervention=20,text=0", "design=20,text=0,condition=0")
    }
    assert ids[""] == ids["condition=1"]
    assert len({tuple(one) for one in ids.values()}) == 3


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_is_taken_and_weights_come_on_top(client, index, preset):
    parameters = {"preset": preset, "weights": "text=1"}
    weights = {**PRESETS[preset], Aspect.TEXT: 1.0}
    related = client.get(RELATED, params=parameters).json()
    assert related["hits"] == plain(index.related(NCT_ID, weights=weights))
    assert related["hits"] != plain(index.related(NCT_ID))
    found = client.get(SEARCH, params={"q": TEXT, **parameters}).json()
    assert found["hits"] == plain(index.search(TEXT, weights=weights))


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({"weights": "colour=2"}, "There is no aspect 'colour'."),
        ({"preset": "same-colour"}, "There is no preset 'same-colour'."),
        ({"weights": "design=nan"}, "The weight of design is nan."),
        ({"filter.overallStatus": "OPEN"}, "No trial has status 'OPEN'."),
        ({"filter.country": "Atlantis"}, "No trial has country 'Atlantis'."),
        ({"filter.startDate": "soon"}, "'soon' is not a date."),
        ({"filter.startDate": ".."}, "'..' is no range of dates."),
        ({"filter.startDate": "9" * 30}, "is not a date."),
        ({"filter.age": "-1"}, "The age -1.0 is out of range."),
        ({"filter.age": "inf"}, "The age inf is out of range."),
        ({"q": " "}, "The query is empty."),
        ({"q": "a" * 50_001}, "The query has 50,001 characters"),
    ],
)
def test_a_value_that_means_nothing_is_refused_with_what_would(client, parameters, reason):
    said = problem(client.get(SEARCH, params={"q": "ITP"} | parameters), 400)
    assert reason in said["detail"]
    assert said["hint"]


@pytest.mark.parametrize("name", ["status", "filter.status", "top", "page_size", "filter.overallstatus", "Q"])
@pytest.mark.parametrize("path", [RELATED, f"{SEARCH}?q=ITP"])
def test_an_unknown_parameter_is_refused_by_its_name(client, path, name):
    said = problem(client.get(f"{path}{'&' if '?' in path else '?'}{name}=1"), 400)
    assert said["title"] == "UnknownParameter"
    assert f"'{name}'" in said["detail"]


@pytest.mark.parametrize("size", ["0", "-1", "1001", "ten", "1.5", ""])
def test_a_page_of_an_impossible_size_is_refused(client, size):
    said = problem(client.get(RELATED, params={"pageSize": size}), 422)
    assert "pageSize" in said["detail"]


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_a_page_holds_as_many_trials_as_asked_for_or_all_that_are_close(client, index, size):
    answer = client.get(RELATED, params={"pageSize": size}).json()["hits"]
    assert [hit["rank"] for hit in answer] == list(range(1, len(answer) + 1))
    assert len(answer) == min(size, len(index.related(NCT_ID, len(index))))
    assert NCT_ID not in {hit["nctId"] for hit in answer}
