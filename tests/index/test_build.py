"""Publishing: what a build makes, what it does not make twice, and what survives one that fails."""

import errno
import importlib
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from trialkin.data import upsert
from trialkin.embed import section_texts
from trialkin.errors import IndexDamaged, IndexMissing, SnapshotError, StorageError
from trialkin.index import Versions
from trialkin.index.manifest import MANIFEST, check_files, read_manifest

build_module = importlib.import_module("trialkin.index.build")
version_files = importlib.import_module("trialkin.index.version_files")
publishing = importlib.import_module("trialkin.index.publishing")
embedder = importlib.import_module("trialkin.embed.embedder")

SOME_ID = "NCT00000414"


def distinct_texts(trials):
    return {text for trial in trials for text in section_texts(trial).values()}


def leftovers(home):
    return sorted(path.name for path in (home / "index").glob(".*"))


@pytest.fixture
def answers(open_index_with, encoder):
    """The ids that the home's current version gives for one trial."""

    def ask(home):
        return [hit.nct_id for hit in open_index_with(encoder, home).related(SOME_ID, 5)]

    return ask


def test_the_first_build_publishes_version_one(tmp_path, sample_trials, encoder, build_index, answers):
    upsert(tmp_path / "snapshot", sample_trials[:20], "test")
    report = build_index(encoder, tmp_path)
    assert report.version == "0001"
    assert (tmp_path / "index" / "CURRENT").read_text().strip() == "0001"
    assert not report.unchanged
    assert answers(tmp_path)
    assert leftovers(tmp_path) == []


def test_the_report_counts_what_was_done(tmp_path, sample_trials, fake_encoder, build_index):
    trials = sample_trials[:20]
    upsert(tmp_path / "snapshot", trials, "test")
    encoder = fake_encoder()
    report = build_index(encoder, tmp_path)
    assert report.trials == 20
    assert report.sections == sum(len(section_texts(trial)) for trial in trials)
    assert report.texts_encoded == encoder.texts == len(distinct_texts(trials))
    assert report.tokens_encoded > report.texts_encoded


def test_progress_is_told_of_every_stage_and_trial(tmp_path, sample_trials, encoder, build_index, quiet):
    class Watching(quiet):
        stages, counted, texts, tokens = [], [], 0, 0

        def stage(self, name):
            self.stages.append(name)

        def trials(self, done, total):
            self.counted.append((done, total))

        def encoded(self, texts, tokens):
            self.texts += texts
            self.tokens += tokens

    upsert(tmp_path / "snapshot", sample_trials[:20], "test")
    watching = Watching()
    report = build_index(encoder, tmp_path, watching)
    assert watching.stages[-6:] == [
        *("reading records", "learning names", "embedding"),
        *("writing", "sealing", "checking the new version"),
    ]
    assert watching.counted[-1] == (20, 20)
    assert (watching.texts, watching.tokens) == (report.texts_encoded, report.tokens_encoded)
    assert watching.texts == len(distinct_texts(sample_trials[:20]))


