import io
import tracemalloc
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.aact import TABLES, read, trials
from trialkin.data import Part, Rejection
from trialkin.data.aact import AactTables, is_table
from trialkin.errors import StorageError

BAD_ROWS = {
    "1|NCT00000001": "it has 2 cells, and the header 3",
    "1|NCT00000001|a|b": "it has 4 cells, and the header 3",
    "1|ISRCTN12345|a": "'ISRCTN12345' is no NCT id",
    "1||a": "'' is no NCT id",
    f"1|NCT00000001|{'x' * 140_000}": "it cannot be read, perhaps for want of a quotation mark (the row is longer",
    f"1|NCT00000001|{'x' * 1_100_000}": "it cannot be read, perhaps for want of a quotation mark (the row is longer",
}


@pytest.mark.parametrize("bad", BAD_ROWS)
def test_a_bad_row_is_set_aside_with_table_row_and_reason_and_the_others_are_read(bad):
    text = f'id|nct_id|name\n1|NCT00000001|"a\nb"\n{bad}\n3|NCT00000001|c\n'
    *rejections, record = read({"x/conditions.txt": text})
    assert rejections[0].file == "x/conditions.txt"
    assert rejections[0].position == "conditions, row 2 (line 4)"
    assert rejections[0].reason.startswith(BAD_ROWS[bad])
    assert record.trial.conditions == ("a\nb", "c")


def test_a_table_that_ends_inside_a_quoted_cell_says_where_that_began():
    record, rejection = read({"conditions": 'id|nct_id|name\n1|NCT00000001|a\n2|NCT00000001|"b\n3|NCT00000001|c\n'})[
        ::-1
    ]
    assert record.trial.conditions == ("a",)
    assert rejection.position == "conditions, row 2 (lines 3 to 4)"
    assert "ends inside a quoted cell" in rejection.reason


def test_rows_that_a_missing_quotation_mark_joins_are_named_by_their_lines():
    rows = "".join(f"{n}|NCT00000001|c{n}\n" for n in range(20_000))
    rejections = [
        one for one in read({"conditions": f'id|nct_id|name\n0|NCT00000001|"a\n{rows}'}) if isinstance(one, Rejection)
    ]
    assert rejections[0].position.startswith("conditions, row 1 (lines 2 to ")
    assert "quotation mark" in rejections[0].reason


def test_a_row_of_endless_lines_ends():
    lines = "".join(f'"a{n}\nb",' for n in range(200_000))
    found = read({"conditions.csv": f"id,nct_id,name\n1,NCT00000001,{lines}\n2,NCT00000001,c\n"})
    assert any("longer than 128 KiB" in one.reason for one in found if isinstance(one, Rejection))
    assert found[-1].trial.conditions == ("c",)


def test_a_field_of_the_wrong_shape_sets_the_trial_aside_by_name():
    header = "nct_id|brief_title|enrollment|start_date\n"
    rows = "NCT00000001|T|many|\nNCT00000002|T||sometime in May\nnct 3|T|12|\n"
    first, second, third = read({"studies": header + rows})
    assert (first.nct_id, first.file) == ("NCT00000001", "download.zip/studies.txt")
    assert "enrollmentCount" in first.reason
    assert "startDate.date" in second.reason
    assert (third.trial.nct_id, third.trial.enrollment_count) == ("NCT00000003", 12)


def test_bytes_that_are_no_text_are_replaced():
    (trial,) = trials(read({"conditions": b"id|nct_id|name\n1|NCT00000001|caf\xe9 \xc2\xb5\n"}))
    assert trial.conditions == ("caf\ufffd \u00b5",)


@given(data=st.data())
def test_mutated_bytes_give_parts_and_rejections_and_never_an_exception(data):
    contents = {}
    for name in data.draw(st.sets(st.sampled_from(sorted(TABLES)), min_size=1, max_size=5)):
        content = bytearray(TABLES[name].encode())
        for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=8)):
            content[place : place + data.draw(st.integers(0, 3))] = data.draw(
                st.binary(max_size=3) | st.sampled_from([b'"', b"|", b"\n", b"\x00", b",", b"\r"])
            )
        contents[name] = bytes(content)
    assert all(isinstance(record, Part | Rejection) for record in read(contents))


@given(content=st.binary(max_size=200) | st.text('nct_id|,\n" \r\x00NCT012', max_size=60).map(str.encode))
def test_any_bytes_give_parts_and_rejections_and_never_an_exception(content):
    assert all(isinstance(record, Part | Rejection) for record in read({"studies": content}))
    assert isinstance(is_table(content), bool)


def test_a_table_of_twenty_megabytes_is_read_in_few_megabytes_of_memory():
    noise, numbers = Random(1), list(range(1, 2001))
    noise.shuffle(numbers)

    def rows():
        yield b"id|nct_id|description\n"
        for n in numbers:
            yield f"{n}|NCT{n:08d}|{noise.randbytes(5000).hex()}\n".encode()

    with AactTables() as aact:
        tracemalloc.start()
        try:
            assert list(aact.add(io.BufferedReader(_Stream(rows())), "brief_summaries.txt")) == []
            found = [record.trial.nct_id for record in aact.records()]
            assert tracemalloc.get_traced_memory()[1] < 8_000_000
        finally:
            tracemalloc.stop()
    assert found == [f"NCT{n:08d}" for n in range(1, 2001)]


class _Stream(io.RawIOBase):
    def __init__(self, blocks):
        self._blocks, self._rest = blocks, b""

    def readable(self):
        return True

    def readinto(self, buffer):
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._rest = block
        part, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(part)] = part
        return len(part)


def test_the_temporary_folder_is_gone_afterwards_and_a_refusing_disk_is_told(tmp_path):
    with AactTables(tmp_path) as aact:
        list(aact.add(io.BytesIO(TABLES["studies"].encode()), "studies.txt"))
        assert len(list(tmp_path.iterdir())) == 1
        next(aact.records())
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(StorageError, match="TMPDIR"), AactTables(tmp_path / "absent"):
        pass


def test_a_full_disk_is_told(tmp_path):
    with AactTables(tmp_path) as aact:
        aact._database.execute("PRAGMA max_page_count = 3")
        with pytest.raises(StorageError, match="full"):
            list(aact.add(io.BytesIO(TABLES["studies"].encode() * 500), "studies.txt"))
