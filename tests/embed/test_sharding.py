"""Shards of the texts of trials, the files that they are embedded into, and gathering these files."""

import hashlib
import shutil
import sqlite3
import zlib
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer, models, pre_tokenizers

from trialkin.embed import ChunkPolicy, VectorCache, section_texts, sharding
from trialkin.embed.embedder import text_key
from trialkin.embed.gathering import Gathered, gather
from trialkin.embed.model_files import ModelFiles
from trialkin.embed.shard_file import About, filling
from trialkin.embed.sharding import ALL, Shard, embed_trials, parse_shard
from trialkin.errors import ReadError, StorageError, UsageError

POLICY = ChunkPolicy(tokens=16, overlap=4, limit=2)
COUNT = 3
SHARDS = [Shard(number, COUNT) for number in range(1, COUNT + 1)]
texts_of_trials = st.lists(st.text(max_size=30), max_size=40)


def letters():
    """A tokenizer of single letters."""
    tokenizer = Tokenizer(models.WordLevel({chr(code): code for code in range(128)}, unk_token=" "))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    return tokenizer


@dataclass
class CountingEncoder:
    """An encoder that needs no model: a vector from the hash of the token ids. It counts, and may break off."""

    model: ModelFiles = field(default_factory=lambda: ModelFiles("fake", Path("fake"), "f" * 64))
    tokenizer: Tokenizer = field(default_factory=letters)
    precision: str = "f32"
    variant: str = "float"
    dim: int = 4
    texts: int = 0
    breaks_after: int = 100_000

    def encode_chunks(self, chunks):
        if self.texts >= self.breaks_after:
            raise KeyboardInterrupt
        self.texts += chunks.texts
        return self.encode_query(chunks)

    def encode_query(self, chunks):
        digests = [hashlib.sha256(bytes(ids)).digest()[: self.dim] for ids in chunks.ids]
        vectors = np.asarray([[1 + byte for byte in digest] for digest in digests], np.float32)
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def trials(make_trial):
    """Sixty trials that share some of their texts."""
    return [make_trial(number, conditions=(f"condition {number % 7}",), phases=("PHASE2",)) for number in range(1, 61)]


@pytest.fixture(scope="module")
def texts(trials):
    return {text for trial in trials for text in section_texts(trial).values()}


@pytest.fixture
def fill(tmp_path, trials):
    """Embeds a shard into a file; gives its path."""

    def make(shard, encoder=None, policy=POLICY, path=None):
        encoder = encoder or CountingEncoder()
        path = path or tmp_path / f"vectors-{shard.number}-of-{shard.count}.sqlite"
        with filling(path, About.of(encoder, policy, shard)) as cache:
            embed_trials(trials, shard, encoder, cache, policy)
        return path

    return make


@pytest.fixture
def cache(tmp_path):
    """An empty cache to gather into."""
    with VectorCache(tmp_path / "home" / "cache.sqlite", 4) as opened:
        yield opened


@pytest.fixture
def about():
    return About.of(CountingEncoder(), POLICY, ALL)


@pytest.fixture
def plain(tmp_path, trials):
    """The vectors of all texts as one run embeds them."""
    with VectorCache(tmp_path / "plain.sqlite", 4) as cache:
        embed_trials(trials, ALL, CountingEncoder(), cache, POLICY)
    return rows(tmp_path / "plain.sqlite")


def rows(path):
    with closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT key, vector, crc FROM vectors ORDER BY key").fetchall()


def edit(path, *statements):
    with closing(sqlite3.connect(path)) as db, db:
        for statement in statements:
            db.execute(*statement) if isinstance(statement, tuple) else db.execute(statement)


@given(texts=texts_of_trials, count=st.integers(1, 20))
def test_every_text_belongs_to_exactly_one_shard(texts, count):
    for text in texts:
        assert sum(Shard(number, count).holds(text_key(text)) for number in range(1, count + 1)) == 1


