"""The map of a trial's or a search's kin."""

import math
import re
from collections import Counter

import pytest

from trialkin.api.site.picture import HEIGHT, SHAPES, WIDTH

NCT_ID = "NCT07057778"
PAGE = f"/map?nctId={NCT_ID}"


def dots(page):
    """The links of the picture by id, without the star."""
    return {one["href"].rsplit("/", 1)[1]: one for one in page.all("a", class_="dot") if "star" not in one.classes}


def rows(page):
    return page.one("table", class_="map-table").one("tbody").all("tr")


def place(element):
    return tuple(map(float, re.fullmatch(r"translate\((\S+) (\S+)\)", element["transform"]).groups()))


def shape_of(element):
    return next(one["d"] for one in element.all("path"))


@pytest.fixture(scope="module")
def hits(index):
    return index.related(NCT_ID, 60, explain=False)


def test_every_related_trial_is_a_link_in_the_picture_with_title_score_and_group(get, hits):
    found = dots(get(PAGE).page)
    assert list(found) == [hit.nct_id for hit in hits]
    for hit in hits:
        dot = found[hit.nct_id]
        label = " ".join(hit.title.split())
        for said in (dot["aria-label"], dot.one("title").text):
            assert label in " ".join(said.split())
            assert f"score {hit.score:.2f}" in said
        assert dot["href"] == f"/trials/{hit.nct_id}"


def test_the_trial_itself_is_the_star_and_marks_lie_apart_within_the_picture(get):
    page = get(PAGE).page
    star = page.one("a", class_="star")
    assert star["href"] == f"/trials/{NCT_ID}"
    places = [place(one) for one in [star, *dots(page).values()]]
    assert all(0 < x < WIDTH and 0 < y < HEIGHT for x, y in places)
    nearest = [min(math.dist(one, other) for other in places if other is not one) for one in places]
    assert min(nearest) > 10
    assert sum(one > 18 for one in nearest) > 0.9 * len(nearest)


def test_the_same_trials_stand_in_a_table_in_the_order_of_the_list(get, hits):
    found = rows(get(PAGE).page)
    assert len(found) == len(hits)
    for row, hit in zip(found, hits, strict=True):
        cells = [one.text for one in row.children]
        assert cells[0] == str(hit.rank)
        assert hit.nct_id in cells[1]
        assert cells[4] == ("" if hit.enrollment_count is None else f"{hit.enrollment_count:,}")
        assert cells[5] == f"{hit.score:.2f}"


@pytest.mark.parametrize("colour", ["intervention", "condition"])
def test_the_legend_names_each_group_with_its_shape_and_how_many_trials_it_has(get, colour):
    page = get(f"{PAGE}&colour={colour}").page
    entries = page.one("aside", class_="map-legend").all("li")[1:]
    named = {one.all("span")[0].text: (int(one.all("span")[1].text), shape_of(one)) for one in entries}
    in_table = Counter(row.one("td", class_="map-group").text for row in rows(page))
    assert {name: count for name, (count, _) in named.items()} == dict(in_table)
    assert len({shape for _, shape in named.values()}) == len(named)
    found = dots(page)
    for row in rows(page):
        nct_id = row.one("a")["href"].rsplit("/", 1)[1]
        group = row.one("td", class_="map-group").text
        assert shape_of(found[nct_id]) == named[group][1]
        assert found[nct_id]["data-line"].endswith(f" · {group}")


def test_groups_of_one_colour_are_about_it(get, index):
    page = get(PAGE).page
    about = [row.one("a")["href"].rsplit("/", 1)[1] for row in rows(page) if "Rituximab" in row.all("td")[1].text]
    assert len(about) > 10
    assert all("rituximab" in index.trial(one).model_dump_json().casefold() for one in about)


def test_the_colour_can_be_changed_and_the_choice_is_marked(get):
    page = get(f"{PAGE}&colour=condition").page
    chosen = page.one("nav", class_="map-colours").all("a", class_="chip")
    assert [one.attributes.get("aria-current") for one in chosen] == [None, "true"]
    assert chosen[0]["href"] == f"{PAGE}&colour=intervention"


def test_larger_trials_have_larger_marks(get, hits):
    found = dots(get(PAGE).page)

    def size(hit):
        scales = [one["transform"] for one in found[hit.nct_id].all("path")]
        return float(re.fullmatch(r"scale\((\S+)\)", scales[0])[1])

    ordered = sorted(hits, key=lambda hit: hit.enrollment_count or 0)
    sizes = [size(hit) for hit in ordered]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1] <= 2 * sizes[0]


def test_a_search_has_a_map_with_the_search_as_the_star(get, index):
    page = get("/map?q=steroid-resistant+ITP").page
    wanted = index.search("steroid-resistant ITP", 60, explain=False)
    assert list(dots(page)) == [hit.nct_id for hit in wanted]
    assert page.one("g", class_="star").one("title").text == "The search"
    assert "/?q=steroid-resistant+ITP" in [one.attributes.get("href") for one in page.all("a")]


def test_filters_are_those_of_lists_and_can_be_taken_away(get, index):
    response = get(f"{PAGE}&filter.overallStatus=RECRUITING")
    found = dots(response.page)
    assert found
    assert {index.trial(one).overall_status for one in found} == {"RECRUITING"}
    assert PAGE in [one["href"] for one in response.page.one("ul", class_="chips").all("a")]


def test_filters_that_no_trial_meets_leave_a_page_that_says_so(get):
    page = get(f"{PAGE}&filter.startDate=1900..1901").page
    assert not dots(page)
    assert "no related trial was found" in page.one("main").text


def test_without_a_trial_or_words_it_asks_for_them_and_an_id_among_the_words_is_one(get):
    page = get("/map").page
    assert page.one("form", class_="map-ask")["action"] == "/map"
    assert PAGE in [one.attributes.get("href") for one in page.all("a")]
    assert get("/map?q=nct07057778", 302).headers["location"] == PAGE


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        (f"nctId={NCT_ID}&q=itp", 400, "of a trial or of a search"),
        (f"nctId={NCT_ID}&colour=red", 400, "cannot be coloured"),
        ("nctId=NCT99999999", 404, "NCT99999999"),
        ("nctId=nonsense", 400, "nonsense"),
        (f"nctId={NCT_ID}&filter.overallStatus=NEVER", 400, "NEVER"),
        (f"nctId={NCT_ID}&filter.colour=1", 400, "filter.colour"),
    ],
)
def test_what_cannot_be_mapped_is_refused_on_a_page(get, query, status, said):
    assert said in get(f"/map?{query}", status).page.one("main").text


def test_names_from_records_are_escaped(get):
    text = get("/map?q=%3Cscript%3Ealert(1)%3C/script%3E+ITP").text
    assert "<script>alert" not in text


def test_the_page_asks_nothing_of_its_own_style_or_script(get):
    page = get(PAGE).page
    assert not [one for one in page.within() if "style" in one.attributes or one.tag == "style"]
    assert all("src" in one.attributes for one in page.all("script"))


def test_the_shapes_all_differ():
    assert len(set(SHAPES)) == len(SHAPES)
