"""The commands that the documentation shows do what it says, as they stand, in a shell."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from support import fake_registry as fake

ROOT = Path(__file__).parents[2]
PAGES = ["README.md", "docs/guide.md", "docs/tasks.md", "docs/deployment.md", "docs/http.md"]
DRAFT = {"briefTitle": "Iguratimod in ITP", "conditions": ["ITP"], "interventions": [{"name": "Iguratimod"}]}
STAYING = "trialkin serve"
"""It answers until it is stopped, which test_cli_processes.py sees."""


def commands(page):
    """Lines of a page's indented blocks that a shell runs."""
    shown = re.findall(r"^ {4}((?:[A-Z_]+=\S+ )?(?:trialkin|curl) .+)$", (ROOT / page).read_text(), re.MULTILINE)
    return [line for line in shown if not line.startswith(STAYING)]


ALL = [pytest.param(line, id=f"{Path(page).stem}-{line}") for page in PAGES for line in commands(page)]


@pytest.fixture(scope="module")
def registry(sample):
    """The address of a registry that holds the bundled sample."""
    with fake.FakeRegistry(map(json.loads, sample.read_text().splitlines())) as running:
        yield running.address


@pytest.fixture
def shell(home, run, registry, server, environment, executable, sample, tmp_path):
    """Run a line where the files lie that the pages speak of, in a home of three versions."""
    for version in ("0002", "0003"):
        shutil.copytree(home / "index" / "0001", home / "index" / version)
    (home / "index" / "CURRENT").write_text("0003\n")
    folder = tmp_path / "folder"
    (folder / "TRUTH_DIR").mkdir(parents=True)
    (folder / "TRUTH_DIR" / "related-lists.tsv").write_text("query_nct\trelated_nct\nNCT07057778\tNCT05281068\n")
    (folder / "protocol.json").write_text(json.dumps(DRAFT))
    (folder / "included.txt").write_text("NCT05302024\nNCT01506414\n")
    (folder / "synopsis.txt").write_text("Iguratimod for adults whose immune thrombocytopenia came back")
    shutil.copy(sample, folder / "ctg-studies.json")
    keys = folder / "keys"
    chosen = environment(home, registry=registry, registry_pause=0, api_keys_file=keys)
    chosen |= {"PATH": f"{executable.parent}:{os.environ['PATH']}", "NO_PROXY": "127.0.0.1,localhost"}
    address = server.removeprefix("http://")

    def of(line):
        line = line.replace("localhost:8000", address).replace("/etc/trialkin/keys", str(keys))
        line = line.replace("curl ", "curl --silent --show-error --fail-with-body ")
        if re.search("keys (list|remove)", line):
            assert run(home, "keys", "add", "clinic", api_keys_file=keys).returncode == 0
        if "--gather" in line:
            done = run(home, "embed", "--shard", "1/1", "--out", folder / "vectors-1-of-1.sqlite")
            assert done.returncode == 0, done.stderr
        return subprocess.run(["bash", "-c", line], cwd=folder, env=chosen, capture_output=True, text=True, check=False)

    return of


def test_the_pages_show_commands_of_every_kind():
    lines = [line for page in PAGES for line in commands(page)]
    shown = {line.split()[1] for line in lines if line.startswith("trialkin")}
    assert shown >= {
        "import",
        "fetch",
        "build",
        "related",
        "search",
        "compare",
        "precedents",
        "watch",
        "export",
        "embed",
    }
    assert len(commands("docs/tasks.md")) >= 10


@pytest.mark.parametrize("line", ALL)
def test_a_command_of_the_documentation_works_as_it_stands(shell, line):
    if line.startswith("curl") and shutil.which("curl") is None:
        pytest.skip("there is no curl on this machine: apt-get install curl")
    done = shell(line)
    assert done.returncode == 0, done.stderr
    assert done.stdout or ">" in line or "--out" in line