def test_the_manifest_says_what_the_version_was_made_from(small_home, sample_trials):
    manifest = read_manifest(small_home / "index" / "0001")
    assert manifest.snapshot.trials == 20
    assert manifest.snapshot.sources == ("test",)
    assert (manifest.model.name, manifest.model.fingerprint, manifest.model.dim) == ("fake", "f" * 64, 32)
    texts = [section_texts(trial) for trial in sample_trials[:20]]
    assert manifest.sections == {section: sum(section in one for one in texts) for one in texts for section in one}
    named = {one.name for one in manifest.files} | {MANIFEST}
    folder = small_home / "index" / "0001"
    assert named == {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    check_files(folder, manifest, checksums=True)


def test_a_second_build_of_the_same_trials_publishes_nothing(small_home, fake_encoder, build_index):
    encoder = fake_encoder()
    report = build_index(encoder, small_home)
    assert report.unchanged
    assert report.version == "0001"
    assert Versions(small_home / "index").names() == ["0001"]
    assert encoder.texts == 0


def test_a_forced_build_publishes_the_next_version_without_encoding(small_home, fake_encoder, build_index):
    encoder = fake_encoder()
    report = build_index(encoder, small_home, force=True)
    assert (report.version, report.unchanged, report.texts_encoded, encoder.texts) == ("0002", False, 0, 0)
    assert Versions(small_home / "index").current() == "0002"


@pytest.mark.parametrize("settings", [{"chunk_tokens": 64}, {"max_chunks": 1}, {"chunk_overlap": 4}])
def test_another_way_of_cutting_texts_is_another_version(small_home, encoder, build_index, settings):
    assert build_index(encoder, small_home, **settings).version == "0002"


def test_another_model_is_another_version(small_home, fake_encoder, build_index):
    other = fake_encoder(name="other", fingerprint="e" * 64)
    report = build_index(other, small_home)
    assert report.version == "0002"
    assert other.texts == report.texts_encoded > 0


def test_only_the_texts_of_new_trials_are_encoded(small_home, sample_trials, fake_encoder, build_index):
    upsert(small_home / "snapshot", sample_trials[20:25], "later")
    encoder = fake_encoder()
    report = build_index(encoder, small_home)
    assert (report.version, report.trials) == ("0002", 25)
    assert encoder.texts == len(distinct_texts(sample_trials[:25]) - distinct_texts(sample_trials[:20]))


def test_what_a_killed_build_left_goes_even_if_nothing_has_changed(small_home, encoder, build_index):
    root = small_home / "index"
    for name in (".building-4711", ".removing-0000"):
        (root / name / "dense").mkdir(parents=True)
    assert build_index(encoder, small_home).unchanged
    assert leftovers(small_home) == []


def test_old_versions_are_removed_beyond_those_to_keep(small_home, encoder, build_index):
    for _ in range(4):
        build_index(encoder, small_home, force=True, keep_versions=2)
    assert Versions(small_home / "index").names() == ["0004", "0005"]


def test_the_order_of_import_leaves_no_trace(tmp_path, sample_trials, encoder, build_index, open_index_with):
    shuffled = random.Random(4).sample(sample_trials, len(sample_trials))
    upsert(tmp_path / "once" / "snapshot", sample_trials, "test")
    upsert(tmp_path / "twice" / "snapshot", shuffled[:100], "test")
    upsert(tmp_path / "twice" / "snapshot", shuffled[100:], "test")
    indexes = []
    for home in ("once", "twice"):
        build_index(encoder, tmp_path / home)
        indexes.append(open_index_with(encoder, tmp_path / home))
    for nct_id in indexes[0].nct_ids():
        assert indexes[0].related(nct_id, 20) == indexes[1].related(nct_id, 20)
    for text in ("steroid-resistant ITP", "children with psoriasis"):
        assert indexes[0].search(text, 50) == indexes[1].search(text, 50)


@pytest.mark.parametrize("count", [1, 2, 3])
def test_a_handful_of_trials_can_be_indexed(new_home, make_trial, encoder, open_index_with, count):
    index = open_index_with(encoder, new_home([make_trial(number) for number in range(1, count + 1)], encoder))
    assert len(index) == count
    assert {hit.nct_id for hit in index.related("NCT00000001")} <= set(index.nct_ids()[1:])
    assert {hit.nct_id for hit in index.search("invented study")} <= set(index.nct_ids())
    assert index.trial("NCT00000001") == make_trial(1)


def test_without_a_snapshot_nothing_is_built(tmp_path, encoder, build_index):
    with pytest.raises(SnapshotError, match="There is no snapshot"):
        build_index(encoder, tmp_path)
    with pytest.raises(IndexMissing):
        Versions(tmp_path / "index").current()


def test_a_damaged_snapshot_is_not_built_from(small_home, encoder, build_index, answers):
    path = next((small_home / "snapshot").glob("*.parquet"))
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    path.write_bytes(content)
    with pytest.raises(SnapshotError, match=path.name):
        build_index(encoder, small_home, force=True)
    assert answers(small_home)


class Failure(Exception):
    """What goes wrong in these tests."""


@pytest.mark.parametrize("failure", [Failure, KeyboardInterrupt, MemoryError])
def test_an_encoder_that_fails_midway_loses_only_what_was_not_yet_kept(
    small_home, sample_trials, fake_encoder, build_index, answers, monkeypatch, failure
):
    monkeypatch.setattr(embedder, "_WINDOW", 10)
    upsert(small_home / "snapshot", sample_trials[20:40], "later")
    missing = len(distinct_texts(sample_trials[:40]) - distinct_texts(sample_trials[:20]))
    before = answers(small_home)

    def fail_after_thirty():
        if failing.texts == 30:
            raise failure

    failing = fake_encoder(before=fail_after_thirty)
    with pytest.raises(failure):
        build_index(failing, small_home)
    assert answers(small_home) == before
    assert Versions(small_home / "index").names() == ["0001"]
    assert leftovers(small_home) == []
    encoder = fake_encoder()
    assert build_index(encoder, small_home).version == "0002"
    assert encoder.texts == missing - 30


def test_a_version_that_does_not_answer_is_not_published(small_home, fake_encoder, build_index, answers, monkeypatch):
    before = answers(small_home)

    def damaged(folder):
        raise IndexDamaged(f"{folder} does not answer.")

    with monkeypatch.context() as patch:
        patch.setattr(publishing, "check", damaged)
        with pytest.raises(
            IndexDamaged, match=r"is not published: .* does not answer\. Version 0001 goes on answering"
        ):
            build_index(fake_encoder(), small_home, force=True)
    assert answers(small_home) == before
    assert Versions(small_home / "index").names() == ["0001"]
    assert leftovers(small_home) == []
    encoder = fake_encoder()
    assert build_index(encoder, small_home, force=True).version == "0002"
    assert encoder.texts == 0


def test_the_new_version_is_queried_before_it_answers(small_home, encoder, build_index, answers, monkeypatch):
    def lose_a_trial(folder, rows, _):
        np.save(folder / "traits.npy", rows[:1], allow_pickle=False)

    monkeypatch.setattr(version_files, "write_traits", lose_a_trial)
    with pytest.raises(IndexDamaged, match="is not published"):
        build_index(encoder, small_home, force=True)
    assert Versions(small_home / "index").names() == ["0001"]
    assert answers(small_home)


def test_a_failure_after_the_version_is_in_place_leaves_the_old_one_answering(
    small_home, encoder, build_index, monkeypatch
):
    def fail(*_):
        raise Failure

    with monkeypatch.context() as patch:
        patch.setattr(Versions, "point", fail)
        with pytest.raises(Failure):
            build_index(encoder, small_home, force=True)
    versions = Versions(small_home / "index")
    assert versions.current() == "0001"
    assert build_index(encoder, small_home, force=True).version == versions.current() == "0003"


@pytest.mark.parametrize(
    "writer", ["write_section", "write_profiles", "write_concepts", "write_traits", "write_designs", "write_store"]
)
@pytest.mark.parametrize(
    "refusal", [OSError(errno.ENOSPC, "No space left on device"), RuntimeError("write error: No space left on device")]
)
def test_a_full_disk_is_said_so_and_the_old_version_answers(
    small_home, encoder, build_index, answers, monkeypatch, writer, refusal
):
    def refuse(*_):
        raise refusal

    before = answers(small_home)
    monkeypatch.setattr(version_files, writer, refuse)
    with pytest.raises(StorageError, match="disk is full"):
        build_index(encoder, small_home, force=True)
    assert answers(small_home) == before
    assert leftovers(small_home) == []


def test_a_disk_that_is_full_when_sealing_is_said_so(small_home, encoder, build_index, answers, monkeypatch):
    def refuse(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", refuse)
        with pytest.raises(StorageError, match="disk is full"):
            build_index(encoder, small_home, force=True)
    assert answers(small_home)
    assert build_index(encoder, small_home, force=True).version == "0002"


BUILD_AND_WAIT = """
import runpy, signal, sys
from pathlib import Path

conftest, home, where = runpy.run_path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]


class Waiting(conftest["Quiet"]):
    def stage(self, name):
        self.wait_at(name)

    def encoded(self, texts, tokens):
        self.wait_at("encoded")

    def wait_at(self, name):
        if name == where:
            print("waiting", flush=True)
            signal.pause()


import trialkin.embed.embedder
trialkin.embed.embedder._WINDOW = 10
conftest["build_with"](conftest["FakeEncoder"](), home, Waiting(), force=True)
"""


@pytest.mark.parametrize("where", ["encoded", "checking the new version"])
def test_a_killed_build_leaves_the_old_version_answering_and_the_next_one_finishes(
    small_home, sample_trials, fake_encoder, build_index, answers, where
):
    upsert(small_home / "snapshot", sample_trials[20:40], "later")
    missing = len(distinct_texts(sample_trials[:40]) - distinct_texts(sample_trials[:20]))
    before = answers(small_home)
    conftest = Path(__file__).with_name("conftest.py")
    command = [sys.executable, "-c", BUILD_AND_WAIT, conftest, small_home, where]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"waiting\n"
        process.kill()
    assert len(leftovers(small_home)) == 1
    assert answers(small_home) == before
    encoder = fake_encoder()
    report = build_index(encoder, small_home)
    assert (report.version, report.trials) == ("0002", 40)
    assert encoder.texts == (missing - 10 if where == "encoded" else 0)
    assert leftovers(small_home) == []
    assert answers(small_home)
