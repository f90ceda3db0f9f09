"""Nothing is published that has not been read back from the disk and asked."""

import importlib
import os

import numpy as np
import pytest

from trialkin.errors import IndexDamaged, StorageError
from trialkin.index import Index, Versions
from trialkin.index.hits import Hit

publishing = importlib.import_module("trialkin.index.publishing")


@pytest.fixture
def published(small_home):
    return small_home / "index" / "0001"


@pytest.fixture
def versions(small_home):
    return Versions(small_home / "index")


@pytest.fixture
def aside(versions, published):
    """A sealed folder that can be published: a copy of version 0001 under way."""
    folder = versions.begin()
    for path in published.rglob("*"):
        copy = folder / path.relative_to(published)
        if path.is_dir():
            copy.mkdir(parents=True, exist_ok=True)
        else:
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    return folder


def hit(nct_id, score):
    return Hit.model_construct(nct_id=nct_id, score=score)


def test_a_whole_version_is_published(versions, aside):
    assert publishing.publish(versions, aside, keep=3) == "0002"
    assert versions.current() == "0002"
    assert versions.names() == ["0001", "0002"]


def test_everything_is_on_the_disk_before_it_is_read_back_and_named_before_it_is_pointed_to(
    versions, aside, monkeypatch
):
    steps, check, point = [], publishing.check, Versions.point
    files, fsync = {path.stat().st_ino for path in [aside, *aside.rglob("*")]}, os.fsync

    def note(handle):
        files.discard(os.fstat(handle).st_ino)
        fsync(handle)

    monkeypatch.setattr(os, "fsync", note)
    monkeypatch.setattr(publishing, "check", lambda folder: (steps.append(("check", set(files))), check(folder)))
    monkeypatch.setattr(Versions, "point", lambda self, name: (steps.append((name, self.names())), point(self, name)))
    publishing.publish(versions, aside, keep=3)
    assert steps == [("check", set()), ("0002", ["0001", "0002"])]


@pytest.mark.parametrize("place", [0, 100, -1])
def test_a_byte_that_changed_on_its_way_to_the_disk_is_found_and_named(versions, aside, place):
    path = aside / "dense" / "title.faiss"
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    with pytest.raises(IndexDamaged, match=r"title\.faiss is damaged.* Version 0001 goes on answering") as caught:
        publishing.publish(versions, aside, keep=3)
    assert "not published" in caught.value.what
    assert "again" in caught.value.hint
    assert versions.current() == "0001"
    assert versions.names() == ["0001"]


@pytest.mark.parametrize(
    ("hits", "words"),
    [
        (lambda nct_id: [hit(nct_id, 0.5)], "the trial itself"),
        (lambda _: [hit("NCT1", float("nan"))], "not between 0 and 1"),
        (lambda _: [hit("NCT1", np.inf)], "not between 0 and 1"),
        (lambda _: [hit("NCT1", 1.5)], "not between 0 and 1"),
        (lambda _: [hit("NCT1", -0.1)], "not between 0 and 1"),
        (lambda _: [hit("NCT1", 0.1), hit("NCT2", 0.2)], "not in the order"),
        (lambda _: [hit("NCT1", 0.1), hit("NCT1", 0.1)], "1 of them different"),
        (lambda _: [hit(f"NCT{n}", 0.1) for n in range(11)], "11 hits"),
    ],
)
def test_a_version_whose_answers_cannot_be_right_is_not_published(versions, aside, monkeypatch, hits, words):
    monkeypatch.setattr(Index, "related", lambda _, nct_id, *__: hits(nct_id))
    with pytest.raises(IndexDamaged, match=words):
        publishing.publish(versions, aside, keep=3)
    assert versions.names() == ["0001"]


def test_a_trial_without_kin_is_no_fault(versions, aside, monkeypatch):
    monkeypatch.setattr(Index, "related", lambda *_: [])
    assert publishing.publish(versions, aside, keep=3) == "0002"


def test_an_unexpected_failure_of_the_check_is_told_with_what_goes_on_answering(versions, aside, monkeypatch):
    def fail(*_):
        raise ZeroDivisionError("invented")

    monkeypatch.setattr(Index, "related", fail)
    with pytest.raises(IndexDamaged, match=r"ZeroDivisionError: invented\. Version 0001 goes on"):
        publishing.publish(versions, aside, keep=3)


def test_without_a_version_before_that_is_said(versions, aside):
    (versions.root / "CURRENT").unlink()
    (aside / "traits.npy").unlink()
    with pytest.raises(IndexDamaged, match=r"traits\.npy .* There is no version before it"):
        publishing.publish(versions, aside, keep=3)


@pytest.mark.parametrize("failure", [MemoryError, KeyboardInterrupt])
def test_want_of_memory_is_no_damage(versions, aside, monkeypatch, failure):
    def fail(*_):
        raise failure

    monkeypatch.setattr(publishing, "check", fail)
    with pytest.raises(failure):
        publishing.publish(versions, aside, keep=3)
    assert versions.names() == ["0001"]


def test_a_disk_that_refuses_during_the_check_is_said_so(versions, aside, monkeypatch):
    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(publishing, "check", fail)
    with pytest.raises(StorageError, match="disk is full"):
        publishing.publish(versions, aside, keep=3)


def test_old_versions_go_after_the_pointer_has_changed(versions, aside):
    publishing.publish(versions, aside, keep=1)
    assert versions.names() == ["0002"]
