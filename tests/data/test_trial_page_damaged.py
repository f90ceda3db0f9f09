import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.trial_page import EXPECTED, SECTIONS, TOP, page, read
from trialkin.data import Trial
from trialkin.data.records import Part, Rejection
from trialkin.data.trial_page import HEADINGS, is_trial_page


@pytest.mark.parametrize("bad", ["", "ISRCTN1", "pending"])
def test_a_page_without_an_nct_id_is_set_aside_by_its_line_and_the_next_is_read(bad):
    content = page(top=f"Title\nNCT ID: {bad}\nLast Updated: 2025-07-10") + b"\n" + page()
    rejection, record = read(content)
    assert rejection.position == "line 1"
    assert "no NCT id" in rejection.reason
    assert record.trial.nct_id == "NCT00000001"


def test_a_text_that_is_no_page_is_set_aside():
    (rejection,) = read(b"Some text\nof two lines\n")
    assert "NCT ID" in rejection.reason


def test_a_page_longer_than_the_limit_is_set_aside_and_the_next_is_read():
    long = page({"Detailed Description": "word\n" * 300_000})
    rejection, record = read(long + b"\n" + page())
    assert "1 MiB" in rejection.reason
    assert record.trial == Trial.model_validate(EXPECTED)
    (alone,) = read(page({"Detailed Description": "x" * (2 << 20)}))
    assert isinstance(alone, Rejection)


def test_a_date_that_is_none_sets_the_page_aside_with_its_id():
    (rejection,) = read(page(top="Title\nNCT ID: NCT00000001\nLast Updated: some day"))
    assert rejection.nct_id == "NCT00000001"
    assert "some day" in rejection.reason


@given(data=st.data())
def test_a_mutated_page_gives_records_and_rejections_and_never_raises(data):
    content = bytearray(page() + b"\n" + page(explained=data.draw(st.booleans())))
    pieces = st.binary(max_size=3) | st.sampled_from(
        [b"\n", b"\nNCT ID: ", b"\nConditions\n", b",", b":", b"\r", b"\x00"]
    )
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=10)):
        content[place : place + data.draw(st.integers(0, 5))] = data.draw(pieces)
    cut = data.draw(st.integers(1, len(content)))
    for mutated in (bytes(content), bytes(content[:cut]), bytes(content[-cut:])):
        is_trial_page(mutated)
        records = read(mutated)
        assert records or not mutated.strip()
        assert all(isinstance(record, Part | Rejection) for record in records)


@given(st.lists(st.sampled_from([*HEADINGS, *"\n".join([TOP, *SECTIONS.values()]).split("\n")]) | st.text(max_size=20)))
def test_lines_in_any_order_give_records_and_rejections(lines):
    records = read("\n".join(lines).encode())
    assert all(isinstance(record, Part | Rejection) for record in records)


@given(st.sampled_from(HEADINGS), st.text(max_size=200))
def test_any_text_in_any_section_gives_records_and_rejections(heading, text):
    records = read(page({heading: text}))
    assert all(isinstance(record, Part | Rejection) for record in records)
