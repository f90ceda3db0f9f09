"""Two trials side by side."""

from itertools import pairwise

import pytest

from trialkin.api.site.compared_rows import tables
from trialkin.index.comparing import compare

FIRST, SECOND = "NCT07057778", "NCT05281068"
PAGE = f"/compare/{FIRST}/{SECOND}"
WORDS = {"same": "Same", "partly": "Partly the same", "differs": "Different"}


@pytest.fixture
def rows(get):
    """The rows of a section of the page: its cells' texts by the trial, the relation, and the row."""

    def of(key, path=PAGE):
        section = next(
            one for one in get(path).page.all("section", class_="compare-section") if one["aria-labelledby"] == key
        )
        return section.one("tbody").all("tr")

    return of


def cells(row):
    return [one.text for one in row.children]


def marked(row, of):
    (cell,) = row.all("td", data_of=of)
    return [one.text for one in cell.all("mark")]


def test_both_trials_are_named_and_lead_to_their_records(get, index):
    heads = get(PAGE).page.all("div", class_="compare-head")
    assert [one.one("a")["href"] for one in heads] == [f"/trials/{FIRST}", f"/trials/{SECOND}"]
    assert [one.one("a").text for one in heads] == [" ".join(index.trial(one).title.split()) for one in (FIRST, SECOND)]


def test_facts_stand_side_by_side_in_words(rows):
    facts = {row.one("th").text: cells(row)[1:3] for row in rows("basics")}
    assert facts["Status"] == ["Not yet recruiting", "Recruiting"]
    assert facts["Phase"] == ["2", "2"]
    assert facts["Participants"] == ["120", "120"]
    assert facts["Start date"] == ["1 July 2025", "1 September 2021"]
    assert facts["Maximum age"] == ["70 Years", "70 Years"]
    assert facts["Healthy volunteers"] == ["No", "No"]
    assert facts["Lead sponsor"] == ["Peking University People's Hospital", "Not stated"]


def test_every_relation_is_said_in_words_and_by_a_sign_not_by_colour_alone(rows):
    for key in ("basics", "interventions", "arms", "eligibility"):
        for row in rows(key):
            relation = row.one("td", class_="relation")
            (tone,) = row.classes
            assert relation.one("span", class_="relation-mark").text in "=≈≠◧◨"
            if tone in WORDS:
                assert WORDS[tone] in relation.text
            else:
                assert f"Only {FIRST if tone == 'first' else SECOND}" in relation.text
                assert "Not stated" in row.text


def test_every_row_of_the_comparison_is_shown(get, index):
    page = get(PAGE).page
    for table in tables(compare(index.trial(FIRST), index.trial(SECOND))):
        (section,) = [one for one in page.all("section") if one.attributes.get("aria-labelledby") == table.key]
        assert len(section.one("tbody").all("tr")) == len(table.rows)


def test_a_dose_and_a_threshold_that_changed_are_marked_on_both_sides(rows):
    drug = next(row for row in rows("interventions") if cells(row)[0].startswith("Iguratimod"))
    assert marked(drug, FIRST) == ["26 weeks"]
    assert marked(drug, SECOND) == ["12 weeks"]
    age = next(row for row in rows("eligibility") if "Aged 18" in row.text)
    assert marked(age, FIRST) == ["70 years"]
    assert marked(age, SECOND) == []


def test_criteria_stand_by_kind_inclusion_first(rows):
    kinds = [row.one("th").text for row in rows("eligibility")]
    assert kinds == sorted(kinds, key=["Inclusion", "Exclusion"].index)
    assert set(kinds) == {"Inclusion", "Exclusion"}


def test_swapped_it_says_the_same_from_the_other_side(get, rows):
    swap = next(one for one in get(PAGE).page.all("a") if one.text == "Swap sides")
    assert swap["href"] == f"/compare/{SECOND}/{FIRST}"
    there = sorted(tuple(cells(row)[1:3]) for row in rows("basics"))
    back = sorted(tuple(cells(row)[1:3]) for row in rows("basics", swap["href"]))
    assert back == sorted((second, first) for first, second in there)


def test_likenesses_and_differences_come_first_in_sentences(get, index):
    gist = get(PAGE).page.one("div", class_="compare-gist")
    summary = compare(index.trial(FIRST), index.trial(SECOND)).summary
    assert [one.text for one in gist.all("li")] == [*summary.likenesses, *summary.differences]


def test_another_trial_can_be_chosen_and_kin_are_suggested(get, index):
    form = get(PAGE).page.one("form", class_="compare-form")
    assert form.one("input", name="first")["value"] == FIRST
    suggested = [one["value"] for one in form.all("option")]
    kin = [hit.nct_id for hit in index.related(FIRST, 12, explain=False)]
    assert suggested == [one for one in kin if one != SECOND]
    chosen = get(f"{form['action']}?first={FIRST}&second=nct01506414", 303)
    assert chosen.headers["location"] == f"/compare/{FIRST}/NCT01506414"


def test_without_two_trials_it_asks_for_them(get):
    page = get(f"/compare?first={FIRST}&second=").page
    assert page.one("input", id="first")["value"] == FIRST
    assert "required" in page.one("input", id="second").attributes


def test_another_spelling_of_an_id_leads_to_the_proper_address(get):
    assert get(f"/compare/nct07057778/{SECOND}", 302).headers["location"] == PAGE


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        (f"/compare/{FIRST}/{FIRST}", 400, "itself"),
        (f"/compare/{FIRST}/NCT99999999", 404, "NCT99999999"),
        (f"/compare/nonsense/{SECOND}", 400, "nonsense"),
        (f"/compare?first={FIRST}&second=nonsense", 400, "nonsense"),
    ],
)
def test_what_cannot_be_compared_is_refused_on_a_page(get, path, status, said):
    assert said in get(path, status).page.one("main").text


def test_every_pair_of_some_trials_has_a_page(get, index):
    ids = index.nct_ids()[::40]
    for first, second in pairwise(ids):
        page = get(f"/compare/{first}/{second}").page
        assert page.all("table", class_="compare")


def test_texts_of_records_are_escaped(make_trial):
    first = make_trial(
        1, eligibility_criteria="Inclusion Criteria:\n\n* Platelets <b>under 30</b>", conditions=("<i>ITP",)
    )
    second = make_trial(
        2, eligibility_criteria="Inclusion Criteria:\n\n* Platelets <b>under 50</b>", conditions=("ITP",)
    )
    texts = [line.text for table in tables(compare(first, second)) for row in table.rows for line in row.first]
    assert "&lt;i&gt;ITP" in texts
    assert any("&lt;b&gt;" in one and "<mark>" in one for one in texts)
    assert not any("<b>" in one or "<i>" in one for one in texts)
