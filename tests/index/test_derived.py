import importlib
import random
import re
from pathlib import Path

import pyarrow as pa
import pytest

from trialkin.data import Snapshot, Trial, upsert
from trialkin.errors import StorageError
from trialkin.index import Versions
from trialkin.index.derived import KEY, derived_table
from trialkin.index.derived_cache import DerivedCache
from trialkin.index.manifest import MANIFEST

cache_module = importlib.import_module("trialkin.index.derived_cache")


def digests_of(count):
    return [bytes([number]) * 16 for number in range(count)]


def keys(digests):
    return pa.array(digests, KEY)


def stored(folder):
    return sorted(folder.glob("*"))


@pytest.fixture
def counted(monkeypatch):
    """Whose records were worked out."""
    ids = []
    derive = DerivedCache.derive

    def count(cache, records):
        records = list(records)
        ids.extend(trial.nct_id for _, trial in records)
        derive(cache, records)

    monkeypatch.setattr(DerivedCache, "derive", count)
    return ids


def test_what_is_kept_comes_back_in_the_order_asked(tmp_path, sample_trials):
    digests = digests_of(6)
    given_ = list(zip(digests, sample_trials, strict=False))
    cache = DerivedCache(tmp_path)
    cache.derive(given_[:2])
    cache.derive(given_[2:5])
    for opened in (cache, DerivedCache(tmp_path)):
        assert opened.lacking(keys(digests)).tolist() == [False] * 5 + [True]
        found = opened.table(keys([digests[place] for place in (4, 0, 2)]))
        assert found.to_pylist() == derived_table([given_[place] for place in (4, 0, 2)]).to_pylist()
        assert opened.table(keys([])).num_rows == 0


def test_a_record_without_texts_is_kept_too(tmp_path):
    trial = Trial(nct_id="NCT00000001")
    cache = DerivedCache(tmp_path)
    cache.derive(zip(digests_of(1), [trial], strict=True))
    [row] = DerivedCache(tmp_path).table(keys(digests_of(1))).to_pylist()
    assert row["words"] == row["lengths"] == []
    assert row["titleKey"] is None
    assert row["card"]["title"] == "NCT00000001"


def changed(trials):
    """A third of the trials with other words, a tenth gone to another id, some new ones."""
    rng = random.Random(4)
    for trial in trials:
        if rng.random() < 0.3:
            told = {"brief_summary": f"{trial.brief_summary} Rituximab was added.", "conditions": ("Wilson disease",)}
            yield trial.model_copy(update=told | {"last_update_post_date": "2030-01-01"})
        elif rng.random() < 0.1:
            number = f"NCT9{trial.nct_id[4:]}"
            yield trial.model_copy(update={"nct_id": number, "nct_id_aliases": (trial.nct_id,)})


def test_an_updated_index_is_the_same_to_the_bit_as_one_that_is_built_anew(
    tmp_path, sample_trials, encoder, build_index, counted
):
    updated, anew = tmp_path / "updated", tmp_path / "anew"
    upsert(updated / "snapshot", sample_trials, "all")
    build_index(encoder, updated)
    news = list(changed(sample_trials))
    upsert(updated / "snapshot", news, "some")
    counted.clear()
    build_index(encoder, updated)
    assert sorted(counted) == sorted(trial.nct_id for trial in news)

    upsert(anew / "snapshot", Snapshot.open(updated / "snapshot").trials(), "at once")
    build_index(encoder, anew)
    files = [files_of(Versions(home / "index").folder()) for home in (updated, anew)]
    assert files[0].keys() == files[1].keys()
    assert [name for name in files[0] if files[0][name] != files[1][name]] == []


def files_of(folder):
    """The content of every file but those that name the snapshot's."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in (MANIFEST, "cards.arrow") and path.parent.name != "records"
    }


def test_all_code_that_takes_texts_apart_is_told_from_other_code():
    folder = Path(cache_module.__file__).parent
    waiting, seen = ["terms", "phrases", "stated"], set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += re.findall(r"^from \.(\w+) import", (folder / f"{name}.py").read_text(), re.MULTILINE)
    assert {"words", "spelling"} <= seen
    assert {f"index/{name}.py" for name in seen} <= set(cache_module._MADE_BY)


def test_other_code_derives_anew_and_drops_what_it_finds(tmp_path, sample_trials, monkeypatch):
    (tmp_path / "derived-former.sqlite").write_bytes(b"of a former release")
    digests = digests_of(3)
    DerivedCache(tmp_path).derive(zip(digests, sample_trials, strict=False))
    assert len(stored(tmp_path)) == 1
    monkeypatch.setattr(cache_module, "_fingerprint", lambda: "other")
    assert DerivedCache(tmp_path).lacking(keys(digests)).all()
    assert stored(tmp_path) == []


@pytest.mark.parametrize("cut", [False, True])
def test_a_damaged_file_is_dropped_and_its_records_are_derived_anew(tmp_path, sample_trials, cut):
    digests = digests_of(2)
    cache = DerivedCache(tmp_path)
    cache.derive([(digests[0], sample_trials[0])])
    [damaged] = stored(tmp_path)
    cache.derive([(digests[1], sample_trials[1])])
    content = bytearray(damaged.read_bytes())
    content[len(content) // 2] ^= 1
    damaged.write_bytes(content[:-40] if cut else content)
    opened = DerivedCache(tmp_path)
    assert opened.lacking(keys(digests)).tolist() == [True, False]
    assert not damaged.exists()
    opened.derive([(digests[0], sample_trials[0])])
    assert not DerivedCache(tmp_path).lacking(keys(digests)).any()


def test_what_is_of_former_records_goes_once_it_is_most(tmp_path, sample_trials):
    digests = digests_of(10)
    DerivedCache(tmp_path).derive((digest, sample_trials[0]) for digest in digests)
    DerivedCache(tmp_path).tidy(keys(digests[:5]))
    assert not DerivedCache(tmp_path).lacking(keys(digests)).any()
    DerivedCache(tmp_path).tidy(keys(digests[:4]))
    assert DerivedCache(tmp_path).lacking(keys(digests)).tolist() == [False] * 4 + [True] * 6


def test_many_files_become_one(tmp_path, sample_trials):
    digests = digests_of(20)
    cache = DerivedCache(tmp_path)
    for one in zip(digests, sample_trials, strict=False):
        cache.derive([one])
    before = cache.table(keys(digests)).to_pylist()
    assert len(stored(tmp_path)) == 20
    cache.tidy(keys(digests))
    assert len(stored(tmp_path)) == 1
    for opened in (cache, DerivedCache(tmp_path)):
        assert opened.table(keys(digests)).to_pylist() == before


def test_a_disk_that_refuses_is_said_in_words(tmp_path, sample_trials):
    cache = DerivedCache(tmp_path / "some")
    (tmp_path / "some").rmdir()
    (tmp_path / "some").write_text("a file")
    with pytest.raises(StorageError, match="is a file, not a folder"):
        cache.derive(zip(digests_of(1), sample_trials, strict=False))
    with pytest.raises(StorageError, match="is a file, not a folder"):
        DerivedCache(tmp_path / "some")
