import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.csv_download import NEW, OLD, number, one, read, table
from trialkin.data.csv_download import is_csv_download, read_csv
from trialkin.data.records import Part, Rejection


@pytest.mark.parametrize("bad", ["", "ISRCTN1", "NCT", "NCT123456789", "Invented"])
def test_a_row_without_an_nct_number_is_set_aside_by_the_number_of_its_row(bad):
    first, rejection, last = read(table(NEW, NEW | {"NCT Number": bad}, NEW | number(3)))
    assert (first.trial.nct_id, last.trial.nct_id) == ("NCT00000001", "NCT00000003")
    assert rejection.position == "row 3"
    assert "NCT Number" in rejection.reason


@pytest.mark.parametrize(
    ("cells", "named"),
    [
        ({"Start Date": "some day"}, "some day"),
        ({"Enrollment": "many"}, "enrollmentCount"),
        ({"Age": "18 Years or so"}, "18 Years or so"),
    ],
)
def test_a_value_that_is_none_sets_its_row_aside_with_the_value_and_the_id(cells, named):
    rejection, record = read(table(NEW | cells, NEW | number(2)))
    assert (rejection.position, rejection.nct_id) == ("row 2", "NCT00000001")
    assert named in rejection.reason
    assert record.trial.nct_id == "NCT00000002"


@pytest.mark.parametrize("line", [b"NCT00000009,too short\r\n", b"NCT00000009" + b",x" * 40 + b"\r\n"])
def test_a_row_of_too_few_or_too_many_cells_is_set_aside(line):
    header, row = table(NEW).split(b"\r\n", 1)
    rejection, record = read(header + b"\r\n" + line + row)
    assert (rejection.position, rejection.nct_id) == ("row 2", "NCT00000009")
    assert "cells" in rejection.reason
    assert record == Part(one(NEW).trial, one(NEW).fields)


@pytest.mark.parametrize("row", [NEW, OLD])
@pytest.mark.parametrize("cell", ["Conditions", "Acronym", "Study Documents"])
def test_a_quote_that_is_not_closed_costs_one_row(row, cell):
    rows = table(*(row | number(index) | {cell: "MARK"} for index in (1, 2, 3)))
    second = rows.index(b"MARK", rows.index(b"MARK") + 1)
    first, rejection, last = read(rows[:second] + b'"' + rows[second:])
    assert (first.trial.nct_id, last.trial.nct_id) == ("NCT00000001", "NCT00000003")
    assert rejection.position == "row 3"
    assert "quote" in rejection.reason or "damaged" in rejection.reason


def test_a_file_that_is_cut_gives_what_stands_before_and_says_so():
    content = table(*(NEW | number(index) for index in (1, 2, 3)))
    first, second, rejection = read(content[: content.rindex(b"Second paragraph")])
    assert [first.trial.nct_id, second.trial.nct_id] == ["NCT00000001", "NCT00000002"]
    assert rejection.position == "row 4"
    assert "cut short" in rejection.reason


@pytest.mark.parametrize("quote", [b"", b'"'])
def test_a_row_longer_than_the_limit_is_set_aside_and_the_next_is_read(quote):
    header, row = table(NEW).split(b"\r\n", 1)
    long = b"NCT00000009," + quote + b"x" * (5 << 20) + b"\nmore\n"
    rejection, record = read(header + b"\r\n" + long + row)
    assert rejection.position == "row 2"
    assert "4 MiB" in rejection.reason
    assert record == one(NEW)


def test_bytes_that_are_no_utf_8_are_replaced():
    content = table(NEW | {"Acronym": "MARK"}).replace(b"MARK", b"caf\xe9")
    (record,) = read(content)
    assert record.trial.acronym == "caf\ufffd"


@pytest.mark.parametrize("content", [b"", b"\n", b"nct_id,title\n1,2\n", table(NEW).splitlines()[0]])
def test_a_file_without_a_header_or_rows_is_set_aside_whole(content):
    (rejection,) = read(content)
    assert (rejection.file, rejection.position) == ("file.csv", "whole file")


def test_rows_are_read_one_at_a_time_and_the_stream_stays_open(tmp_path):
    row = table(NEW | {"Brief Summary": "x" * 5000}).split(b"\r\n", 1)[1]
    path = tmp_path / "big.csv"
    path.write_bytes(table(NEW) + row * 500)
    with path.open("rb") as stream:
        tracemalloc.start()
        try:
            assert sum(isinstance(record, Part) for record in read_csv(stream, "big.csv")) == 501
            assert tracemalloc.get_traced_memory()[1] < 2_000_000 < path.stat().st_size
        finally:
            tracemalloc.stop()
        assert not stream.closed


@given(data=st.data())
def test_a_mutated_file_gives_records_and_rejections_and_never_raises(data):
    sample = st.sampled_from([NEW, OLD])
    row = data.draw(sample)
    content = bytearray(
        table(*(row | number(index) for index in (1, 2, 3)), quoting=data.draw(st.sampled_from([0, 1])))
    )
    pieces = st.binary(max_size=3) | st.sampled_from([b'"', b",", b"\n", b"|", b"(", b"\t", b"\r", b"\x00", b": "])
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=8)):
        content[place : place + data.draw(st.integers(0, 3))] = data.draw(pieces)
    cut = data.draw(st.integers(0, len(content)))
    for mutated in (bytes(content), bytes(content[:cut])):
        is_csv_download(mutated)
        records = read(mutated)
        assert records
        assert all(isinstance(record, Part | Rejection) for record in records)


@given(st.dictionaries(st.sampled_from(sorted(NEW.keys() - {"NCT Number"})), st.text(max_size=60)))
def test_any_text_in_any_cell_gives_one_record_or_rejection(cells):
    (record,) = read(table(NEW | {name: text.replace("\r", "\n") for name, text in cells.items()}))
    assert isinstance(record, Part | Rejection)


@given(st.binary(max_size=300))
def test_any_bytes_after_a_header_give_records_or_rejections(tail):
    assert all(isinstance(record, Part | Rejection) for record in read(b"NCT Number,Age,Locations\n" + tail))
