"""What a home holds that was fetched from the fake registry."""

from trialkin.data import Snapshot
from trialkin.data.fetching import FetchRequest

ALL = FetchRequest(everything=True)
TODAY = "2026-03-31"


def held(home):
    return {trial.nct_id: trial for trial in Snapshot.open(home / "snapshot").trials()}


def journals(home):
    return [one for one in (home / "snapshot" / ".fetch").iterdir() if one.is_dir()]


def ident(number):
    return f"NCT{number:08d}"


def pages(server):
    """The page tokens asked for so far; None is a first page."""
    return [one.get("pageToken") for one in server.asked("/studies")]
