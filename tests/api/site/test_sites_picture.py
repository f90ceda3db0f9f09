"""The small map of a trial's sites."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.api.site.rendering import STATIC, _environment
from trialkin.api.site.sites_picture import sites_picture
from trialkin.data.trial import Site

BEIJING = Site(city="Beijing", country="China", lat=39.9, lon=116.4)
JINAN = Site(city="Jinan", country="China", lat=36.67, lon=117.0)
BOSTON = Site(city="Boston", country="United States", lat=42.36, lon=-71.06)
AUCKLAND = Site(city="Auckland", country="New Zealand", lat=-36.8, lon=174.7)
NOWHERE = Site(city="Lyon", country="France")
sites = st.lists(
    st.builds(
        Site,
        country=st.sampled_from([None, "China", "France"]),
        lat=st.none() | st.floats(-55, 80),
        lon=st.none() | st.floats(-179, 179),
    ),
    min_size=1,
    max_size=30,
)


@pytest.fixture
def drawn():
    """The macro's markup for some sites."""

    def of(*locations):
        source = '{% from "sites_map.html" import sites_map %}{{ sites_map(locations) }}'
        return _environment().from_string(source).render(locations=locations)

    return of


@given(sites)
def test_every_placed_site_is_within_what_is_seen(locations):
    drawn = sites_picture(locations)
    left, top, width, height = drawn.view
    for dot in drawn.dots:
        assert left <= dot.x <= left + width
        assert top <= dot.y <= top + height
        assert 0 < dot.size < width / 20


@given(sites)
def test_every_site_is_counted_by_country_and_those_without_a_place_apart(locations):
    drawn = sites_picture(locations)
    assert sum(count for _, count in drawn.countries) == len(locations)
    assert drawn.unplaced == sum(site.lat is None or site.lon is None for site in locations)
    assert [count for _, count in drawn.countries] == sorted((count for _, count in drawn.countries), reverse=True)


def test_sites_close_together_are_looked_at_closely_and_those_far_apart_on_the_whole_world():
    near, far = sites_picture([BEIJING, JINAN]), sites_picture([BEIJING, BOSTON, AUCKLAND])
    assert near.view[2] < 60
    assert far.view[2] > 350
    assert near.shrink == pytest.approx(0.786, abs=0.01)
    assert far.shrink == 1


def test_sites_in_one_place_are_one_larger_dot():
    drawn = sites_picture([BEIJING, BEIJING, BEIJING, BEIJING, JINAN])
    assert [dot.name for dot in drawn.dots] == ["Beijing, China: 4 sites", "Jinan, China"]
    assert drawn.dots[0].size == pytest.approx(2 * drawn.dots[1].size, abs=0.01)


def test_the_figure_names_the_countries_and_says_what_is_not_on_the_map(drawn):
    text = drawn(BEIJING, JINAN, BOSTON, NOWHERE)
    words = " ".join(re.sub(r"<[^>]+>", " ", text).split())
    assert "4 sites in 3 countries: China 2, France 1, United States 1." in words
    assert "1 of them is not on the map" in words
    assert text.count("<circle") == 3
    assert 'role="img"' in text


def test_without_coordinates_there_is_no_picture_but_the_countries_are_named(drawn):
    text = drawn(NOWHERE)
    assert "<svg" not in text
    assert "1 site:" in text
    assert "France 1" in text


def test_without_sites_there_is_nothing(drawn):
    assert not drawn().strip()


def test_the_land_is_one_small_file_with_its_source_and_the_parts_that_the_map_uses(drawn):
    land = (STATIC / "world.svg").read_text()
    assert len(land) < 40_000
    assert "Natural Earth" in land
    assert "public domain" in land
    used = re.findall(r'href="/static/world\.svg\?v=\w+#(\w+)"', drawn(BEIJING))
    assert used == ["land", "borders"]
    assert all(f'id="{one}"' in land for one in used)
