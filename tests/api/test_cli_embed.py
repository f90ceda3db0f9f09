"""`trialkin embed`: texts embedded ahead of a build, in one go or in shards that are gathered."""

import shutil
import sqlite3
from contextlib import closing
from types import SimpleNamespace

import pytest

from trialkin.data import Snapshot, read_trials, upsert
from trialkin.data.files import home_lock
from trialkin.embed import section_texts

COUNT = 2


@pytest.fixture(scope="session")
def some_trials(sample):
    """The eight with the least text."""
    return sorted(read_trials(sample), key=lambda one: sum(map(len, section_texts(one).values())))[:8]


@pytest.fixture(scope="session")
def texts(some_trials):
    return {text for trial in some_trials for text in section_texts(trial).values()}


@pytest.fixture(scope="session")
def new_home(tmp_path_factory, built, some_trials):
    """Makes a home with a snapshot and nothing else; the converted model is shared."""

    def make():
        home = tmp_path_factory.mktemp("embedding") / "home"
        upsert(home / "snapshot", some_trials, "test")
        (home / "models").symlink_to(built.home / "models")
        return home

    return make


@pytest.fixture(scope="session")
def sharded(new_home, run):
    """Two machines that each embedded a shard. Attributes: files, printed."""
    files, printed = [], []
    for number in range(1, COUNT + 1):
        home = new_home()
        done = run(home, "embed", "--shard", f"{number}/{COUNT}")
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        files.append(home / "vectors" / f"vectors-{number}-of-{COUNT}.sqlite")
        printed.append(done.stdout)
    return SimpleNamespace(files=files, printed=printed)


def rows(path):
    with closing(sqlite3.connect(path)) as db:
        return db.execute("SELECT key, vector, crc FROM vectors ORDER BY key").fetchall()


def own_cache(home):
    (path,) = (home / "vectors").glob("gt_all*.sqlite")
    return path


def refused(done, code):
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    assert "Traceback" not in done.stderr
    assert "Unexpected" not in done.stderr
    return done.stderr


def test_each_shard_is_a_file_of_its_own(sharded, texts):
    assert all(path.is_file() for path in sharded.files)
    sizes = [len(rows(path)) for path in sharded.files]
    assert sum(sizes) == len(texts)
    assert min(sizes) > 0
    for number, (path, said) in enumerate(zip(sharded.files, sharded.printed, strict=True), start=1):
        assert said.startswith(f"Shard {number} of {COUNT} of 8 trials' texts: {sizes[number - 1]} texts of ")
        assert said.rstrip().endswith(f"{path} holds {sizes[number - 1]} vectors.")
        assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_gathered_vectors_are_those_of_a_plain_build_and_a_build_embeds_nothing_more(
    call, built, new_home, sharded, texts
):
    home = new_home()
    done = call(home, "embed", "--gather", *sharded.files)
    assert done.returncode == 0, done.stderr
    for path, line in zip(sharded.files, done.stdout.splitlines(), strict=True):
        assert line == f"{path}: {len(rows(path))} vectors taken, 0 were there already."
    gathered = rows(own_cache(home))
    plain = {row[0]: row for row in rows(own_cache(built.home))}
    assert len(gathered) == len(texts)
    assert gathered == [plain[row[0]] for row in gathered]
    published = call(home, "build")
    assert published.returncode == 0, published.stderr
    assert "0 texts of 0 tokens newly embedded" in published.stdout
    assert rows(own_cache(home)) == gathered
    again = call(home, "embed", "--gather", sharded.files[0])
    assert again.stdout == f"{sharded.files[0]}: 0 vectors taken, {len(rows(sharded.files[0]))} were there already.\n"


def test_without_options_the_home_s_own_cache_is_filled(call, new_home, texts):
    home = new_home()
    done = call(home, "embed")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"Texts of 8 trials: {len(texts)} texts of ")
    assert len(rows(own_cache(home))) == len(texts)
    assert "0 texts of 0 tokens newly embedded" in call(home, "embed").stdout
    assert "0 texts of 0 tokens newly embedded" in call(home, "build").stdout


