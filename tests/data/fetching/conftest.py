"""A fake registry of ten studies, and how to fetch from it."""

import pytest

from support import fake_registry as fake
from support.fetching import ALL, TODAY
from trialkin.data import fetching
from trialkin.data.fetching import fetch
from trialkin.data.registry_client import Registry


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    """A proxy of the person who runs the tests would be asked for 127.0.0.1, too."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """One date for a whole test, also one that runs across midnight."""
    monkeypatch.setattr(fetching, "today", lambda: TODAY)


@pytest.fixture(scope="session")
def dated(make_study):
    """A study with a date of last update, a status, a condition and an intervention."""

    def of(
        number, date="2026-01-01", *, status="RECRUITING", condition="Asthma", drug="Budesonide", summary="as it was"
    ):
        return make_study(
            number,
            statusModule={"overallStatus": status, "lastUpdatePostDateStruct": {"date": date}},
            descriptionModule={"briefSummary": summary},
            conditionsModule={"conditions": [condition]},
            armsInterventionsModule={"interventions": [{"type": "DRUG", "name": drug}]},
        ) | {"hasResults": False, "resultsSection": {"large": "x" * 100}}

    return of


@pytest.fixture
def server(dated):
    """Ten studies, on pages of four."""
    with fake.FakeRegistry((dated(number) for number in range(1, 11)), page_limit=4) as running:
        yield running


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def get(server, home):
    """Fetch into the home, without pauses."""

    def of(request=ALL, *, attempts=2, **options):
        with Registry(server.address, 0.0, attempts=attempts) as registry:
            return fetch(request, home, registry, **options)

    return of
