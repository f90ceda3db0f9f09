import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.index.rarity import rarity


@pytest.mark.parametrize(("having", "trials"), [(1, 100), (50, 100), (100, 100), (0, 10), (12.5, 1000.25)])
def test_rarity_is_lucenes_inverse_document_frequency(having, trials):
    found = rarity(np.asarray([having]), trials)
    assert found.dtype == np.float32
    assert found[0] == pytest.approx(math.log(1 + (trials - having + 0.5) / (having + 0.5)), rel=1e-6)


@given(trials=st.integers(1, 10**6), share=st.floats(0, 1), other=st.floats(0, 1))
def test_what_more_trials_have_is_less_rare_and_never_below_nothing(trials, share, other):
    fewer, more = sorted([share, other])
    found = rarity(np.asarray([fewer, more]) * trials, trials)
    assert found[0] >= found[1] > 0
