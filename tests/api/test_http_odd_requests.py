"""Requests that nobody means: nothing of them is an error of the server."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from support.routes import FILTERS, LIST_NAMES, NCT_ID, RELATED, SEARCH, problem


def test_a_search_without_words_is_told_what_is_missing(client):
    assert "'q'" in problem(client.get(SEARCH), 422)["detail"]


def test_a_method_or_a_path_that_is_not_there_is_a_problem_document_too(client):
    problem(client.delete(f"/api/v1/trials/{NCT_ID}"), 405)
    problem(client.get("/api/v2/search"), 404)


# What the server says about itself


ODD = st.one_of(
    st.text(max_size=80),
    st.text(st.characters(max_codepoint=0x20), max_size=10),
    st.sampled_from(
        ["", "\x00", "NCT" * 9, "9" * 400, "-1e999", "..", "a=b=c,=,=1", "%", "\u202e\u0000", "😀" * 50, "null"]
    ),
)
NO_SURROGATES = ODD.map(lambda text: text.encode("utf-8", "replace").decode())


@hypothesis_settings(max_examples=150)
@given(text=NO_SURROGATES)
def test_no_text_as_a_query_is_an_error_of_the_server(client, text):
    response = client.get(SEARCH, params={"q": text, "pageSize": 2})
    assert response.status_code in (200, 400)
    if response.status_code == 200:
        assert response.json()["q"] == text


@hypothesis_settings(max_examples=150)
@given(text=NO_SURROGATES)
def test_no_text_as_an_id_is_an_error_of_the_server(client, text):
    assert client.get(f"/api/v1/trials/{quote(text, safe='')}/related").status_code in (200, 307, 400, 404, 405, 422)


@hypothesis_settings(max_examples=200)
@given(name=st.sampled_from([*sorted(LIST_NAMES), *FILTERS]), text=NO_SURROGATES)
def test_no_text_as_a_parameter_is_an_error_of_the_server(client, name, text):
    assert client.get(RELATED, params={name: text}).status_code in (200, 400, 422)


@pytest.mark.parametrize("name", ["pageSize", "filter.phase", "q"])
def test_a_parameter_that_is_given_twice_is_refused_by_its_name(client, name):
    said = problem(client.get(f"{SEARCH}?q=ITP&{name}=1&{name}=1"), 400)
    assert said["title"] == "RepeatedParameter"
    assert f"'{name}'" in said["detail"]
    assert "commas" in said["hint"]


@pytest.mark.parametrize(
    ("value", "means"),
    [("RANGE[2015-01-01,MAX]", "2015-01-01.."), ("RANGE[MIN,2018]", "..2018"), ("range[2015, 2018]", "2015..2018")],
)
def test_a_range_of_dates_is_understood_as_the_registry_writes_it(client, value, means):
    answers = [client.get(RELATED, params={"filter.startDate": one, "pageSize": 1000}) for one in (value, means)]
    assert answers[0].json()["hits"] == answers[1].json()["hits"] != []


@pytest.mark.parametrize("word", ["yes", "1", "TRUE", "on", ""])
def test_only_true_and_false_are_truth_values(client, word):
    assert "filter.hasResults" in problem(client.get(RELATED, params={"filter.hasResults": word}), 422)["detail"]


@pytest.mark.parametrize(
    "raw", ["q=%ff%fe", "q=%", "q=%zz", "q=a&q=b", "&&&", "q", "=x", "q=\u00e9", "pageSize=%00&q=a"]
)
def test_a_mangled_query_string_is_no_error_of_the_server(client, raw):
    assert client.get(f"{SEARCH}?{raw}").status_code in (200, 400, 422)


@pytest.mark.parametrize("path", ["/about/", "/api/v1/version/", "/map/", "/static"])
def test_nobody_is_sent_on_to_the_host_that_a_request_names(client, path):
    assert client.get(path, headers={"Host": "elsewhere.example"}, follow_redirects=False).status_code == 404
