"""Records that lack sections, drafts, and what leaves nothing to compare."""

from dataclasses import replace

import pytest

from trialkin.errors import UsageError
from trialkin.index import Aspect
from trialkin.index.ranking import DEFAULT_RANKING


def ids(hits):
    return [hit.nct_id for hit in hits]


@pytest.fixture
def sparse_home(make_trial, new_home, encoder):
    """Forty full records and a few that have little more than a title."""
    full = [
        make_trial(
            number,
            brief_title=f"Drug{number % 7} for disease{number % 5}",
            brief_summary=f"Drug{number % 7} is given to people with disease{number % 5} in town{number}.",
            conditions=(f"disease{number % 5}",),
            eligibility_criteria=f"Adults of town{number}.",
        )
        for number in range(1, 41)
    ]
    bare = [
        make_trial(50, brief_title="Zanubrutinib for moyamoya"),
        make_trial(51, brief_title="Zanubrutinib for moyamoya in adults"),
        make_trial(52, brief_title=None, conditions=("moyamoya",)),
        make_trial(53, brief_title=None),
    ]
    return new_home([*full, *bare], encoder)


@pytest.fixture
def sparse(sparse_home, encoder, open_index_with):
    return open_index_with(encoder, sparse_home)


def test_a_record_of_a_title_alone_is_found(sparse):
    assert ids(sparse.search("zanubrutinib moyamoya", 2)) == ["NCT00000050", "NCT00000051"]
    assert ids(sparse.related("NCT00000051", 1)) == ["NCT00000050"]


def test_a_missing_section_is_no_disadvantage(sparse):
    assert ids(sparse.search("zanubrutinib for moyamoya"))[0] == "NCT00000050"


def test_a_record_with_no_text_at_all_can_be_asked_for_and_has_no_kin(sparse):
    assert sparse.related("NCT00000053", 100) == []
    assert "NCT00000053" not in ids(sparse.related("NCT00000001", 100))


def test_a_draft_is_compared_as_if_it_were_in_the_index_but_for_when_it_was_registered(
    sparse_home, encoder, open_index_with
):
    sparse = open_index_with(encoder, sparse_home, ranking=replace(DEFAULT_RANKING, registered=0.0))
    held = sparse.trial("NCT00000001")
    drafted = sparse.related_to(held.model_copy(update={"nct_id": "NCT99999999"}), 20)
    assert drafted[0].nct_id == "NCT00000001"
    kin = {hit.nct_id: hit.score for hit in sparse.related("NCT00000001", 20)}
    assert kin
    for hit in drafted[1:]:
        assert hit.nct_id in kin
        assert hit.score == pytest.approx(kin[hit.nct_id], rel=0.05)


def test_a_draft_without_text_is_refused(sparse, make_trial):
    with pytest.raises(UsageError, match="no text to compare"):
        sparse.related_to(make_trial(99, brief_title=None))


def test_a_trial_is_not_to_be_like_and_unlike(sparse):
    with pytest.raises(UsageError, match="NCT00000001 is liked and unliked"):
        sparse.alike(["NCT00000001"], ["nct 00000001"])
    with pytest.raises(UsageError, match="No trial is given"):
        sparse.alike([], ["NCT00000001"])


def test_weights_that_leave_nothing_of_a_query_are_refused(sparse):
    neither = {Aspect.TEXT: 0, Aspect.CONDITION: 0}
    with pytest.raises(UsageError, match="nothing of a text to compare"):
        sparse.search("moyamoya", weights=neither)
    with pytest.raises(UsageError, match="nothing of NCT00000050 to compare"):
        sparse.related("NCT00000050", weights=neither | {Aspect.INTERVENTION: 0})
    with pytest.raises(UsageError, match="nothing of a text to compare"):
        sparse.search("xyzzy", weights={Aspect.TEXT: 0})
    assert sparse.search("moyamoya", weights=neither | {Aspect.CONDITION: 1}) is not None