@settings(max_examples=20)
@given(texts=texts_of_trials, count=st.integers(1, 6))
def test_shards_together_embed_each_distinct_text_once(make_trial, tmp_path_factory, texts, count):
    trials = [make_trial(number, brief_summary=text) for number, text in enumerate(texts, start=1)]
    wanted = {text_key(text) for trial in trials for text in section_texts(trial).values()}
    folder, found, encoded = tmp_path_factory.mktemp("shards"), [], 0
    for number in range(1, count + 1):
        encoder = CountingEncoder()
        with VectorCache(folder / f"{number}.sqlite", 4) as cache:
            report = embed_trials(trials, Shard(number, count), encoder, cache, POLICY)
        assert report.texts == encoder.texts
        assert report.trials == len(trials)
        encoded += encoder.texts
        found += [row[0] for row in rows(folder / f"{number}.sqlite")]
    shutil.rmtree(folder)
    assert sorted(found) == sorted(wanted)
    assert encoded == len(wanted)


def test_shards_are_of_about_equal_size():
    sizes = [sum(Shard(number, 4).holds(text_key(f"text {one}")) for one in range(4000)) for number in range(1, 5)]
    assert min(sizes) > 900


def test_a_shard_is_written_as_two_numbers():
    assert parse_shard(" 2/8 ") == Shard(2, 8)
    assert parse_shard("1/1") == ALL


@pytest.mark.parametrize("text", ["", "2", "0/2", "3/2", "-1/2", "1/0", "a/b", "1/2/3", "1.0/2", "١/٢", "1/9999999"])
def test_what_is_no_shard_is_refused(text):
    with pytest.raises(UsageError, match="is no shard"):
        parse_shard(text)


def test_progress_is_told_of_trials_and_texts(trials, texts, cache, monkeypatch):
    monkeypatch.setattr(sharding, "_AT_ONCE", 10)
    done, encoded = [], []
    report = embed_trials(
        trials, ALL, CountingEncoder(), cache, POLICY, done.append, lambda *told: encoded.append(told)
    )
    assert done == sorted(done)
    assert len(done) > 3
    assert done[-1] == report.trials == len(trials)
    assert sum(one for one, _ in encoded) == report.texts == len(texts)
    assert sum(tokens for _, tokens in encoded) == report.tokens > report.texts


def test_gathered_vectors_are_those_of_one_run_bit_for_bit(fill, cache, about, plain, tmp_path, texts):
    files = [fill(shard) for shard in SHARDS]
    taken = [gather(path, about, cache) for path in files]
    assert sum(one.taken for one in taken) == len(cache) == len(texts)
    assert all(one.known == 0 and one.taken > 0 for one in taken)
    assert rows(tmp_path / "home" / "cache.sqlite") == plain


def test_after_gathering_nothing_is_left_to_encode(fill, cache, about, trials):
    for shard in SHARDS:
        gather(fill(shard), about, cache)
    encoder = CountingEncoder()
    assert embed_trials(trials, ALL, encoder, cache, POLICY).texts == encoder.texts == 0


def test_gathering_again_changes_nothing(fill, cache, about, tmp_path):
    path = fill(SHARDS[0])
    first = gather(path, about, cache)
    before = rows(tmp_path / "home" / "cache.sqlite")
    assert gather(path, about, cache) == Gathered(0, first.taken)
    assert rows(tmp_path / "home" / "cache.sqlite") == before


def test_a_vector_that_the_cache_has_stays_and_one_that_is_damaged_there_is_replaced(fill, cache, about):
    path = fill(ALL)
    (first, *_), (second, *_), *others = rows(path)
    own = np.asarray([1, 0, 0, 0], np.float16)
    cache.put([(first, own), (second, own)])
    cache._db.execute("UPDATE vectors SET crc = crc + 1 WHERE key = ?", (second,))
    cache._db.commit()
    assert gather(path, about, cache) == Gathered(len(others) + 1, 1)
    found = cache.get([first, second])
    assert found[first].tolist() == own.tolist() != found[second].tolist()


def test_a_finished_file_is_one_file_that_can_be_read_where_nothing_can_be_written(fill, about, cache, tmp_path):
    path = fill(ALL)
    assert [one.name for one in path.parent.glob("vectors*")] == [path.name]
    folder = tmp_path / "disc"
    folder.mkdir()
    copied = Path(shutil.copy(path, folder))
    copied.chmod(0o400)
    folder.chmod(0o500)
    try:
        assert gather(copied, about, cache).taken == len(rows(path))
        assert [one.name for one in folder.iterdir()] == [copied.name]
    finally:
        folder.chmod(0o700)


