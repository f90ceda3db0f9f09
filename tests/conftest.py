"""What several folders of tests share, and a home with the bundled sample, imported and built once."""

import os
import socket
import subprocess
import sysconfig
import time
from pathlib import Path
from types import SimpleNamespace

import hypothesis
import pytest

import trialkin.data
from trialkin.data import Trial
from trialkin.settings import Settings

COLOURS = ("FORCE_COLOR", "CLICOLOR_FORCE", "PY_COLORS", "GITHUB_ACTIONS", "TTY_COMPATIBLE")
"""What would make the output differ from that of a plain pipe."""

PATIENCE = 60
"""Seconds that a server may take to listen."""

hypothesis.settings.register_profile("trialkin", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("trialkin")


@pytest.fixture(scope="session")
def shared():
    """The folder of genuine registry files beside the repository."""
    folder = Path(__file__).parents[1].parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder of genuine registry files is not beside this repository")
    return folder


@pytest.fixture(scope="session")
def models_home(tmp_path_factory):
    """A home that keeps the converted model for the whole run: the int8 conversion takes half a minute."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def make_study():
    """A study object of the API v2, small but valid, from a number; modules are replaced by name."""

    def make(number=1, **modules):
        identification = {"nctId": f"NCT{number:08d}", "briefTitle": f"Invented study {number}"}
        return {"protocolSection": {"identificationModule": identification, **modules}}

    return make


@pytest.fixture(scope="session")
def make_trial():
    """A `Trial` from a number; fields are given by name."""

    def make(number=1, **fields):
        return Trial(**{"nct_id": f"NCT{number:08d}", "brief_title": f"Invented study {number}"} | fields)

    return make


@pytest.fixture(scope="session", autouse=True)
def plain_environment():
    """No setting of the person who runs the tests has a say in them."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [*COLOURS, "PYTHONUNBUFFERED", *(name for name in os.environ if name.startswith("TRIALKIN_"))]:
            patch.delenv(name, raising=False)
        patch.setenv("COLUMNS", "200")
        yield


@pytest.fixture(scope="session")
def sample():
    """The bundled sample of trials."""
    return Path(trialkin.data.__file__).parent / "sample" / "trials.jsonl"


@pytest.fixture(scope="session")
def environment():
    """The environment of the command in a home. Arithmetic in f32 spares the conversion of the model to int8."""

    def of(home, **settings):
        named = {f"TRIALKIN_{name.upper()}": str(value) for name, value in settings.items()}
        return os.environ | {"TRIALKIN_HOME": str(home), "TRIALKIN_PRECISION": "f32"} | named

    return of


@pytest.fixture(scope="session")
def executable():
    """The installed command."""
    return Path(sysconfig.get_path("scripts")) / "trialkin"


@pytest.fixture(scope="session")
def run(environment, executable):
    """Run the installed command in a process of its own, with pipes for its output."""

    def of(home, *arguments, stdin="", **settings):
        return subprocess.run(
            [executable, *map(str, arguments)],
            env=environment(home, **settings),
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )

    return of


@pytest.fixture(scope="session")
def built(tmp_path_factory, run, sample):
    """A home that was empty before `trialkin import` and `trialkin build` ran in it. Tests leave it as it is.

    Attributes: home, imported, published (the two finished commands).
    """
    home = tmp_path_factory.mktemp("built") / "home"
    imported = run(home, "import", sample)
    published = run(home, "build")
    assert published.returncode == 0, published.stderr
    return SimpleNamespace(home=home, imported=imported, published=published)


@pytest.fixture(scope="session")
def server(built, environment, executable):
    """The address of a server over the built sample."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [executable, "serve", "--port", str(port)],
        env=environment(built.home),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            break
        except OSError:
            assert process.poll() is None, "the server ended"
            assert time.monotonic() < until, "the server does not listen"
            time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait()


@pytest.fixture(scope="session")
def settings_of():
    def of(home):
        return Settings(home=home, precision="f32")

    return of
