from collections import Counter

import numpy as np
import pyarrow as pa
import pytest

from trialkin.errors import UnknownTrial, UsageError
from trialkin.index import Filters
from trialkin.index.card import CARD_SCHEMA, card
from trialkin.index.facets import FACETS, FacetTable, FacetValue


@pytest.fixture
def counted(make_trial):
    """The facets of some trials, given by their fields, by field."""

    def count(*fields, chosen=None, most=50):
        rows = [card(make_trial(n + 1, **one)) | {"file": 0, "fileRow": n} for n, one in enumerate(fields)]
        table = FacetTable(pa.Table.from_pylist(rows, schema=CARD_SCHEMA))
        facets = table.facets(None if chosen is None else np.asarray(chosen, np.bool_), most)
        return {facet.field: facet for facet in facets}

    return count


def pairs(facet):
    return [(one.value, one.count) for one in facet.values]


def stated(trial):
    """The values of a trial by field, read from its record."""
    sponsor, start = trial.lead_sponsor, trial.start_date
    return {
        "overallStatus": [trial.overall_status],
        "phases": trial.phases,
        "studyType": [trial.study_type],
        "countries": trial.countries,
        "sponsorClass": [sponsor and sponsor.class_],
        "hasResults": [{True: "true", False: "false", None: None}[trial.has_results]],
        "sex": [trial.sex],
        "startYear": [start and start.date[:4]],
        "conditions": trial.conditions,
        "interventions": [one.name for one in trial.interventions],
        "leadSponsor": [sponsor and sponsor.name],
    }


def test_values_come_by_falling_count_and_then_by_the_alphabet(counted):
    trials = [{"overall_status": one} for one in ("UNKNOWN", "COMPLETED", "RECRUITING", "COMPLETED", "APPROVED")]
    found = counted(*trials, {})
    assert list(found) == list(FACETS)
    assert pairs(found["overallStatus"]) == [("COMPLETED", 2), ("APPROVED", 1), ("RECRUITING", 1), ("UNKNOWN", 1)]
    assert found["overallStatus"].missing == 1
    assert found["phases"].values == ()
    assert found["phases"].missing == 6


def test_a_trial_counts_once_for_each_of_its_values(counted):
    found = counted({"phases": ("PHASE1", "PHASE2")}, {"phases": ("PHASE2",)}, {"conditions": ("ITP", "ITP")})
    assert pairs(found["phases"]) == [("PHASE2", 2), ("PHASE1", 1)]
    assert pairs(found["conditions"]) == [("ITP", 1)]


def test_names_that_differ_in_letter_case_are_one_in_its_usual_spelling(counted):
    trials = [{"conditions": (one,)} for one in ("asthma", "Asthma", "ASTHMA", "Asthma")]
    trials.append({"conditions": ("asthma", "Asthma", "Migraine")})
    found = counted(*trials)["conditions"]
    assert pairs(found) == [("Asthma", 5), ("Migraine", 1)]


def test_years_come_in_the_order_of_time(counted):
    dates = ("2021-05", "2019", "2021-01-02", "2020-12-31")
    found = counted(*({"start_date": {"date": one}} for one in dates), {})["startYear"]
    assert pairs(found) == [("2019", 1), ("2020", 1), ("2021", 2)]
    assert found.missing == 1


def test_only_the_most_frequent_values_are_listed_and_the_rest_is_told(counted):
    trials = [{"countries": tuple("ABCDEFG"[:number])} for number in range(1, 8)]
    found = counted(*trials, most=3)["countries"]
    assert pairs(found) == [("A", 7), ("B", 6), ("C", 5)]
    assert found.more == 4


def test_ties_at_the_end_of_the_list_are_decided_by_the_alphabet(counted):
    found = counted({"countries": ("D", "C", "B", "A")}, {"countries": ("C",)}, most=2)["countries"]
    assert pairs(found) == [("C", 2), ("A", 1)]


def test_booleans_are_written_as_in_json(counted):
    found = counted({"has_results": True}, {"has_results": False}, {"has_results": True}, {})["hasResults"]
    assert found.values == (FacetValue(value="true", count=2), FacetValue(value="false", count=1))
    assert found.missing == 1


def test_only_chosen_trials_count(counted):
    trials = [{"sex": "ALL"}, {"sex": "MALE"}, {"sex": "ALL"}, {}]
    found = counted(*trials, chosen=[True, False, False, True])["sex"]
    assert pairs(found) == [("ALL", 1)]
    assert found.missing == 1
    nothing = counted(*trials, chosen=[False] * 4)["sex"]
    assert (nothing.values, nothing.missing, nothing.more) == ((), 0, 0)


@pytest.mark.parametrize(
    ("filters", "meets"),
    [
        (Filters(), lambda _: True),
        (Filters(status=("RECRUITING",)), lambda trial: trial.overall_status == "RECRUITING"),
        (Filters(country=("China",), has_results=True), lambda trial: "China" in trial.countries and trial.has_results),
    ],
)
def test_an_indexs_facets_are_those_of_counting_its_records(synthetic, synthetic_trials, filters, meets):
    trials = [trial for trial in synthetic_trials if meets(trial)]
    assert synthetic.count(filters) == len(trials)
    for facet in synthetic.facets(filters=filters, most=1000):
        values = [{one.casefold() for one in stated(trial)[facet.field] if one is not None} for trial in trials]
        assert {one.value.casefold(): one.count for one in facet.values} == Counter(
            one for has in values for one in has
        )
        assert facet.missing == sum(not has for has in values)
        assert facet.more == 0


def test_the_answer_for_a_whole_index_is_kept_unchanged(sample):
    first = sample.facets()
    first.clear()
    assert [one.field for one in sample.facets()] == list(FACETS)
    assert sum(one.count for one in sample.facets()[0].values) + sample.facets()[0].missing == len(sample)


def test_given_trials_count_once_however_often_they_are_given(sample):
    ids = sample.nct_ids()[:5]
    assert sample.facets([*ids, *ids]) == sample.facets(ids)
    assert all(facet.missing == 0 and not facet.values for facet in sample.facets([]))


def test_what_cannot_be_counted_is_refused(sample):
    with pytest.raises(UnknownTrial, match="NCT99999999"):
        sample.facets(["NCT99999999"])
    with pytest.raises(UsageError, match="number of values is 0"):
        sample.facets(most=0)
    with pytest.raises(UsageError, match="No trial has status"):
        sample.count(Filters(status=("mistyped",)))
