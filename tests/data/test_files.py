import errno
import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys

import pytest

from trialkin.data.files import (
    disk_refusal,
    home_lock,
    make_folder,
    settle,
    sha256,
    sync,
    write_atomically,
    write_json,
    writing_to,
)
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


@pytest.mark.parametrize(
    "error",
    [RuntimeError("write failed: No space left on device"), sqlite3.OperationalError("database or disk is full")],
)
def test_a_library_that_reports_a_full_disk_without_a_number_is_understood(tmp_path, error):
    assert isinstance(disk_refusal(error, tmp_path), StorageError)


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


def test_the_lock_is_not_kept_by_a_process_that_its_holder_started(tmp_path):
    with home_lock(tmp_path):
        started = subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE)
    with started:
        with home_lock(tmp_path):
            pass
        started.kill()


def test_who_gets_the_lock_removes_the_parts_of_files_that_a_killed_writer_left(tmp_path):
    (tmp_path / "index").mkdir()
    parts = [tmp_path / ".file.4711.part", tmp_path / "index" / ".CURRENT.4711.part"]
    kept = [tmp_path / "index" / "CURRENT", tmp_path / "index" / "a.part", tmp_path / ".hidden"]
    for path in parts + kept:
        path.write_text("x")
    with home_lock(tmp_path):
        assert not any(path.exists() for path in parts)
        assert all(path.exists() for path in kept)


KILLED = """
import os, pathlib, signal, sys
from trialkin.data.files import write_atomically
os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
write_atomically(pathlib.Path(sys.argv[1]), b"new")
"""


def test_a_writer_that_is_killed_leaves_the_old_content_and_what_the_next_one_removes(tmp_path):
    path = tmp_path / "file"
    write_atomically(path, b"old")
    assert subprocess.run([sys.executable, "-c", KILLED, path], check=False).returncode == -9
    assert path.read_bytes() == b"old"
    assert len(list(tmp_path.iterdir())) == 2
    with home_lock(tmp_path):
        assert sorted(one.name for one in tmp_path.iterdir()) == [".lock", "file"]


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP])
def test_a_file_system_without_locks_is_said_so(tmp_path, monkeypatch, number):
    def refuse(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(StorageError, match="has no locks") as caught, home_lock(tmp_path):
        pytest.fail("there was no lock to give")
    assert "local disk" in caught.value.hint


@pytest.fixture
def read_only(tmp_path):
    """A folder on a file system that is mounted read-only, holding a home with a lock file."""
    at = tmp_path / "mounted"
    at.mkdir()
    if (
        shutil.which("mount") is None
        or subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(at)], capture_output=True, check=False
        ).returncode
    ):
        pytest.skip("a file system can be mounted by root only")
    try:
        (at / "home").mkdir()
        (at / "home" / ".lock").touch()
        subprocess.run(["mount", "-o", "remount,ro", str(at)], check=True)
        yield at
    finally:
        subprocess.run(["umount", "-l", str(at)], check=True)


@pytest.mark.parametrize("name", ["home", "none yet"])
def test_a_read_only_home_is_not_locked_and_that_is_said(read_only, name):
    with pytest.raises(StorageError, match="read-only") as caught, home_lock(read_only / name):
        pytest.fail("there was nothing to lock")
    assert "TRIALKIN_HOME" in caught.value.hint


def test_settling_reaches_every_file_and_folder(tmp_path, monkeypatch):
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "file").write_bytes(b"x" * 10_000)
    reached, fsync = set(), os.fsync

    def note(handle):
        reached.add(os.fstat(handle).st_ino)
        fsync(handle)

    monkeypatch.setattr(os, "fsync", note)
    settle(tmp_path)
    assert reached == {path.stat().st_ino for path in [tmp_path, *tmp_path.rglob("*")]}
    assert (tmp_path / "a" / "b" / "file").read_bytes() == b"x" * 10_000


def test_new_folders_are_there_to_stay(tmp_path, monkeypatch):
    reached, fsync = set(), os.fsync

    def note(handle):
        reached.add(os.fstat(handle).st_ino)
        fsync(handle)

    monkeypatch.setattr(os, "fsync", note)
    make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    assert {tmp_path.stat().st_ino, (tmp_path / "a").stat().st_ino} <= reached
    make_folder(tmp_path / "a" / "b")


def test_a_file_system_that_cannot_sync_folders_is_put_up_with_but_not_for_files(tmp_path, monkeypatch):
    def refuse(_):
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))

    path = tmp_path / "file"
    path.touch()
    monkeypatch.setattr(os, "fsync", refuse)
    sync(tmp_path)
    with pytest.raises(OSError, match="Invalid argument"):
        sync(path)
