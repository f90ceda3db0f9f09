"""A home that cannot be written, as on a file system that is mounted read-only."""

import shutil
import subprocess

import pytest
from fastapi.testclient import TestClient

from trialkin.api.app import create_app

NCT_ID = "NCT07057778"
ASKED = (f"/api/v1/trials/{NCT_ID}/related", "/api/v1/search?q=itp", "/api/v1/version", "/readyz")


@pytest.fixture
def read_only(tmp_path, home):
    """The home on a file system that is mounted read-only."""
    at = tmp_path / "mounted"
    at.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(at)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a file system can be mounted by root only")
    try:
        shutil.copytree(home, at / "home", symlinks=True)
        subprocess.run(["mount", "-o", "remount,ro", str(at)], check=True)
        yield at / "home"
    finally:
        subprocess.run(["umount", "-l", str(at)], check=True)


def test_a_read_only_home_is_served_and_read(read_only, settings_of, call):
    with TestClient(create_app(settings_of(read_only))) as client:
        for path in ASKED:
            assert client.get(path).status_code == 200
    for arguments in (["related", NCT_ID], ["search", "itp"], ["versions"], ["verify"]):
        assert call(read_only, *arguments).returncode == 0


@pytest.mark.parametrize("arguments", [["import", "FILE"], ["build"], ["rollback", "0001"]])
def test_what_would_write_says_that_the_home_is_read_only(read_only, call, sample, arguments):
    done = call(read_only, *(sample if one == "FILE" else one for one in arguments))
    assert done.returncode == 1
    assert f"The disk is read-only: {read_only}" in done.stderr
    assert "Set TRIALKIN_HOME" in done.stderr
