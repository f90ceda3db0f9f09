import os
import shutil

import pytest

from trialkin.errors import IndexDamaged, IndexMissing, TrialkinError
from trialkin.index import Versions


@pytest.fixture
def versions(tmp_path):
    return Versions(tmp_path / "index")


@pytest.fixture
def publish(versions):
    """Publishes some empty versions, the last of which is current."""

    def make(count):
        for _ in range(count):
            name = versions.adopt(versions.begin())
            versions.point(name)

    return make


def test_before_the_first_build_there_is_nothing(versions):
    assert versions.names() == []
    with pytest.raises(IndexMissing, match="trialkin build"):
        versions.current()


def test_versions_are_numbered_from_one(versions, publish):
    publish(3)
    assert versions.names() == ["0001", "0002", "0003"]
    assert versions.current() == "0003"
    assert versions.folder() == versions.root / "0003"
    assert versions.folder("0001") == versions.root / "0001"


def test_names_are_in_the_order_of_their_numbers(versions):
    for name in ("10000", "9999", "0002", "CURRENT.old", ".building-1"):
        (versions.root / name).mkdir(parents=True)
    assert versions.names() == ["0002", "9999", "10000"]
    assert versions.adopt(versions.begin()) == "10001"


def test_a_fresh_folder_clears_the_leftovers_of_killed_builds(versions):
    (versions.root / ".building-4711" / "dense").mkdir(parents=True)
    aside = versions.begin()
    assert [path.name for path in versions.root.iterdir()] == [aside.name]
    assert aside.name == f".building-{os.getpid()}"
    assert list(aside.iterdir()) == []


def test_a_finished_build_moves_as_a_whole_and_does_not_answer_yet(versions, publish):
    publish(1)
    aside = versions.begin()
    (aside / "dense").mkdir()
    (aside / "dense" / "a").write_text("a")
    name = versions.adopt(aside)
    assert (versions.root / name / "dense" / "a").read_text() == "a"
    assert not aside.exists()
    assert versions.current() == "0001"


@pytest.mark.parametrize("content", ["0007", "", "latest", "../0001", "0001 0002"])
def test_a_pointer_to_nowhere_is_damage(versions, publish, content):
    publish(1)
    (versions.root / "CURRENT").write_text(content)
    with pytest.raises(IndexDamaged, match="which is not there"):
        versions.current()


def test_pruning_keeps_the_newest(versions, publish):
    publish(5)
    versions.prune(3)
    assert versions.names() == ["0003", "0004", "0005"]
    versions.prune(3)
    assert len(versions.names()) == 3


def test_pruning_never_removes_the_version_that_answers(versions, publish):
    publish(5)
    versions.point("0001")
    versions.prune(2)
    assert versions.names() == ["0001", "0004", "0005"]
    assert versions.current() == "0001"


def test_pruning_never_removes_the_version_that_was_gone_back_to_last(versions, publish):
    publish(3)
    versions.point("0002")
    publish(3)
    versions.prune(1)
    assert versions.names() == ["0002", "0006"]
    versions.point("0002")
    publish(1)
    versions.prune(2)
    assert versions.names() == ["0002", "0006", "0007"]
    versions.point("0006")
    publish(1)
    versions.prune(1)
    assert versions.names() == ["0006", "0008"]


def test_publishing_pins_nothing(versions, publish):
    publish(4)
    versions.prune(1)
    assert versions.names() == ["0004"]


@pytest.mark.parametrize("content", [b"", b"0009", b"\xff"])
def test_a_damaged_pin_pins_nothing_and_stops_nothing(versions, publish, content):
    publish(3)
    (versions.root / "PINNED").write_bytes(content)
    versions.prune(1)
    assert versions.names() == ["0003"]


def test_a_version_whose_removal_is_cut_short_is_not_listed_and_goes_the_next_time(versions, publish, monkeypatch):
    publish(3)

    def killed(*_args, **_named):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "rmtree", killed)
        with pytest.raises(KeyboardInterrupt):
            versions.prune(1)
    assert versions.names() == ["0003"]
    assert list(versions.root.glob(".removing-*"))
    versions.clear()
    assert sorted(path.name for path in versions.root.iterdir()) == ["0003", "CURRENT"]


def test_the_version_to_roll_back_to_is_the_one_before_the_current(versions, publish):
    publish(3)
    assert versions.before_current() == "0002"
    versions.point("0002")
    assert versions.before_current() == "0001"


def test_without_an_earlier_version_there_is_nothing_to_roll_back_to(versions, publish):
    with pytest.raises(TrialkinError, match="no earlier version"):
        versions.before_current()
    publish(1)
    with pytest.raises(TrialkinError, match="no earlier version"):
        versions.before_current()


@pytest.mark.parametrize("content", ["", "garbage", "0009"])
def test_from_a_broken_pointer_one_rolls_back_to_the_newest_version(versions, publish, content):
    publish(2)
    (versions.root / "CURRENT").write_text(content)
    assert versions.before_current() == "0002"


def test_from_a_lost_pointer_one_rolls_back_to_the_newest_version(versions, publish):
    publish(2)
    (versions.root / "CURRENT").unlink()
    assert versions.before_current() == "0002"
