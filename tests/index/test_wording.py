import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.index.wording import likenesses, reader_of, same_words

READ, READ_NAMES = reader_of([]), reader_of([], grouped=False)


def likeness(first, second, read=READ, **given):
    return likenesses([read(first)], [read(second)], **given)[0, 0]


def test_words_that_every_record_uses_say_little():
    assert likeness("patients with asthma", "patients with epilepsy") < 0.1
    assert likeness("patients with asthma", "asthma of any subject") > 0.8


def test_words_of_one_matter_count_as_one_but_not_in_names():
    assert likeness("pregnant women", "lactating women") == pytest.approx(1.0)
    assert likeness("corticosteroids", "glucocorticoids", READ_NAMES) == 0.0


def test_an_acronym_counts_as_what_a_text_explains():
    read = reader_of(["Immune thrombocytopenia (ITP) is rare."])
    assert likeness("ITP", "immune thrombocytopenia", read) == pytest.approx(1.0)


def test_an_acronym_of_two_meanings_stays_as_it_is():
    read = reader_of(["partial remission (PR)", "progesterone receptor (PR)"])
    assert set(read("PR")) == {"pr"}


def test_containment_counts_where_it_is_asked_for():
    short, long = "splenectomy", "splenectomy or plasma exchange or dialysis or transplantation of the marrow"
    assert likeness(short, long, contained=0.5) > likeness(short, long)


def test_the_same_words_in_another_order_are_the_same():
    assert same_words("Severe asthma of patients", "Patients: asthma, severe", READ_NAMES)


@pytest.mark.parametrize(
    ("first", "second"), [("asthma", "no asthma"), ("type 1", "type 2"), ("asthma", "prior asthma")]
)
def test_denials_numbers_and_qualifiers_make_a_difference(first, second):
    assert not same_words(first, second, READ_NAMES)


TEXTS = st.lists(st.text(max_size=30), max_size=5)


@given(TEXTS, TEXTS)
def test_likeness_goes_from_nought_to_one_and_is_mutual(first, second):
    ours, theirs = list(map(READ, first)), list(map(READ, second))
    there = likenesses(ours, theirs, contained=0.3)
    assert there.shape == (len(first), len(second))
    assert ((there >= 0) & (there <= 1)).all()
    assert np.allclose(there, likenesses(theirs, ours, contained=0.3).T)
