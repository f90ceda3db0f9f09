"""What several folders of tests share."""

from pathlib import Path

import hypothesis
import pytest

from trialkin.data import Trial

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
