import hashlib
import os
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialkin.api.api_keys import KeyRing, add_key, read_keys, remove_key
from trialkin.errors import ReadError, UsageError


@pytest.fixture
def path(tmp_path):
    return tmp_path / "keys"


def test_a_key_is_known_by_its_hash_alone(path):
    key = add_key(path, "ward-3")
    assert path.read_text() == f"ward-3:{hashlib.sha256(key.encode()).hexdigest()}\n"
    assert KeyRing(path).owner(key) == "ward-3"
    assert path.stat().st_mode & 0o777 == 0o600


def test_keys_are_long_and_never_the_same(path):
    keys = {add_key(path, f"k{number}") for number in range(50)}
    assert len(keys) == 50
    assert min(map(len, keys)) >= 43  # 256 bits


def test_each_key_is_its_owner_s(path):
    keys = {name: add_key(path, name) for name in ("a", "b", "c")}
    ring = KeyRing(path)
    assert {name: ring.owner(key) for name, key in keys.items()} == {name: name for name in keys}


@given(st.text())
def test_no_other_text_is_a_key(text):
    ring = KeyRing.__new__(KeyRing)
    ring._hashes, ring._refresh = {"a": hashlib.sha256(b"the key").hexdigest().encode()}, lambda: None
    assert ring.owner(text) == ("a" if text == "the key" else None)


def test_a_hash_is_no_key(path):
    add_key(path, "a")
    assert KeyRing(path).owner(path.read_text().strip().partition(":")[2]) is None


def test_a_running_server_takes_and_refuses_keys_as_the_file_changes(path):
    first = add_key(path, "first")
    ring = KeyRing(path)
    assert ring.owner(first) == "first"
    second = add_key(path, "second")
    assert (ring.owner(first), ring.owner(second)) == ("first", "second")
    remove_key(path, "first")
    assert (ring.owner(first), ring.owner(second)) == (None, "second")
    path.unlink()
    assert ring.owner(second) is None
    third = add_key(path, "third")
    assert (ring.owner(second), ring.owner(third)) == (None, "third")


@pytest.mark.parametrize("line", ["rubbish", "a:", "a:12", ":" + "0" * 64, "a b:" + "0" * 64, "a:" + "G" * 64])
def test_a_file_with_a_line_that_is_no_key_lets_nobody_in_and_says_which_line(path, line, caplog):
    key = add_key(path, "good")
    path.write_text(f"{path.read_text()}\n{line}\n")
    ring = KeyRing(path)
    assert [ring.owner(key) for _ in range(3)] == [None] * 3
    assert caplog.text.count("line 3") == 1
    with pytest.raises(ReadError, match="line 3"):
        read_keys(path)


def test_remarks_and_empty_lines_are_passed_over_and_stay(path):
    path.write_text("# who: the clinic\n\n")
    add_key(path, "a")
    add_key(path, "b")
    remove_key(path, "a")
    assert path.read_text().startswith("# who: the clinic\n\nb:")
    assert list(read_keys(path)) == ["b"]


def test_a_file_without_a_last_line_break_is_added_to(path):
    add_key(path, "a")
    path.write_text(path.read_text().rstrip())
    add_key(path, "b")
    assert list(read_keys(path)) == ["a", "b"]


def test_a_file_keeps_its_mode(path):
    add_key(path, "a")
    path.chmod(0o640)
    add_key(path, "b")
    remove_key(path, "a")
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files to others")
def test_a_file_keeps_its_owner(path):
    add_key(path, "a")
    os.chown(path, 1234, 1234)
    add_key(path, "b")
    remove_key(path, "a")
    assert (path.stat().st_uid, path.stat().st_gid) == (1234, 1234)


@pytest.mark.parametrize("name", ["", "a b", "a:b", "é", "a\n", "x" * 65, "#a"])
def test_a_name_that_could_not_be_read_again_is_refused(path, name):
    with pytest.raises(UsageError, match="no name"):
        add_key(path, name)
    assert not path.exists()


def test_a_name_is_given_once(path):
    add_key(path, "a")
    with pytest.raises(UsageError, match="already"):
        add_key(path, "a")
    with pytest.raises(UsageError, match="no key named b"):
        remove_key(path, "b")


def test_a_missing_file_says_how_to_make_it(path):
    with pytest.raises(ReadError, match="trialkin keys add"):
        read_keys(path)


def test_threads_that_ask_while_the_file_changes_all_get_an_answer(path):
    key = add_key(path, "stays")
    ring, over, answers = KeyRing(path), threading.Event(), set()

    def ask():
        while not over.is_set():
            answers.add(ring.owner(key))

    asking = [threading.Thread(target=ask) for _ in range(4)]
    for one in asking:
        one.start()
    for number in range(50):
        add_key(path, f"k{number}")
    over.set()
    for one in asking:
        one.join()
    assert answers == {"stays"}
