import sqlite3

import numpy as np
import pytest

from trialkin.embed import VectorCache
from trialkin.errors import StorageError


def vector(*numbers):
    return np.asarray(numbers, np.float16)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "vectors" / "model.sqlite"


@pytest.fixture
def filled(path):
    """The path of a cache of two vectors."""
    with VectorCache(path, 3) as cache:
        cache.put([(b"a", vector(1, 2, 3)), (b"b", vector(4, 5, 6))])
    return path


def test_vectors_survive_reopening(filled):
    with VectorCache(filled, 3) as cache:
        found = cache.get([b"b", b"missing", b"a"])
        assert len(cache) == 2
    assert {key: value.tolist() for key, value in found.items()} == {b"a": [1, 2, 3], b"b": [4, 5, 6]}
    assert found[b"a"].dtype == np.float16


def test_any_number_of_keys_can_be_asked_for(path):
    keys = [number.to_bytes(4, "big") for number in range(3000)]
    with VectorCache(path, 1) as cache:
        cache.put((key, vector(number % 100)) for number, key in enumerate(keys))
        found = cache.get(keys)
        assert cache.get([]) == {}
    assert [found[key].item() for key in keys] == [number % 100 for number in range(3000)]


def test_a_vector_put_again_replaces_the_old_one(filled):
    with VectorCache(filled, 3) as cache:
        cache.put([(b"a", vector(7, 8, 9))])
        assert cache.get([b"a"])[b"a"].tolist() == [7, 8, 9]
        assert len(cache) == 2


def test_vectors_are_committed_together_or_not_at_all(filled):
    def breaks_off():
        yield b"c", vector(1, 1, 1)
        yield b"a", vector(0, 0, 0)
        raise KeyboardInterrupt

    with VectorCache(filled, 3) as cache:
        with pytest.raises(KeyboardInterrupt):
            cache.put(breaks_off())
        assert cache.get([b"a", b"c"])[b"a"].tolist() == [1, 2, 3]
    with VectorCache(filled, 3) as cache:
        assert set(cache.get([b"a", b"b", b"c"])) == {b"a", b"b"}


def test_a_vector_damaged_on_disk_reads_as_absent(filled):
    with sqlite3.connect(filled) as db:
        db.execute("UPDATE vectors SET vector = ? WHERE key = ?", (vector(1, 2, 4).tobytes(), b"a"))
    db.close()
    with VectorCache(filled, 3) as cache:
        assert set(cache.get([b"a", b"b"])) == {b"b"}


def test_a_vector_of_another_length_reads_as_absent(filled):
    with VectorCache(filled, 4) as cache:
        assert cache.get([b"a"]) == {}


def test_the_vectors_of_most_keys_come_in_the_order_asked_with_what_is_lacking(filled):
    with sqlite3.connect(filled) as db:
        db.execute("UPDATE vectors SET vector = ? WHERE key = ?", (vector(1, 2, 4).tobytes(), b"a"))
    db.close()
    with VectorCache(filled, 3) as cache:
        cache.put([(b"c", vector(7, 8, 9))])
        vectors, there = cache.matrix([b"c", b"missing", b"a", b"b"])
        assert vectors.tolist() == [[7, 8, 9], [0, 0, 0], [0, 0, 0], [4, 5, 6]]
        assert there.tolist() == [True, False, False, True]
        assert vectors.dtype == np.float16
        assert cache.matrix([])[0].shape == (0, 3)
    with VectorCache(filled, 2) as other:
        assert not other.matrix([b"c"])[1].any()


@pytest.mark.parametrize("content", [b"this is no database, whatever its name says" * 100, None])
def test_a_damaged_file_is_named_with_what_to_do(filled, content):
    if content is None:
        content = bytearray(filled.read_bytes())
        content[100:] = b"\xff" * len(content[100:])
    filled.write_bytes(content)
    with pytest.raises(StorageError, match=r"model\.sqlite is damaged") as caught, VectorCache(filled, 3) as cache:
        cache.get([b"a"])
    assert "Delete that file" in caught.value.hint


def test_a_place_that_cannot_be_opened_is_named(path):
    path.mkdir(parents=True)
    with pytest.raises(StorageError, match=r"model\.sqlite cannot be written"):
        VectorCache(path, 3)


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("database or disk is full", "full"),
        ("disk I/O error", "full"),
        ("attempt to write a readonly database", "written"),
    ],
)
def test_what_the_disk_refuses_is_said_in_words(filled, message, words):
    def refuses():
        raise sqlite3.OperationalError(message)
        yield

    with VectorCache(filled, 3) as cache, pytest.raises(StorageError, match=words):
        cache.put(refuses())
