"""Opening a version: its encoder, its pointer, and files that are damaged."""

import shutil
from pathlib import Path

import pytest

from trialkin.errors import IndexDamaged, IndexMissing, ModelError
from trialkin.index import Index, Versions, open_index
from trialkin.index.manifest import MANIFEST, read_manifest
from trialkin.settings import Settings


def test_an_index_of_another_model_refuses_texts_and_still_answers_by_id(small_home, fake_encoder, open_index_with):
    index = open_index_with(fake_encoder(name="other", fingerprint="e" * 64), small_home)
    assert index.related(index.nct_ids()[0], 5)
    with pytest.raises(ModelError, match=r"built with the model fake .* settings name other"):
        index.search("itp")
    with pytest.raises(ModelError):
        index.warm_up()


def test_the_encoder_is_loaded_for_texts_only_and_once(small_home, encoder):
    loaded = []
    index = Index(Versions(small_home / "index").folder(), lambda manifest: loaded.append(manifest) or encoder)
    index.related(index.nct_ids()[0])
    assert loaded == []
    index.warm_up()
    index.search("itp")
    assert loaded == [index.manifest]


def test_the_current_version_is_opened_by_its_home(small_home):
    index = open_index(small_home)
    assert (index.version, len(index)) == ("0001", 20)
    assert open_index(settings=Settings(home=small_home)).version == "0001"


def test_without_an_index_there_is_nothing_to_open(tmp_path):
    with pytest.raises(IndexMissing, match="trialkin build"):
        open_index(tmp_path)


def test_a_pointer_to_nowhere_is_damage(small_home):
    (small_home / "index" / "CURRENT").write_text("0042\n")
    with pytest.raises(IndexDamaged, match="'0042', which is not there"):
        open_index(small_home)


def files_of(folder):
    return sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def opened_with(small_home, tmp_path):
    """What opening says of a copy of the version in which one file was changed."""

    def make(name, change):
        copy = tmp_path / "copy"
        shutil.copytree(small_home / "index" / "0001", copy)
        change(copy / name)
        try:
            with pytest.raises(IndexDamaged) as caught:
                Index(copy, lambda _: None)
        finally:
            shutil.rmtree(copy)
        return str(caught.value)

    return make


@pytest.mark.parametrize("share", [0.0, 0.5, 0.999])
def test_one_altered_byte_in_any_file_is_noticed_and_the_file_named(small_home, opened_with, share):
    def alter(path):
        content = bytearray(path.read_bytes())
        content[int(len(content) * share)] ^= 1
        path.write_bytes(content)

    names = files_of(small_home / "index" / "0001")
    assert len(names) > 30
    for name in names:
        assert f"{name} is damaged" in opened_with(name, alter)


@pytest.mark.parametrize("kept", [0.0, 0.5, 0.99])
def test_a_cut_in_any_file_is_noticed_and_the_file_named(small_home, opened_with, kept):
    def cut(path):
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * kept)])

    for name in files_of(small_home / "index" / "0001"):
        assert f"{name} is damaged" in opened_with(name, cut)


def test_a_missing_file_is_noticed_and_named(small_home, opened_with):
    for name in files_of(small_home / "index" / "0001"):
        assert f"{name} is damaged: it is missing" in opened_with(name, Path.unlink)


def test_files_that_the_manifest_lists_but_cannot_be_read_are_damage(small_home):
    folder = small_home / "index" / "0001"
    manifest = read_manifest(folder)
    (folder / "traits.npy").write_bytes(b"no array")
    (folder / MANIFEST).unlink()
    manifest.write(folder)
    with pytest.raises(IndexDamaged, match="cannot be opened"):
        Index(folder, lambda _: None)
