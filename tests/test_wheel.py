"""The wheel: what it holds, and that it works alone in an environment of its own.

The environment is installed from nothing, which takes minutes and needs the package index that pip is set up with.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("api", "api/site", "data", "embed", "index")
LEAVE_OUT = ("TRIALKIN_", "PYTHON", "VIRTUAL_ENV")
"""Variables that would let the checkout or its environment show through."""


def run(*command, cwd, **variables):
    """Run a command to its end in a clean environment; what it printed, or a failure that shows all of it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(LEAVE_OUT)}
    done = subprocess.run(
        [*map(str, command)], cwd=cwd, env=kept | variables, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The repository's wheel, built from a copy, for a build leaves its folders beside its sources."""
    out = tmp_path_factory.mktemp("wheel")
    source = out / "source"
    shutil.copytree(ROOT, source, ignore=shutil.ignore_patterns(".*", "build", "dist", "*.egg-info", "__pycache__"))
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, source, cwd=out)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


@pytest.fixture(scope="module")
def installed(wheel):
    """The scripts of an environment that holds the wheel, its dependencies and nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        run(sys.executable, "-m", "venv", folder, cwd=folder)
        scripts = Path(folder) / ("Scripts" if os.name == "nt" else "bin")
        pip = (scripts / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        run(*pip, "-c", ROOT / "constraints.txt", wheel, cwd=folder)
        yield scripts


def test_the_wheel_is_for_any_machine(wheel):
    assert re.fullmatch(r"trialkin-[\d.]+-py3-none-any\.whl", wheel.name)


def test_the_wheel_holds_every_module_of_the_six_packages(names):
    modules = {PurePosixPath("trialkin") / path.name for path in ROOT.glob("*.py")}
    modules |= {
        PurePosixPath("trialkin", package, path.name) for package in PACKAGES for path in (ROOT / package).glob("*.py")
    }
    assert {PurePosixPath(name) for name in names if name.endswith(".py")} == modules


def test_the_wheel_holds_the_sample_and_the_background_and_says_that_it_is_typed(names):
    assert {
        "trialkin/py.typed",
        "trialkin/data/sample/trials.jsonl",
        "trialkin/data/sample/reference_lists.tsv",
        *(f"trialkin/data/background/{name}" for name in ("background.json", "words.arrow", "spreads.npy")),
    } <= set(names)


@pytest.mark.parametrize("folder", ["templates", "static"])
def test_the_wheel_holds_all_that_pages_are_made_of(names, folder):
    files = {path.name for path in (ROOT / "api" / "site" / folder).iterdir()}
    assert files
    assert {name.rsplit("/", 1)[1] for name in names if f"/site/{folder}/" in name} == files


def test_the_wheel_holds_no_tests_no_benches_and_nothing_of_the_checkout(names):
    folders = {name.split("/")[0] for name in names}
    assert folders == {"trialkin", next(name for name in folders if name.endswith(".dist-info"))}
    inside = {name.split("/")[1] for name in names if name.startswith("trialkin/") and name.count("/") > 1}
    assert inside == {package.partition("/")[0] for package in PACKAGES}


def test_the_wheel_carries_its_licence_and_its_description(wheel):
    with zipfile.ZipFile(wheel) as archive:
        information = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        metadata = archive.read(information).decode()
        assert any(name.endswith("/LICENSE") for name in archive.namelist())
    assert "License-Expression: Apache-2.0" in metadata
    assert "# trialkin" in metadata


def test_installed_alone_it_imports_builds_and_finds_related_trials(installed, tmp_path):
    command = installed / "trialkin"
    home = {"TRIALKIN_HOME": str(tmp_path / "home"), "TRIALKIN_PRECISION": "f32"}
    where = run(installed / "python", "-c", "import trialkin; print(trialkin.__file__)", cwd=tmp_path).strip()
    assert Path(where).is_relative_to(installed.parent)
    assert "related" in run(command, "--help", cwd=tmp_path)
    sample = Path(where).parent / "data" / "sample" / "trials.jsonl"
    assert run(command, "import", sample, cwd=tmp_path, **home).startswith("263 read, 263 kept")
    assert run(command, "build", cwd=tmp_path, **home).startswith("Published version 0001: 263 trials")
    answer = run(command, "related", "NCT07057778", "--format", "trec", cwd=tmp_path, **home).splitlines()
    assert len(answer) == 10
    assert all(re.fullmatch(r"NCT07057778 Q0 NCT\d{8} \d+ [\d.e-]+ trialkin", line) for line in answer)
    found = run(command, "search", "immune thrombocytopenia", "--format", "trec", cwd=tmp_path, **home).splitlines()
    assert len(found) == 10
