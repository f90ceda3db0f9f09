"""What weights of aspects do to a list."""

import pytest

from trialkin.index import Aspect
from trialkin.index.hits import ReasonCode

QUERY = "NCT07057778"


def ids(hits):
    return [hit.nct_id for hit in hits]


def test_with_all_but_conditions_at_0_no_word_of_a_title_counts(sample):
    only = dict.fromkeys(Aspect, 0.0) | {Aspect.CONDITION: 1.0}
    hits = sample.related(QUERY, 20, weights=only)
    assert hits
    assert ids(hits) != ids(sample.related(QUERY, 20))
    for hit in hits:
        assert {reason.code for reason in hit.reasons} <= {ReasonCode.SAME_CONDITION, ReasonCode.SIMILAR_TEXT} or all(
            reason.share < 1e-9
            for reason in hit.reasons
            if reason.code in (ReasonCode.SAME_INTERVENTION, ReasonCode.SAME_COMPARATOR_PATTERN)
        )


@pytest.mark.parametrize("aspect", list(Aspect))
def test_every_aspect_changes_the_order_of_related_trials(sample, aspect):
    assert ids(sample.related(QUERY, 100, weights={aspect: 20})) != ids(sample.related(QUERY, 100))


def test_a_weight_of_1_changes_nothing(sample):
    assert sample.related(QUERY, 50, weights=dict.fromkeys(Aspect, 1.0)) == sample.related(QUERY, 50)
