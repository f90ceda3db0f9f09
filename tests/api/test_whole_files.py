"""Files that appear once they are whole."""

import errno
import gzip
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import zstandard

from trialkin.api.whole_files import whole_file
from trialkin.errors import StorageError, UsageError

TEXT = b"one\ntwo\n" * 1000


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def write_and_raise(stream, error):
    stream.write(TEXT)
    raise error


def unpacked(path):
    content = path.read_bytes()
    if path.suffix == ".gz":
        return gzip.decompress(content)
    return zstandard.ZstdDecompressor().decompressobj().decompress(content) if path.suffix == ".zst" else content


@pytest.mark.parametrize("name", ["a.ndjson", "a.ndjson.gz", "a.ndjson.zst"])
def test_a_file_is_packed_by_its_name_and_there_only_when_it_is_whole(tmp_path, name):
    path = tmp_path / name
    with whole_file(path) as stream:
        stream.write(TEXT)
        assert not path.exists()
    assert unpacked(path) == TEXT
    assert (len(path.read_bytes()) < len(TEXT)) == (path.suffix != ".ndjson")
    assert names(tmp_path) == [name]


def test_the_same_content_is_the_same_file(tmp_path):
    for name in ("a.gz", "b.gz"):
        with whole_file(tmp_path / name) as stream:
            stream.write(TEXT)
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()


def test_a_failure_leaves_the_file_that_was_there_and_nothing_else(tmp_path):
    path = tmp_path / "a.ndjson.gz"
    path.write_bytes(b"before")
    with pytest.raises(ZeroDivisionError), whole_file(path) as stream:
        write_and_raise(stream, ZeroDivisionError())
    assert path.read_bytes() == b"before"
    assert names(tmp_path) == [path.name]


def test_what_a_killed_run_left_is_removed_by_the_next_and_that_of_a_living_one_stays(tmp_path):
    path = tmp_path / "a.ndjson"
    code = (
        "import os, signal, sys; from pathlib import Path; from trialkin.api.whole_files import whole_file\n"
        "with whole_file(Path(sys.argv[1])) as stream:\n"
        "    stream.write(b'half'); stream.flush(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    ended = subprocess.run([sys.executable, "-c", code, path], check=False)
    assert ended.returncode == -signal.SIGKILL
    (left,) = tmp_path.iterdir()
    assert (left.name != path.name, left.read_bytes()) == (True, b"half")
    living = tmp_path / f".a.ndjson.{os.getppid()}.part"
    living.write_bytes(b"")
    with whole_file(path) as stream:
        stream.write(TEXT)
    assert names(tmp_path) == [living.name, path.name]


@pytest.mark.parametrize("name", ["none/a.ndjson", "."])
def test_a_place_that_cannot_be_written_is_refused_before_anything_is_worked_out(tmp_path, name):
    with pytest.raises(UsageError), whole_file(tmp_path / name):
        pytest.fail("the block was entered")


def test_a_full_disk_is_told_as_one(tmp_path):
    path = tmp_path / "a.ndjson"
    with pytest.raises(StorageError, match="The disk is full") as refused, whole_file(path) as stream:
        write_and_raise(stream, OSError(errno.ENOSPC, "No space left on device"))
    assert "TRIALKIN_HOME" not in str(refused.value)
    assert names(tmp_path) == []


@pytest.mark.parametrize("path", [None, "-"])
def test_without_a_name_it_is_standard_output(capfdbinary, path):
    with whole_file(path and Path(path)) as stream:
        stream.write(b"one\n")
    assert capfdbinary.readouterr().out == b"one\n"
