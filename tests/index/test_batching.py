from hypothesis import given
from hypothesis import strategies as st

from trialkin.index.batching import in_batches


@given(st.lists(st.integers()), st.integers(1, 7))
def test_batches_hold_every_item_once_in_order_and_only_the_last_is_short(items, size):
    parts = list(in_batches(items, size))
    assert [item for part in parts for item in part] == items
    assert all(len(part) == size for part in parts[:-1])
    assert all(0 < len(part) <= size for part in parts)


def test_a_batch_is_taken_only_when_it_is_asked_for():
    taken = []
    batches = in_batches((taken.append(n) or n for n in range(100)), 10)
    next(batches)
    assert len(taken) == 10
