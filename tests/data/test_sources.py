import gzip
import io
import subprocess
import sys
import zipfile

import orjson
import pytest

from trialkin.data import read_trials
from trialkin.data.sources import sources
from trialkin.errors import ReadError


@pytest.fixture
def folder(tmp_path):
    for name in ("a/1.json", "a/b/2.json", "a/b/.hidden.json", "a/notes.txt", "c/3.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("{}")
    return tmp_path


def files(folder, *given):
    return [[str(path.relative_to(folder)) for path in one.files] for one in sources(given)]


def test_a_pattern_stands_for_the_files_that_it_matches_in_order(folder):
    assert files(folder, f"{folder}/*/*.json") == [["a/1.json", "c/3.json"]]
    assert files(folder, f"{folder}/**/?.json") == [["a/1.json", "a/b/2.json", "c/3.json"]]
    assert files(folder, folder / "[c]") == [["c/3.json"]]


def test_each_path_is_a_source_of_its_own(folder):
    assert files(folder, folder / "c", folder / "a" / "1.json") == [["c/3.json"], ["a/1.json"]]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(folder):
    (folder / "a[1].json").write_text("{}")
    assert files(folder, folder / "a[1].json") == [["a[1].json"]]


@pytest.mark.parametrize(("name", "reason"), [("absent.json", "no file"), ("*.xml", "No file matches")])
def test_what_stands_for_no_file_is_refused(folder, name, reason):
    with pytest.raises(ReadError, match=reason):
        sources([folder / name])


PROGRAM = "from trialkin.data import read_trials; print([one.nct_id for one in read_trials('-')])"


@pytest.mark.parametrize("zipped", [False, True])
def test_standard_input_is_read_as_a_file_is(make_study, zipped):
    content = b"".join(orjson.dumps(make_study(number)) + b"\n" for number in (1, 2))
    if zipped:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("studies.json", content)
        content = buffer.getvalue()
    done = subprocess.run([sys.executable, "-c", PROGRAM], input=content, capture_output=True, check=True)
    assert done.stdout.decode().strip() == "['NCT00000001', 'NCT00000002']"


def test_files_that_hold_themselves_are_left_after_a_few_layers(tmp_path):
    content = b"{}"
    for _ in range(9):
        content = gzip.compress(content)
    (tmp_path / "deep.gz").write_bytes(content)
    (only,) = read_trials(tmp_path / "deep.gz")
    assert "inside each other" in only.reason
