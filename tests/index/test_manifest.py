import errno
import importlib
import json

import pytest

from trialkin.data import Snapshot
from trialkin.embed import ChunkPolicy, Section
from trialkin.errors import IndexDamaged
from trialkin.index.manifest import (
    FORMAT_VERSION,
    MANIFEST,
    ChunkEntry,
    Manifest,
    check_files,
    chunk_entry,
    model_entry,
    names_entry,
    read_manifest,
    snapshot_entry,
)

manifest_module = importlib.import_module("trialkin.index.manifest")


@pytest.fixture
def manifest(sample, encoder):
    return Manifest(
        format_version=FORMAT_VERSION,
        trialkin="1.2.3",
        snapshot=sample.manifest.snapshot,
        model=model_entry(encoder),
        chunks=chunk_entry(ChunkPolicy(tokens=64, overlap=8, limit=3)),
        names=names_entry(),
        sections={Section.TITLE: 3},
        ranking={"trial.title": 1.0},
        libraries={"numpy": "2"},
    )


@pytest.fixture
def folder(manifest, tmp_path):
    """A sealed folder of two files."""
    (tmp_path / "dense").mkdir()
    (tmp_path / "dense" / "a.bin").write_bytes(b"first")
    (tmp_path / "b.bin").write_bytes(b"second")
    manifest.write(tmp_path)
    return tmp_path


def test_sealing_lists_every_file_with_its_size_and_checksum(folder):
    entries = {one.name: one for one in read_manifest(folder).files}
    assert set(entries) == {"b.bin", "dense/a.bin"}
    assert entries["b.bin"].bytes == 6
    assert entries["b.bin"].sha256 == "16367aacb67a4a017c8da8ab95682ccb390863780f7114dda0a0e0c55644c7c4"


def test_a_manifest_is_read_as_it_was_written(folder, manifest):
    read = read_manifest(folder)
    assert read.model_copy(update={"files": (), "seal": ""}) == manifest
    assert read.chunks == ChunkEntry(tokens=64, overlap=8, limit=3)


def test_the_snapshots_entry_says_what_was_imported(small_home):
    entry = snapshot_entry(Snapshot.open(small_home / "snapshot"))
    assert entry.trials == 20
    assert entry.sources == ("test",)
    assert len(entry.files) == 1


def test_a_whole_folder_passes_the_check(folder):
    check_files(folder, read_manifest(folder), checksums=True)


def test_a_missing_file_is_named(folder):
    (folder / "dense" / "a.bin").unlink()
    with pytest.raises(IndexDamaged, match=r"a\.bin is damaged: it is missing"):
        check_files(folder, read_manifest(folder), checksums=False)


def test_a_file_of_another_length_is_named(folder):
    (folder / "b.bin").write_bytes(b"secon")
    with pytest.raises(IndexDamaged, match=r"b\.bin is damaged: it has 5 bytes instead of 6"):
        check_files(folder, read_manifest(folder), checksums=False)


def test_an_altered_file_of_the_same_length_is_found_by_its_checksum(folder):
    (folder / "b.bin").write_bytes(b"sEcond")
    check_files(folder, read_manifest(folder), checksums=False)
    with pytest.raises(IndexDamaged, match=r"b\.bin is damaged: its content differs"):
        check_files(folder, read_manifest(folder), checksums=True)


def test_a_file_that_the_disk_cannot_read_is_named(folder, monkeypatch):
    def bad_sector(_):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(manifest_module, "sha256", bad_sector)
    with pytest.raises(IndexDamaged, match=r"b\.bin is damaged: it cannot be read \(Input/output error\)"):
        check_files(folder, read_manifest(folder), checksums=True)


def test_a_manifest_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / MANIFEST).mkdir()
    with pytest.raises(IndexDamaged, match=r"manifest\.json is damaged: it cannot be read \(Is a directory\)"):
        read_manifest(tmp_path)


def test_a_missing_manifest_is_named(tmp_path):
    with pytest.raises(IndexDamaged, match=r"manifest\.json is damaged: it is missing"):
        read_manifest(tmp_path)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"\xff\xfe", b"null"])
def test_a_malformed_manifest_is_named(tmp_path, content):
    (tmp_path / MANIFEST).write_bytes(content)
    with pytest.raises(IndexDamaged, match=r"manifest\.json is damaged: it is malformed"):
        read_manifest(tmp_path)


def test_a_manifest_of_another_format_is_refused(folder, manifest):
    manifest.model_copy(update={"format_version": FORMAT_VERSION + 1}).write(folder)
    with pytest.raises(IndexDamaged, match=f"has format {FORMAT_VERSION + 1}"):
        read_manifest(folder)


def test_a_manifest_that_was_edited_is_refused(folder):
    value = json.loads((folder / MANIFEST).read_text())
    value["model"]["fingerprint"] = "0" * 64
    (folder / MANIFEST).write_text(json.dumps(value))
    with pytest.raises(IndexDamaged, match=r"manifest\.json is damaged: its content differs"):
        read_manifest(folder)


def test_no_altered_byte_of_a_manifest_goes_unnoticed(folder):
    whole = (folder / MANIFEST).read_bytes()
    for place in range(len(whole) - 1):
        altered = bytearray(whole)
        altered[place] ^= 1 << place % 8
        (folder / MANIFEST).write_bytes(altered)
        with pytest.raises(IndexDamaged, match=r"manifest\.json"):
            read_manifest(folder)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("trialkin", "9"),
        ("ranking", {"trial.title": 2.0}),
        ("chunks", ChunkEntry(tokens=128, overlap=8, limit=3)),
        ("names", "0" * 64),
        ("format_version", 99),
    ],
)
def test_what_decides_the_answers_is_among_the_inputs(manifest, field, value):
    assert manifest.model_copy(update={field: value}).inputs != manifest.inputs


def test_another_model_or_other_trials_are_other_inputs(manifest):
    model = manifest.model.model_copy(update={"fingerprint": "0" * 64})
    files = manifest.snapshot.model_copy(update={"files": ("other",)})
    assert manifest.model_copy(update={"model": model}).inputs != manifest.inputs
    assert manifest.model_copy(update={"snapshot": files}).inputs != manifest.inputs


def test_where_trials_came_from_is_no_input(manifest):
    elsewhere = manifest.snapshot.model_copy(update={"sources": ("elsewhere",)})
    assert manifest.model_copy(update={"snapshot": elsewhere, "libraries": {}}).inputs == manifest.inputs
