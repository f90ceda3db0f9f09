"""Copies of the built home that a test may damage, the command inside this process, and clients of the HTTP API."""

import io
import json
import shutil
import sys
from contextlib import ExitStack
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from trialkin.api import giving_way
from trialkin.api.app import create_app
from trialkin.api.cli import main
from trialkin.api.health_routes import router as health
from trialkin.api.operations import add_operations
from trialkin.api.problems import add_problem_handlers
from trialkin.api.serving import ServedIndex
from trialkin.index import open_index
from trialkin.settings import Settings


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
            patch.setattr(giving_way, "_NICENESS", 0)  # the rest of the tests should not run at low priority
            with pytest.raises(SystemExit) as ended:
                main()
        printed = capsys.readouterr()
        return SimpleNamespace(returncode=ended.value.code or 0, stdout=printed.out, stderr=printed.err)

    return of


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


@pytest.fixture
def guarded(tmp_path):
    """Make a client of an application of a few routes, functions by path, behind all that a server's is behind."""
    with ExitStack() as stack:

        def make(routes, **settings):
            chosen = Settings(home=tmp_path, **settings)
            app = FastAPI()
            app.state.served = ServedIndex(chosen)
            add_problem_handlers(app)
            app.include_router(health)
            for path, route in routes.items():
                app.add_api_route(path, route, methods=["GET", "POST"])
            add_operations(app, chosen)
            return stack.enter_context(TestClient(app, raise_server_exceptions=False))

        yield make


@pytest.fixture(scope="session")
def newer(tmp_path_factory, built, run, sample):
    """A home whose first version is that of `built`, and whose second lacks a trial of it and has a new one.

    Tests leave it as it is. Attributes: home, gone, new (the NCT ids of the two trials).
    """
    folder = tmp_path_factory.mktemp("newer")
    home, gone, new = folder / "home", "NCT03304288", "NCT07057779"
    for name in ("index", "vectors"):
        shutil.copytree(built.home / name, home / name)
    (home / "models").symlink_to(built.home / "models")
    studies = sample.read_text().strip().split("\n")
    lines = {json.loads(line)["protocolSection"]["identificationModule"]["nctId"]: line for line in studies}
    lines[new] = lines["NCT05281068"].replace("NCT05281068", new)
    del lines[gone]
    (folder / "trials.jsonl").write_text("".join(f"{line}\n" for line in lines.values()))
    for command in (("import", folder / "trials.jsonl"), ("build",)):
        done = run(home, *command)
        assert done.returncode == 0, done.stderr
    return SimpleNamespace(home=home, gone=gone, new=new)
