import pytest

from trialkin.api.date_ranges import plain_range


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("RANGE[2026-01-01,MAX]", "2026-01-01.."),
        ("RANGE[MIN,2026-01]", "..2026-01"),
        (" range [ 2020 , 2021 ] ", "2020..2021"),
        ("RANGE[MIN,MAX]", ".."),
        ("RANGE[MAX,2020]", "MAX..2020"),
        ("2020..2021", "2020..2021"),
        ("RANGE[2020]", "RANGE[2020]"),
        ("RANGE[2020,2021,2022]", "RANGE[2020,2021,2022]"),
        ("", ""),
        (None, None),
    ],
)
def test_a_range_as_the_registry_writes_it_becomes_a_plain_one(text, plain):
    assert plain_range(text) == plain
