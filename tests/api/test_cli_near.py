"""`--near` of the commands that list trials."""

import json

import pytest

QUERY = "NCT07057778"


@pytest.fixture
def with_a_site_in_beijing(home, call, make_study, tmp_path):
    """A home whose second version holds one further trial, the only one that tells where its site lies."""
    study = make_study(
        number=77,
        identificationModule={"nctId": "NCT00000077", "briefTitle": "Iguratimod in Immune Thrombocytopenia"},
        conditionsModule={"conditions": ["Immune Thrombocytopenia"]},
        contactsLocationsModule={
            "locations": [{"city": "Beijing", "country": "China", "geoPoint": {"lat": 39.9075, "lon": 116.39723}}]
        },
    )
    path = tmp_path / "study.json"
    path.write_text(json.dumps(study))
    for command in (["import", path], ["build"]):
        done = call(home, *command)
        assert done.returncode == 0, done.stderr
    return home


def test_lists_hold_only_trials_with_a_site_near_the_place(call, with_a_site_in_beijing):
    home = with_a_site_in_beijing
    for place, found in (("39.9,116.4,5mi", ["NCT00000077"]), ("-33.9,151.2,5mi", [])):
        related = call(home, "related", QUERY, "--near", place, "--json")
        searched = call(home, "search", "iguratimod immune thrombocytopenia", "--near", place, "--json")
        for done in (related, searched):
            assert done.returncode == 0, done.stderr
            assert [hit["nctId"] for hit in json.loads(done.stdout)["hits"]] == found


def test_watch_tells_of_trials_near_the_place_alone(call, with_a_site_in_beijing):
    done = call(with_a_site_in_beijing, "watch", QUERY, "--near", "distance(39.9,116.4,8km)", "--json")
    assert done.returncode == 0, done.stderr
    change = json.loads(done.stdout.splitlines()[0])
    assert [(one["nctId"], one["cause"]) for one in change["entered"]] == [("NCT00000077", "NEW_TRIAL")]
    assert change["left"] == []


@pytest.mark.parametrize("command", [["related", QUERY], ["search", "itp"], ["watch", QUERY]])
@pytest.mark.parametrize(
    ("place", "said"),
    [("Beijing", "'Beijing' is no place and distance"), ("91,0,5km", "The latitude 91 is out of range")],
)
def test_a_place_that_is_none_is_refused(call, tmp_path, command, place, said):
    done = call(tmp_path, *command, "--near", place)
    assert done.returncode != 0
    assert said in done.stderr
    assert "Traceback" not in done.stderr
