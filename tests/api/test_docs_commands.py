"""The commands of the guide by task do what it says, on the bundled sample."""

import json
import re
import shlex
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "tasks.md"
COMMANDS = re.findall(r"^    trialkin (.+)$", PAGE.read_text(), re.MULTILINE)
DRAFT = {"briefTitle": "Iguratimod in ITP", "conditions": ["ITP"], "interventions": [{"name": "Iguratimod"}]}


def test_the_page_has_commands_for_every_task():
    assert len(COMMANDS) >= 10
    assert {command.split()[0] for command in COMMANDS} >= {"related", "search", "compare", "precedents", "export"}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_page_works_as_it_stands(call, built, tmp_path, monkeypatch, command):
    monkeypatch.chdir(tmp_path)
    Path("protocol.json").write_text(json.dumps(DRAFT))
    done = call(built.home, *shlex.split(command))
    assert done.returncode == 0, done.stderr
    assert done.stdout or Path("related.ndjson").stat().st_size > 0
