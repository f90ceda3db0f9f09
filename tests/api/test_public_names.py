import subprocess
import sys
from pathlib import Path

import pytest

import trialkin

HEAVY = [
    *("bm25s", "faiss", "fastapi", "openvino", "pandas", "scipy.optimize"),
    *("sentence_transformers", "torch", "transformers"),
]


def imported_by(code):
    """The heavy libraries that a fresh interpreter holds after some code."""
    report = f"import sys\n{code}\nprint('\\n'.join(name for name in {HEAVY} if name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", report], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_public_names_are_these():
    assert trialkin.__all__ == ["Hit", "Index", "Settings", "Trial", "TrialkinError", "open_index"]


@pytest.mark.parametrize("name", trialkin.__all__)
def test_every_public_name_is_there_and_explains_itself(name):
    public = getattr(trialkin, name)
    assert public.__name__ == name
    assert public.__doc__.strip()


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'nothing_of_the_kind'"):
        trialkin.nothing_of_the_kind  # noqa: B018 - looked up for its error


def test_the_package_alone_imports_nothing_heavy():
    assert imported_by("import trialkin") == set()


def test_the_errors_and_the_settings_import_nothing_heavy():
    assert imported_by("from trialkin import Settings, TrialkinError") == set()


def test_help_imports_no_model_library():
    run = "from typer.testing import CliRunner\nfrom trialkin.api.cli import app\nCliRunner().invoke(app, ['--help'])"
    assert not imported_by(run) & {"openvino", "pandas", "sentence_transformers", "torch", "transformers"}


def test_related_by_id_loads_no_model(built):
    code = f"import trialkin\ntrialkin.open_index({str(built.home)!r}).related('NCT07057778')"
    loaded = imported_by(code)
    assert "faiss" in loaded
    assert not loaded & {"openvino", "scipy.optimize", "sentence_transformers", "torch", "transformers"}


def test_the_documented_lines_work(built):
    code = (
        "from trialkin import open_index\n"
        "for hit in open_index().related('NCT07057778'):\n"
        "    print(hit.nct_id, hit.title)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"TRIALKIN_HOME": str(built.home), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = done.stdout.splitlines()
    assert len(lines) == 10
    assert all(line.startswith("NCT") and len(line.split(" ", 1)[1]) > 5 for line in lines)


def test_the_package_says_that_it_is_typed():
    assert (Path(trialkin.__file__).parent / "py.typed").is_file()
