"""Page tokens by themselves."""

import base64
from types import SimpleNamespace

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.api.paging import MOST_HITS, page_token, position_of
from trialkin.errors import UsageError

ASKED = {"q": "ITP", "sort": "@relevance"}


def index(version="0001", seal="a"):
    """As much of an index as a token knows."""
    return SimpleNamespace(version=version, manifest=SimpleNamespace(seal=seal))


TOKEN = page_token(index(), ASKED, 10)


def test_without_a_token_a_list_begins():
    assert position_of(index(), ASKED, None) == 0


@given(position=st.integers(1, MOST_HITS - 1))
def test_a_token_leads_back_to_its_place(position):
    token = page_token(index(), ASKED, position)
    assert position_of(index(), dict(reversed(ASKED.items())), token) == position
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@pytest.mark.parametrize(
    ("other", "asked", "reason"),
    [
        (index("0002"), ASKED, "index version 0001, and version 0002 answers now"),
        (index(seal="b"), ASKED, "of other data"),
        (index(), ASKED | {"q": "CIDP"}, "another question"),
        (index(), ASKED | {"sort": "NCTId"}, "another question"),
        (index(), ASKED | {"preset": "same-drug"}, "another question"),
    ],
)
def test_a_token_of_another_list_is_refused_with_what_to_do(other, asked, reason):
    with pytest.raises(UsageError) as refused:
        position_of(other, asked, TOKEN)
    assert reason in refused.value.what
    assert refused.value.hint == "Start again without pageToken."


@given(place=st.integers(0, len(TOKEN) - 1), char=st.sampled_from("ABab01-_=+/ é"))
def test_a_token_with_one_altered_character_is_refused(place, char):
    altered = TOKEN[:place] + char + TOKEN[place + 1 :]
    if altered != TOKEN:
        with pytest.raises(UsageError, match="Start again"):
            position_of(index(), ASKED, altered)


@given(token=st.text(max_size=60) | st.binary(max_size=60).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_no_text_is_taken_for_a_token(token):
    with pytest.raises(UsageError, match="damaged"):
        position_of(index(), ASKED, token)


@pytest.mark.parametrize("position", [0, -1, MOST_HITS, 10**6, "10", 1.5, None, [1]])
def test_a_token_with_an_impossible_place_is_refused(position):
    said = orjson.loads(base64.urlsafe_b64decode(TOKEN + "=" * (-len(TOKEN) % 4)))
    forged = base64.urlsafe_b64encode(orjson.dumps([*said[:2], position, said[3]])).decode().rstrip("=")
    with pytest.raises(UsageError, match="damaged"):
        position_of(index(), ASKED, forged)