def test_a_shard_goes_where_it_is_told_to_and_goes_on_with_what_is_there(call, new_home, tmp_path, texts):
    home, folder = new_home(), tmp_path / "out"
    folder.mkdir()
    done = call(home, "embed", "--shard", "1/1", "--out", folder)
    assert f"{folder / 'vectors-1-of-1.sqlite'} holds {len(texts)} vectors." in done.stdout
    path = folder / "mine.sqlite"
    shutil.move(folder / "vectors-1-of-1.sqlite", path)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DELETE FROM vectors WHERE key IN (SELECT key FROM vectors LIMIT 3)")
        db.execute("UPDATE shard SET digest = NULL")
    assert f"{path} is not complete." in refused(call(home, "embed", "--gather", path), 1)
    done = call(home, "embed", "--shard", "1/1", "--out", path)
    assert done.stdout.startswith("Shard 1 of 1 of 8 trials' texts: 3 texts of ")
    assert "vectors taken" in call(home, "embed", "--gather", path).stdout
    assert not (home / "vectors" / "vectors-1-of-1.sqlite").exists()


def test_files_that_are_refused_are_named_and_the_others_are_taken(call, new_home, sharded, tmp_path):
    home = new_home()
    foreign, damaged = tmp_path / "foreign.sqlite", tmp_path / "damaged.sqlite"
    foreign.write_bytes(b"no database " * 100)
    shutil.copy(sharded.files[0], damaged)
    with closing(sqlite3.connect(damaged)) as db, db:
        db.execute("UPDATE vectors SET vector = zeroblob(768) WHERE key = (SELECT max(key) FROM vectors)")
    done = call(home, "embed", "--gather", foreign, sharded.files[1], damaged)
    assert done.returncode == 1
    assert done.stdout.startswith(f"{sharded.files[1]}: ")
    assert "2 of 3 files were refused, and nothing of them was taken" in done.stderr
    assert f"{foreign} is damaged, or is no file of a shard's vectors" in done.stderr
    assert f"{damaged} is damaged" in done.stderr
    assert rows(own_cache(home)) == rows(sharded.files[1])


def test_a_shard_of_another_policy_is_refused(call, new_home, sharded):
    said = refused(call(new_home(), "embed", "--gather", sharded.files[0], max_chunks=1), 1)
    assert f"{sharded.files[0]} was made otherwise" in said
    assert "chunks 128-16-2; here it is" in said


def test_the_home_is_locked_where_it_is_written_and_only_there(call, new_home, sharded, tmp_path):
    home = new_home()
    with home_lock(home):
        for arguments in ([], ["--gather", sharded.files[0]]):
            assert "Another import or build is running" in refused(call(home, "embed", *arguments), 1)
        done = call(home, "embed", "--shard", "1/50", "--out", tmp_path / "part.sqlite")
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--shard", "3/2"], "'3/2' is no shard."),
        (["--shard", "half"], "'half' is no shard."),
        (["--gather"], "Files and --gather go together."),
        (["vectors.sqlite"], "Files and --gather go together."),
        (["--gather", "a.sqlite", "--shard", "1/2"], "--shard and --gather are two steps."),
        (["--out", "a.sqlite"], "--out is the file of a shard."),
    ],
)
def test_misuse_is_named_with_what_to_do_instead(call, new_home, arguments, reason):
    said = refused(call(new_home(), "embed", *arguments), 2)
    assert said.startswith(f"trialkin: {reason}"), said
    assert said.splitlines()[1].strip()


def test_a_file_that_is_not_there_is_named(call, new_home, tmp_path):
    said = refused(call(new_home(), "embed", "--gather", tmp_path / "absent.sqlite"), 1)
    assert f"{tmp_path / 'absent.sqlite'}: there is no such file." in said


def test_without_a_snapshot_there_is_nothing_to_embed(call, tmp_path):
    for arguments in ([], ["--shard", "1/2"]):
        assert "There is no snapshot" in refused(call(tmp_path / "home", "embed", *arguments), 1)
    assert not list(tmp_path.rglob("*.sqlite"))


def test_the_homes_of_these_tests_hold_the_trials(new_home, some_trials):
    assert len(Snapshot.open(new_home() / "snapshot")) == len(some_trials) == 8
