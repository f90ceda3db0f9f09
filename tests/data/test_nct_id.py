import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.data import is_nct_id, normalise_nct_id
from trialkin.errors import InvalidNctId, UsageError


@given(
    number=st.integers(1, 99_999_999),
    prefix=st.sampled_from(["NCT", "nct", "Nct ", " NCT-", "NCT:", "nct #"]),
    width=st.integers(1, 10),
)
def test_every_spelling_of_a_number_gives_nct_and_eight_digits(number, prefix, width):
    typed = f"{prefix}{number:0{width}d} "
    assert normalise_nct_id(typed) == f"NCT{number:08d}"
    assert is_nct_id(typed)


@given(st.integers(1, 99_999_999).map("NCT{:08d}".format))
def test_the_canonical_form_stays_as_it_is(nct_id):
    assert normalise_nct_id(nct_id) == nct_id


@pytest.mark.parametrize(
    "text", ["", "NCT", "NCT00000000", "NCT123456789", "07057778", "NCT 1234 5678", "NCT0705777X", "x NCT07057778"]
)
def test_what_is_no_nct_id_is_refused_with_the_text_and_an_example(text):
    assert not is_nct_id(text)
    with pytest.raises(InvalidNctId) as caught:
        normalise_nct_id(text)
    assert repr(text) in caught.value.what
    assert "NCT07057778" in caught.value.hint
    assert isinstance(caught.value, UsageError)


def test_a_long_text_is_shortened_in_the_message():
    with pytest.raises(InvalidNctId) as caught:
        normalise_nct_id("low platelets " * 100)
    assert len(caught.value.what) < 80
    assert "..." in caught.value.what


@given(st.text())
def test_any_text_is_either_accepted_by_both_functions_or_by_none(text):
    try:
        accepted = bool(normalise_nct_id(text))
    except InvalidNctId:
        accepted = False
    assert is_nct_id(text) is accepted
