import importlib
import random

import pytest

from trialkin.data import Snapshot, Trial, upsert
from trialkin.index import Versions
from trialkin.index.derived import Derived, DerivedCache
from trialkin.index.manifest import MANIFEST

derived_module = importlib.import_module("trialkin.index.derived")


def test_what_is_kept_comes_back_as_it_was(sample_trials):
    for trial in sample_trials:
        derived = Derived.of(trial)
        assert Derived.from_json(derived.to_json()) == derived


def test_a_record_without_texts_is_kept_too():
    derived = Derived.of(Trial(nct_id="NCT00000001"))
    assert Derived.from_json(derived.to_json()) == derived


@pytest.fixture
def counted(monkeypatch):
    """How many records were worked out."""
    count = []
    of = Derived.of
    monkeypatch.setattr(Derived, "of", lambda trial: count.append(trial.nct_id) or of(trial))
    return count


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


def test_other_code_derives_anew_and_drops_what_it_finds(tmp_path, sample_trials, monkeypatch):
    some = {bytes([number]): Derived.of(trial) for number, trial in enumerate(sample_trials[:3])}
    with DerivedCache(tmp_path) as cache:
        cache.put(some.items())
        assert cache.get(list(some)) == some
    monkeypatch.setattr(derived_module, "_fingerprint", lambda: "other")
    with DerivedCache(tmp_path) as cache:
        assert cache.get(list(some)) == {}
        cache.clear()
    assert [path.name for path in tmp_path.glob("*.sqlite")] == ["derived-other.sqlite"]


def test_what_is_of_former_records_goes_once_it_is_most(tmp_path, sample_trials):
    one = Derived.of(sample_trials[0])
    keys = [bytes([number]) for number in range(10)]
    with DerivedCache(tmp_path) as cache:
        cache.put((key, one) for key in keys)
        cache.get(keys[:5])
        cache.clear()
        assert len(cache.get(keys)) == 10
    with DerivedCache(tmp_path) as cache:
        cache.get(keys[:4])
        cache.clear()
        assert sorted(cache.get(keys)) == keys[:4]
