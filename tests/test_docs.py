"""The documentation keeps step with the code."""

import re
import runpy
from pathlib import Path

import pytest
import typer.main

from trialkin.api.app import create_app
from trialkin.api.cli import app
from trialkin.api.list_parameters import SearchParameters
from trialkin.embed import Section
from trialkin.index import PRESETS, Aspect
from trialkin.settings import Settings

DOCS = Path(__file__).parents[1] / "docs"
GUIDE = (DOCS / "guide.md").read_text()
COMMANDS = typer.main.get_command(app).commands  # pyright: ignore[reportAttributeAccessIssue]


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_in_the_guide_with_its_default(name):
    row = next((line for line in GUIDE.splitlines() if line.startswith(f"| `TRIALKIN_{name.upper()}`")), "")
    assert row, f"TRIALKIN_{name.upper()} is not documented"
    default = Settings.model_fields[name].default
    assert name == "home" or f"`{default}`" in row


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_in_the_guide(name):
    assert f"`trialkin {name}" in GUIDE
    for parameter in COMMANDS[name].params:
        for option in (one for one in parameter.opts if one.startswith("--") and one != "--help"):
            assert re.search(rf"{option}\b", GUIDE), f"{option} of {name} is not documented"


def test_every_route_is_documented():
    text = (DOCS / "http.md").read_text()
    for path, methods in create_app(Settings()).openapi()["paths"].items():
        for method in methods:
            assert f"`{method.upper()} {path}" in text, path


def test_every_list_parameter_is_documented():
    text = (DOCS / "http.md").read_text()
    for name, field in SearchParameters.model_fields.items():
        assert f"`{field.alias or name}`" in text or f"?{name}=" in text, name


@pytest.mark.parametrize("page", ["guide.md", "http.md"])
def test_every_preset_is_named(page):
    assert all(preset in (DOCS / page).read_text() for preset in PRESETS)


def test_every_section_and_aspect_is_explained():
    text = (DOCS / "ranking.md").read_text()
    assert all(section in text for section in Section)
    assert all(f"| {aspect} |" in text for aspect in Aspect)


@pytest.mark.parametrize("page", [*DOCS.rglob("*.md"), DOCS.parent / "README.md", DOCS.parent / "CONTRIBUTING.md"])
def test_every_local_link_leads_somewhere(page):
    for target in re.findall(r"\]\((?!https?://)([^)#]+)", page.read_text()):
        assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_reference_of_the_http_api_is_what_its_description_says():
    made = runpy.run_path(str(DOCS / "http_reference.py"))
    written = made["reference"](create_app(Settings()).openapi())
    assert (DOCS / "http-reference.md").read_text() == f"{written}\n", "run python docs/http_reference.py"
