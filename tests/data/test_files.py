import errno
import hashlib
import os
import subprocess
import sys

import pytest

from trialkin.data.files import disk_refusal, home_lock, sha256, write_atomically, write_json, writing_to
from trialkin.errors import Busy, StorageError


def test_the_checksum_of_a_file_is_its_sha_256(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"abc" * 100_000)
    assert sha256(path) == hashlib.sha256(b"abc" * 100_000).hexdigest()


def test_an_atomic_write_replaces_the_content_and_leaves_nothing_beside(tmp_path):
    path = tmp_path / "file"
    write_atomically(path, b"old")
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_a_failed_atomic_write_leaves_the_old_content_and_nothing_beside(tmp_path, monkeypatch, call):
    path = tmp_path / "file"
    write_atomically(path, b"old")

    def refuse(*_args):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(*((os, "fsync", refuse) if call == "fsync" else (type(path), "replace", refuse)))
        with pytest.raises(StorageError):
            write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_json_is_written_for_people_in_the_order_given(tmp_path):
    write_json(tmp_path / "a.json", {"b": 1, "a": ["ü"]})
    assert (tmp_path / "a.json").read_text(encoding="utf-8") == '{\n  "b": 1,\n  "a": [\n    "ü"\n  ]\n}\n'


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "The disk is full"),
        (errno.EDQUOT, "quota"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "not permitted"),
        (errno.EPERM, "not permitted"),
    ],
)
def test_a_refusal_of_the_disk_is_said_in_words_with_the_place_and_a_hint(tmp_path, number, words):
    with pytest.raises(StorageError) as caught, writing_to(tmp_path):
        raise OSError(number, os.strerror(number))
    assert words in caught.value.what
    assert str(tmp_path) in caught.value.what
    assert caught.value.hint


def test_a_library_that_reports_a_full_disk_without_a_number_is_understood(tmp_path):
    assert isinstance(disk_refusal(RuntimeError("write failed: No space left on device"), tmp_path), StorageError)


def test_other_errors_pass_through_unchanged(tmp_path):
    with pytest.raises(FileNotFoundError), writing_to(tmp_path):
        (tmp_path / "absent").read_bytes()
    with pytest.raises(ZeroDivisionError), writing_to(tmp_path):
        _ = 1 / 0


HOLDER = """
import pathlib, sys
from trialkin.data.files import home_lock
with home_lock(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_lock_keeps_two_processes_apart_and_is_free_when_its_holder_is_killed(tmp_path):
    home = tmp_path / "home"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(Busy, match="home"), home_lock(home):
            pytest.fail("the lock was given twice")
        holder.kill()
        holder.wait()
    with home_lock(home):
        pass


def test_the_lock_is_free_again_after_use_even_after_an_error(tmp_path):
    with pytest.raises(ZeroDivisionError), home_lock(tmp_path):
        _ = 1 / 0
    with home_lock(tmp_path), pytest.raises(Busy), home_lock(tmp_path):
        pytest.fail("the lock was given twice")
