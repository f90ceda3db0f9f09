"""`filter.advanced`: what is honoured, and that everything else is refused rather than passed over."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.api.registry_areas import advanced_filters
from trialkin.errors import UsageError


@pytest.mark.parametrize(
    ("text", "filters"),
    [
        ("", {}),
        ("  ", {}),
        ("AREA[Phase]PHASE2", {"phase": ["PHASE2"]}),
        ("AREA[phase](PHASE2 OR PHASE3)", {"phase": ["PHASE2", "PHASE3"]}),
        ('AREA[LocationCountry]"South Korea"', {"country": ["South Korea"]}),
        ('AREA[LocationCountry]("South Korea" OR China)', {"country": ["South Korea", "China"]}),
        ("AREA[StartDate]RANGE[2020-01-01,MAX]", {"start": "2020-01-01.."}),
        ("AREA[CompletionDate] RANGE[MIN, 2020]", {"completion": "..2020"}),
        ("AREA[LastUpdatePostDate]RANGE[2020,2021]", {"updated": "2020..2021"}),
        ("AREA[HasResults]true", {"has_results": True}),
        (
            " AREA[StudyType]INTERVENTIONAL AND AREA[LeadSponsorClass]INDUSTRY AND AREA[OverallStatus]RECRUITING ",
            {"study_type": ["INTERVENTIONAL"], "sponsor_class": ["INDUSTRY"], "status": ["RECRUITING"]},
        ),
    ],
)
def test_conditions_become_the_index_s_filters(text, filters):
    assert advanced_filters(text) == filters


@pytest.mark.parametrize(
    "text",
    [
        *(
            "AREA[Sex]FEMALE",
            "AREA[Phase]PHASE2 OR AREA[Phase]PHASE3",
            "NOT AREA[Phase]PHASE2",
            "asthma",
            "AREA[Phase]",
        ),
        *("AREA[Phase]PHASE2 AND", "AREA[Phase]PHASE2 AREA[StudyType]OBSERVATIONAL", "AREA[Phase](PHASE2 AND PHASE3)"),
        *("AREA[Phase](NOT PHASE2)", "AREA[Phase]PHASE2 AND AREA[Phase]PHASE3", "AREA[StartDate]RANGE[MIN,MAX]"),
        *(
            "AREA[StartDate]2020",
            "AREA[Phase]RANGE[1,2]",
            "AREA[HasResults]maybe",
            "(AREA[Phase]PHASE2)",
            "AREA[Phase]()",
        ),
        *("AREA[StartDate]RANGE[2020]", "AREA[StartDate]RANGE[2020,2021,2022]", "AND AREA[Phase]PHASE2"),
    ],
)
def test_what_cannot_be_honoured_is_refused(text):
    with pytest.raises(UsageError) as refused:
        advanced_filters(text)
    assert refused.value.hint


@given(text=st.text(alphabet='AREA[]Phase()2 ONDRGM,"', max_size=40) | st.text(max_size=20))
def test_any_text_is_read_or_refused(text):
    try:
        found = advanced_filters(text)
    except UsageError:
        return
    assert bool(found) == bool(text.strip())
