"""Answers of tools stay of bounded size, and say what they leave out."""

from types import SimpleNamespace

import pytest

from trialkin.api.mcp_tools import MOST_CHARACTERS, MOST_ITEMS, Tools
from trialkin.index.comparing import compare


@pytest.fixture
def tools(make_trial):
    """Tools over an index of one large trial and one small."""
    large = make_trial(
        1,
        detailed_description="word " * 10_000,
        locations=[{"city": f"City {n}"} for n in range(70)],
        secondary_outcomes=[{"measure": f"Measure {n}"} for n in range(60)],
    )
    small = make_trial(2)
    held = {one.nct_id: one for one in (large, small)}
    manifest = SimpleNamespace(snapshot=SimpleNamespace(data_date="2026-02-11"))
    index = SimpleNamespace(
        version="0001", manifest=manifest, trial=held.__getitem__, trials=lambda ids, _: [held[one] for one in ids]
    )
    return Tools(SimpleNamespace(get=lambda: index)), large, small


def test_long_lists_and_texts_of_a_record_are_cut_and_counted(tools):
    answer = tools[0].trial("NCT00000001")
    assert len(answer.trial["locations"]) == MOST_ITEMS
    assert answer.trial["detailedDescription"] == tools[1].detailed_description[:MOST_CHARACTERS]
    assert answer.omitted == {
        "locations": 70 - MOST_ITEMS,
        "secondaryOutcomes": 60 - MOST_ITEMS,
        "detailedDescription": len(tools[1].detailed_description) - MOST_CHARACTERS,
    }


def test_long_sections_of_a_comparison_are_cut_and_counted(tools):
    tool, large, small = tools
    answer = tool.compare("NCT00000001", "NCT00000002")
    whole = compare(large, small)
    assert len(whole.secondary_outcomes.first_only) == 60
    assert answer.comparison.secondary_outcomes.first_only == whole.secondary_outcomes.first_only[:MOST_ITEMS]
    assert answer.comparison.basics == whole.basics
    assert answer.omitted == {"secondaryOutcomes.firstOnly": 60 - MOST_ITEMS}
