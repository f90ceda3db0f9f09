"""A home with the bundled sample, imported and built once, and the two ways to run the command."""

import io
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path
from types import SimpleNamespace

import pytest
from fastapi.testclient import TestClient

import trialkin.data
from trialkin.api.app import create_app
from trialkin.api.cli import main
from trialkin.index import open_index
from trialkin.settings import Settings

COLOURS = ("FORCE_COLOR", "CLICOLOR_FORCE", "PY_COLORS", "GITHUB_ACTIONS", "TTY_COMPATIBLE")
"""What would make the output differ from that of a plain pipe."""


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


@pytest.fixture
def call(capsys, environment):
    """As `run`, but inside this process, which spares the start of another."""

    def of(home, *arguments, stdin="", **settings):
        capsys.readouterr()
        with pytest.MonkeyPatch.context() as patch:
            for name, value in environment(home, **settings).items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["trialkin", *map(str, arguments)])
            patch.setattr(sys, "stdin", io.StringIO(stdin))
            with pytest.raises(SystemExit) as ended:
                main()
        printed = capsys.readouterr()
        return SimpleNamespace(returncode=ended.value.code or 0, stdout=printed.out, stderr=printed.err)

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


@pytest.fixture
def make_home(tmp_path, built):
    """Make a copy of `built` that a test may damage; the converted model is shared."""

    def make(name="home"):
        home = tmp_path / name
        for folder in ("snapshot", "index", "vectors"):
            shutil.copytree(built.home / folder, home / folder)
        (home / "models").symlink_to(built.home / "models")
        return home

    return make


@pytest.fixture
def home(make_home):
    return make_home()


@pytest.fixture
def second_version(home):
    """A home whose first version is followed by a second, which is current."""
    shutil.copytree(home / "index" / "0001", home / "index" / "0002")
    (home / "index" / "CURRENT").write_text("0002\n")
    return home


@pytest.fixture(scope="session")
def settings_of():
    def of(home):
        return Settings(home=home, precision="f32")

    return of


class Silent:
    """A build's progress that nobody watches."""

    def stage(self, name):
        pass

    def trials(self, done, total):
        pass

    def encoded(self, texts, tokens):
        pass


@pytest.fixture(scope="session")
def silent():
    return Silent()


@pytest.fixture(scope="session")
def index(built, settings_of):
    """The index of `built`."""
    return open_index(settings=settings_of(built.home))


@pytest.fixture(scope="session")
def client(built, settings_of):
    """A client of the HTTP API over `built`; an unexpected error comes as a response, as it does to users."""
    with TestClient(create_app(settings_of(built.home)), raise_server_exceptions=False) as client:
        yield client
