import pytest
from pydantic import ValidationError

from trialkin.settings import Settings


@pytest.mark.parametrize(
    ("text", "origins"),
    [
        ("", ()),
        ("https://a.org", ("https://a.org",)),
        ("https://a.org, http://localhost:3000,", ("https://a.org", "http://localhost:3000")),
        ("*", ("*",)),
    ],
)
def test_origins_are_separated_by_commas(monkeypatch, text, origins):
    monkeypatch.setenv("TRIALKIN_CORS_ORIGINS", text)
    assert Settings().cors_origins == origins


@pytest.mark.parametrize("text", ["a.org", "https://a.org/", "https://a.org/page", "ftp://a.org", "null"])
def test_what_no_browser_sends_as_an_origin_is_refused(monkeypatch, text):
    monkeypatch.setenv("TRIALKIN_CORS_ORIGINS", f"https://b.org,{text}")
    with pytest.raises(ValidationError, match="no origin such as"):
        Settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [("RATE_LIMIT", "-1"), ("RATE_BURST", "0"), ("AT_WORK", "-1"), ("LONGEST_WAIT", "0"), ("TIME_LIMIT", "-1")],
)
def test_limits_that_mean_nothing_are_refused(monkeypatch, name, value):
    monkeypatch.setenv(f"TRIALKIN_{name}", value)
    with pytest.raises(ValidationError, match=name.lower()):
        Settings()
