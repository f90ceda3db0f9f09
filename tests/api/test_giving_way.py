import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from trialkin.api import giving_way
from trialkin.api.cli import app


def test_a_process_that_gives_way_runs_at_lower_priority():
    code = "import os; from trialkin.api.giving_way import give_way; give_way(); print(os.nice(0))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(run.stdout) == min(os.nice(0) + 10, 19)


@pytest.mark.parametrize("arguments", [["import", "missing.json"], ["build"], ["embed"]])
def test_long_commands_give_way(monkeypatch, tmp_path, arguments):
    given = []
    monkeypatch.setenv("TRIALKIN_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(giving_way.os, "nice", given.append, raising=False)
    CliRunner().invoke(app, arguments)
    assert given == [10]


def test_answers_do_not_wait(monkeypatch, tmp_path):
    given = []
    monkeypatch.setenv("TRIALKIN_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(giving_way.os, "nice", given.append, raising=False)
    CliRunner().invoke(app, ["related", "NCT07057778"])
    assert given == []


def test_a_system_without_priorities_goes_on(monkeypatch):
    monkeypatch.delattr(giving_way.os, "nice", raising=False)
    giving_way.give_way()
