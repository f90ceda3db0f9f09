import pytest

from trialkin.data import Part
from trialkin.data.combining import both, combined


@pytest.fixture
def rich(make_trial):
    return make_trial(
        1,
        last_update_post_date="2020-05-05",
        overall_status="RECRUITING",
        why_stopped=None,
        keywords=("itp",),
        eligibility_criteria="Adults",
    )


def part(trial, date, **told):
    return Part(
        trial(1, last_update_post_date=date, **told),
        frozenset({"nct_id", "brief_title", "last_update_post_date", "overall_status", "keywords"}),
    )


def test_a_newer_part_tells_what_there_is_now_and_leaves_what_it_cannot_carry(rich, make_trial):
    now = combined(rich, part(make_trial, "2021-01-01", overall_status="COMPLETED"))
    assert (now.overall_status, now.last_update_post_date) == ("COMPLETED", "2021-01-01")
    assert now.keywords == ()
    assert now.eligibility_criteria == "Adults"


def test_a_part_of_the_same_date_fills_what_is_empty_and_no_more(rich, make_trial):
    poor = rich.model_copy(update={"keywords": ()})
    now = combined(poor, part(make_trial, "2020-05-05", overall_status="COMPLETED", keywords=("blood",)))
    assert now == rich.model_copy(update={"keywords": ("blood",)})


@pytest.mark.parametrize("date", ["2019-01-01", None])
def test_an_older_or_undated_part_changes_nothing(rich, make_trial, date):
    assert combined(rich, part(make_trial, date, overall_status="COMPLETED")) == rich


def test_between_undated_records_what_the_part_tells_counts_and_what_it_lacks_stays(rich, make_trial):
    undated = rich.model_copy(update={"last_update_post_date": None})
    now = combined(undated, part(make_trial, None, overall_status="COMPLETED"))
    assert now == undated.model_copy(update={"overall_status": "COMPLETED"})


def test_references_are_added_to_those_that_are_there(make_trial):
    known = make_trial(1, references=[{"pmid": "1"}, {"pmid": "2"}])
    page = Part(make_trial(1, references=[{"nct_id": "NCT00000002"}, {"pmid": "2"}]), frozenset({"references"}))
    assert [one.pmid or one.nct_id for one in combined(known, page).references] == ["1", "2", "NCT00000002"]


def test_a_sponsor_without_its_class_is_the_one_that_is_known(make_trial):
    known = make_trial(1, lead_sponsor={"name": "Trialists", "class": "OTHER"})
    same = Part(make_trial(1, lead_sponsor={"name": "Trialists"}), frozenset({"lead_sponsor"}))
    other = Part(make_trial(1, lead_sponsor={"name": "Others"}), frozenset({"lead_sponsor"}))
    assert combined(known, same) == known
    assert combined(known, other).lead_sponsor.name == "Others"


def test_two_parts_carry_what_either_does(make_trial):
    first = Part(make_trial(1, keywords=("itp",)), frozenset({"nct_id", "keywords"}))
    second = Part(make_trial(1, sex="ALL"), frozenset({"nct_id", "sex"}))
    one = both(first, second)
    assert (one.trial.keywords, one.trial.sex) == (("itp",), "ALL")
    assert one.fields == {"nct_id", "keywords", "sex"}