def test_an_interrupted_shard_goes_on_with_what_its_file_holds(fill, cache, about, plain, texts, tmp_path, monkeypatch):
    monkeypatch.setattr(sharding, "_AT_ONCE", 10)
    breaking = CountingEncoder(breaks_after=20)
    path = tmp_path / "vectors.sqlite"
    with pytest.raises(KeyboardInterrupt):
        fill(ALL, breaking, path=path)
    with pytest.raises(ReadError, match=r"vectors\.sqlite is not complete") as caught:
        gather(path, about, cache)
    assert "trialkin embed --shard 1/1" in caught.value.hint
    assert len(cache) == 0
    continuing = CountingEncoder()
    fill(ALL, continuing, path=path)
    assert breaking.texts >= 20
    assert continuing.texts == len(texts) - breaking.texts
    assert gather(path, about, cache).taken == len(texts)
    assert rows(tmp_path / "home" / "cache.sqlite") == plain


def test_a_finished_shard_is_sealed_anew_when_its_texts_grow(fill, trials, make_trial, about, cache):
    path = fill(ALL)
    encoder = CountingEncoder()
    with filling(path, about) as vectors:
        embed_trials([*trials, make_trial(99, brief_summary="new")], ALL, encoder, vectors, POLICY)
    assert encoder.texts == 2
    assert gather(path, about, cache).taken == len(rows(path))


@pytest.mark.parametrize(
    ("encoder", "policy", "said"),
    [
        ({"model": ModelFiles("other", Path("other"), "e" * 64)}, POLICY, "other .eeeeeeeeeeee., float"),
        ({"variant": "int8-01234567"}, POLICY, "int8-01234567"),
        ({"dim": 5}, POLICY, "was made otherwise"),
        ({}, ChunkPolicy(17, 4, 2), "chunks 17-4-2; here it is .* chunks 16-4-2"),
    ],
)
def test_a_file_of_another_model_variant_or_policy_is_refused(fill, cache, about, encoder, policy, said):
    path = fill(SHARDS[1], CountingEncoder(**encoder), policy)
    with pytest.raises(ReadError, match=said) as caught:
        gather(path, about, cache)
    assert str(path) in caught.value.what
    assert len(cache) == 0


def test_the_name_that_a_model_was_asked_for_does_not_matter(fill, cache, about):
    path = fill(ALL, CountingEncoder(model=ModelFiles("elsewhere", Path(), "f" * 64)))
    assert gather(path, about, cache).taken == len(cache) > 0


NAN = np.full(4, np.nan, np.float16).tobytes()
LONG = np.asarray([1, 1, 0, 0], np.float16).tobytes()
SHORT = np.asarray([1, 0, 0], np.float16).tobytes()


@pytest.mark.parametrize("vector", [NAN, LONG, SHORT, b"", "text", 7])
@pytest.mark.parametrize("checksum", [True, False])
def test_a_file_with_a_row_that_is_no_unit_vector_gives_nothing(fill, cache, about, vector, checksum):
    path = fill(SHARDS[0])
    crc = zlib.crc32(vector) if checksum and isinstance(vector, bytes) else 0
    edit(path, ("UPDATE vectors SET vector = ?, crc = ? WHERE key = (SELECT max(key) FROM vectors)", (vector, crc)))
    with pytest.raises(ReadError, match=r"vectors-1-of-3\.sqlite is damaged"):
        gather(path, about, cache)
    assert len(cache) == 0


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM vectors WHERE key = (SELECT min(key) FROM vectors)",
        "DELETE FROM vectors",
        "UPDATE vectors SET key = zeroblob(16) WHERE key = (SELECT max(key) FROM vectors)",
        "UPDATE vectors SET key = x'01' WHERE key = (SELECT max(key) FROM vectors)",
        "UPDATE shard SET vectors = vectors + 1",
        "UPDATE shard SET digest = 'something else'",
        "DROP TABLE vectors",
    ],
)
def test_a_file_that_is_not_what_was_sealed_gives_nothing(fill, cache, about, change):
    path = fill(SHARDS[0])
    edit(path, change)
    with pytest.raises(ReadError, match=r"vectors-1-of-3\.sqlite is damaged"):
        gather(path, about, cache)
    assert len(cache) == 0


