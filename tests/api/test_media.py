"""Which format a request is answered in."""

import pytest
from starlette.requests import Request

from trialkin.api.media import MEDIA_TYPES, Media, chosen_media
from trialkin.api.problems import NotAcceptable

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


def request(*accept):
    return Request({"type": "http", "headers": [(b"accept", one.encode("latin-1")) for one in accept]})


@pytest.mark.parametrize("media", Media)
def test_each_format_is_chosen_by_its_own_media_type(media):
    assert chosen_media(request(MEDIA_TYPES[media]), None) is media
    assert chosen_media(request(MEDIA_TYPES[media].upper() + "; charset=utf-8"), None) is media


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ([], Media.JSON),
        ([""], Media.JSON),
        (["*/*"], Media.JSON),
        ([BROWSER], Media.JSON),
        (["text/*"], Media.CSV),
        (["text/html, text/csv;q=0.1"], Media.CSV),
        (["application/json;q=0.5, text/csv"], Media.CSV),
        (["application/json;q=0, */*"], Media.CSV),
        (["application/*;q=0.9, text/csv;q=0.8"], Media.JSON),
        (["application/json;q=0.1, application/*;q=0.9"], Media.RIS),
        (["text/html", "application/x-ndjson"], Media.NDJSON),
        (["application/json;q=high, text/csv;q=0.2"], Media.CSV),
    ],
)
def test_the_header_decides_by_quality_and_the_most_specific_range(accept, media):
    assert chosen_media(request(*accept), None) is media


@pytest.mark.parametrize(
    "accept", ["text/html", "application/json;q=0", "*/*;q=0", "json", ";", "application/json;q=7"]
)
def test_what_cannot_be_given_is_refused_with_what_can(accept):
    with pytest.raises(NotAcceptable) as refused:
        chosen_media(request(accept), None)
    assert "application/json, text/csv" in refused.value.hint


def test_a_named_format_comes_before_the_header():
    assert chosen_media(request("text/html"), Media.RIS) is Media.RIS


def test_an_answer_without_a_format_does_not_have_it_by_either_way():
    offered = (Media.JSON, Media.NDJSON)
    for accept, named in (("text/csv", None), ("*/*", Media.CSV)):
        with pytest.raises(NotAcceptable):
            chosen_media(request(accept), named, offered)
    assert chosen_media(request("text/csv, */*;q=0.1"), None, offered) is Media.JSON
