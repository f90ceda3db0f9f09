import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.data.schema import TRIAL_SCHEMA
from trialkin.errors import UsageError
from trialkin.index.near import Near, SiteTable, parse_near, site_table, write_sites

BEIJING, TIANJIN, SUVA, APIA = (39.9075, 116.3972), (39.1422, 117.1767), (-18.1416, 178.4415), (-13.8333, -171.7667)
LATITUDES, LONGITUDES = st.floats(-90, 90), st.floats(-180, 180)


def sites(*places):
    return tuple({"city": f"City {n}", "lat": lat, "lon": lon} for n, (lat, lon) in enumerate(places))


@pytest.fixture
def near_ones(make_trial):
    """Which of some trials, given by the places of their sites, have one in a circle: their places in the list."""

    def find(near, *trials):
        table = SiteTable.of([make_trial(n + 1, locations=sites(*places)) for n, places in enumerate(trials)])
        return np.flatnonzero(table.within(near)).tolist()

    return find


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("39.9,116.4,50km", Near(39.9, 116.4, 50)),
        ("distance(39.9,116.4,50mi)", Near(39.9, 116.4, 80.4672)),
        (" Distance ( -33.9 , 151.2 , 2.5 KM ) ", Near(-33.9, 151.2, 2.5)),
        ("+5,-.5,1mi", Near(5, -0.5, 1.609344)),
    ],
)
def test_a_place_is_read_as_people_and_as_the_registry_write_it(text, near):
    assert parse_near(text) == near


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Beijing",
        "39.9,116.4",
        "39.9,116.4,50",
        "39.9,116.4,50 yd",
        "distance(39.9,116.4,50mi",
        "1e2,1,1km",
        "1,2,-km",
    ],
)
def test_what_is_no_place_is_refused_with_an_example(text):
    with pytest.raises(UsageError, match=r"no place and distance.*39\.9,116\.4,50mi"):
        parse_near(text)


@pytest.mark.parametrize(
    ("lat", "lon", "km", "what"),
    [
        (90.1, 0, 1, "latitude 90.1"),
        (float("nan"), 0, 1, "latitude nan"),
        (0, -180.5, 1, "longitude -180.5"),
        (0, math.inf, 1, "longitude inf"),
        (0, 0, 0, "distance of 0 km"),
        (0, 0, -1, "distance of -1 km"),
        (0, 0, 20_100, "distance of 20100 km"),
        (0, 0, float("nan"), "distance of nan km"),
    ],
)
def test_a_number_out_of_its_range_is_refused_and_named(lat, lon, km, what):
    with pytest.raises(UsageError, match=what):
        Near(lat, lon, km)


def test_distances_are_those_of_the_globe(near_ones):
    # Beijing and Tianjin are 108 km apart, Suva and Apia 1,150 km over the date line.
    assert near_ones(Near(*BEIJING, 107), [TIANJIN], [BEIJING], [SUVA]) == [1]
    assert near_ones(Near(*BEIJING, 109), [TIANJIN], [BEIJING], [SUVA]) == [0, 1]
    assert near_ones(Near(*SUVA, 1140), [APIA], [SUVA]) == [1]
    assert near_ones(Near(*SUVA, 1160), [APIA], [SUVA]) == [0, 1]


def test_any_site_of_a_trial_may_be_near(near_ones):
    assert near_ones(Near(*BEIJING, 10), [SUVA, BEIJING], [SUVA], [], [BEIJING, BEIJING]) == [0, 3]


def test_half_the_globe_is_everywhere_and_the_poles_are_places(near_ones):
    places = [[BEIJING], [SUVA], [(90.0, 0.0)], [(-90.0, 77.0)]]
    assert near_ones(Near(*BEIJING, 20_016), *places) == [0, 1, 2, 3]
    assert near_ones(Near(89.95, -120, 6), *places) == [2]
    assert near_ones(Near(-89.95, 10, 6), *places) == [3]


def test_sites_without_coordinates_or_with_impossible_ones_are_nowhere(make_trial):
    locations = (
        {"city": "Beijing"},
        {"lat": 39.9},
        {"lon": 116.4},
        {"lat": 123.0, "lon": 0.0},
        {"lat": 0.0, "lon": 999.0},
    )
    table = SiteTable.of([make_trial(1, locations=locations)])
    assert not table.within(Near(0, 0, 20_016)).any()


@given(
    st.lists(st.lists(st.tuples(LATITUDES, LONGITUDES), max_size=3), max_size=6),
    LATITUDES,
    LONGITUDES,
    st.floats(1, 20_000),
)
def test_the_circle_is_that_of_angles_between_directions(trials, lat, lon, km):
    def direction(lat, lon):
        lat, lon = math.radians(lat), math.radians(lon)
        return np.asarray([math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)])

    rows = [(row, *place) for row, places in enumerate(trials) for place in places]
    columns = [
        pa.array([one[n] for one in rows], kind) for n, kind in enumerate((pa.int32(), pa.float32(), pa.float32()))
    ]
    found = SiteTable(pa.table(columns, ["row", "lat", "lon"]), len(trials)).within(Near(lat, lon, km))
    centre = direction(lat, lon)
    for row, places in enumerate(trials):
        chords = [np.linalg.norm(direction(*place) - centre) for place in places]
        least = min((6371.0088 * 2 * math.asin(min(chord / 2, 1)) for chord in chords), default=math.inf)
        if abs(least - km) > 0.01 + 1e-5 * km:
            assert found[row] == (least < km)


def test_sites_are_written_in_the_order_of_the_index_each_place_once(make_trial, tmp_path):
    trials = [
        make_trial(30, locations=sites(SUVA, BEIJING, SUVA)),
        make_trial(10),
        make_trial(20, locations=sites(APIA)),
        make_trial(40, locations=sites(BEIJING)),
    ]
    rows = [one.model_dump(by_alias=True) for one in trials]
    parts = [site_table(pa.RecordBatch.from_pylist(part, TRIAL_SCHEMA)) for part in (rows[:3], rows[3:])]
    write_sites(tmp_path, parts, [3, 1], np.asarray([1, 2, 0, 3]))
    opened = SiteTable.open(tmp_path, 4)
    assert opened._rows.tolist() == [1, 2, 2, 3]
    assert np.flatnonzero(opened.within(Near(*BEIJING, 1))).tolist() == [2, 3]
    assert np.flatnonzero(opened.within(Near(*APIA, 1))).tolist() == [1]


def test_an_index_without_any_coordinates_has_sites_nowhere(make_trial, tmp_path):
    batch = pa.RecordBatch.from_pylist([make_trial(1).model_dump(by_alias=True)], TRIAL_SCHEMA)
    write_sites(tmp_path, [site_table(batch)], [1], np.asarray([0]))
    assert SiteTable.open(tmp_path, 1).within(Near(0, 0, 20_016)).tolist() == [False]