def test_vectors_of_another_shard_are_refused(fill, cache, about):
    path, other = fill(SHARDS[0]), fill(SHARDS[1])
    edit(path, ("INSERT INTO vectors VALUES (?, ?, ?)", rows(other)[0]))
    with pytest.raises(ReadError, match="is damaged: a row is not what was written"):
        gather(path, about, cache)
    assert len(cache) == 0


@pytest.mark.parametrize("at", [0.02, 0.3, 0.6, 0.9])
def test_a_file_that_was_cut_short_gives_nothing(fill, cache, about, at):
    path = fill(ALL)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * at)])
    with pytest.raises(ReadError, match=r"vectors-1-of-1\.sqlite is damaged"):
        gather(path, about, cache)
    assert len(cache) == 0


def test_no_single_byte_of_a_vector_can_change_unnoticed(fill, cache, about):
    path = fill(ALL)
    content = path.read_bytes()
    for _, vector, _ in rows(path)[::20]:
        place = content.index(vector)
        damaged = bytearray(content)
        damaged[place + 2] ^= 1
        path.write_bytes(damaged)
        with pytest.raises(ReadError, match=r"vectors-1-of-1\.sqlite is damaged"):
            gather(path, about, cache)
    assert len(cache) == 0
    path.write_bytes(content)
    assert gather(path, about, cache).taken > 0


@pytest.mark.parametrize("content", [b"", b"this is no database " * 300, b"SQLite format 3\0" + b"\0" * 500])
def test_a_foreign_file_is_refused_by_name(cache, about, tmp_path, content):
    path = tmp_path / "foreign.sqlite"
    path.write_bytes(content)
    with pytest.raises(ReadError, match=r"foreign\.sqlite is damaged, or is no file of a shard's vectors"):
        gather(path, about, cache)
    assert path.read_bytes() == content


def test_a_plain_cache_is_no_file_of_a_shard(cache, about, plain, tmp_path):
    assert plain
    with pytest.raises(ReadError, match=r"plain\.sqlite is damaged, or is no file of a shard's vectors"):
        gather(tmp_path / "plain.sqlite", about, cache)


def test_a_file_that_is_not_there_is_named(cache, about, tmp_path):
    for path in (tmp_path / "absent.sqlite", tmp_path):
        with pytest.raises(ReadError, match="there is no such file"):
            gather(path, about, cache)
    assert not (tmp_path / "absent.sqlite").exists()


def test_a_file_of_something_else_is_not_written_to(fill, plain, tmp_path):
    path = tmp_path / "plain.sqlite"
    before = path.read_bytes()
    with pytest.raises(UsageError, match=r"plain\.sqlite is there already, and is no file of a shard's vectors"):
        fill(ALL, path=path)
    assert rows(path) == plain
    assert path.read_bytes() == before
    path.write_bytes(b"my thesis " * 100)
    with pytest.raises(UsageError, match="is there already"):
        fill(ALL, path=path)
    assert path.read_bytes() == b"my thesis " * 100


def test_a_file_of_another_shard_or_model_is_not_gone_on_with(fill):
    path = fill(SHARDS[0])
    before = rows(path)
    with pytest.raises(UsageError, match=r"holds shard 1 of 3 of fake .* not shard 2 of 3"):
        fill(SHARDS[1], path=path)
    with pytest.raises(UsageError, match=r"holds shard 1 of 3 of fake .* not shard 1 of 3 of fake .eeeeeeeeeeee."):
        fill(SHARDS[0], CountingEncoder(model=ModelFiles("fake", Path(), "e" * 64)), path=path)
    assert rows(path) == before


def test_a_place_that_cannot_be_written_is_named(fill, tmp_path):
    with pytest.raises(StorageError, match=str(tmp_path)):
        fill(ALL, path=tmp_path)
    (tmp_path / "file").write_text("a file")
    with pytest.raises(StorageError, match="a file, not a folder"):
        fill(ALL, path=tmp_path / "file" / "vectors.sqlite")
