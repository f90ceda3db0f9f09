import io
from pathlib import Path

import pytest

from trialkin.api.query_files import read_ids, read_queries
from trialkin.errors import ReadError, UsageError

STANDARD_INPUT = Path("-")


@pytest.fixture
def written(tmp_path):
    def write(content):
        path = tmp_path / "queries.txt"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def typed(monkeypatch):
    """Put a text on standard input."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


def test_ids_come_with_the_number_of_their_line_and_blank_lines_count(written):
    path = written("NCT00000001\n\n  \nnct 2\n")
    assert read_ids(path) == [(1, "NCT00000001"), (4, "nct 2")]


@pytest.mark.parametrize("mark", ["\ufeff", ""])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_files_of_other_editors_are_read_alike(written, mark, end):
    path = written(f"{mark}NCT00000001{end}NCT00000002{end}")
    assert [text for _, text in read_ids(path)] == ["NCT00000001", "NCT00000002"]


def test_a_name_and_a_text_are_parted_by_the_first_tab(written):
    path = written("a\tsome words\n\n b \tmore\twords \n")
    assert read_queries(path) == [("a", "some words"), ("b", "more\twords")]


def test_a_text_from_the_web_with_odd_line_separators_stays_one_query(written):
    text = "one\u2028two\x85three\x0bfour\x1cfive"
    assert read_queries(written(f"a\t{text}\nb\tnext\n")) == [("a", text), ("b", "next")]


def test_a_dash_is_standard_input(typed):
    typed("a\twords\n")
    assert read_queries(STANDARD_INPUT) == [("a", "words")]
    typed("\ufeffNCT00000001\n")
    assert read_ids(STANDARD_INPUT) == [(1, "NCT00000001")]


@pytest.mark.parametrize("line", ["no tab here", "name\t", "name\t   ", "\ttext", "  \ttext"])
def test_a_line_that_is_no_query_is_refused_by_its_number(written, line):
    with pytest.raises(UsageError, match=r"queries\.txt, line 3: .*qid<TAB>text"):
        read_queries(written(f"a\tgood\n\n{line}\nb\tgood\n"))


@pytest.mark.parametrize("reader", [read_ids, read_queries])
def test_a_file_with_nothing_in_it_is_refused(written, reader):
    with pytest.raises(UsageError, match=r"queries\.txt holds no"):
        reader(written(" \n\n"))


@pytest.mark.parametrize("reader", [read_ids, read_queries])
def test_a_file_that_cannot_be_read_is_named(tmp_path, written, reader):
    with pytest.raises(ReadError, match=r"absent\.txt: No such file"):
        reader(tmp_path / "absent.txt")
    with pytest.raises(ReadError, match=f"{tmp_path.name}: Is a directory"):
        reader(tmp_path)
    with pytest.raises(ReadError, match=r"queries\.txt is not UTF-8 text \(byte 3\)"):
        reader(written(b"abc\xff\n"))
