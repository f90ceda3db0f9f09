"""``trialkin fetch`` against a registry on this machine."""

import json
import os
import pty
import signal
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest

from support import fake_registry as fake
from trialkin.data import Snapshot

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "tests" / "support" / "fake_registry.py"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    """A proxy of the person who runs the tests would be asked for 127.0.0.1, too."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture
def server(sample):
    """The bundled sample, on pages of fifty."""
    with fake.FakeRegistry(map(json.loads, sample.read_text().splitlines()), page_limit=50) as running:
        yield running


@pytest.fixture
def home(tmp_path):
    return tmp_path / "home"


@pytest.fixture
def fetch(call, server, home):
    """Run the command inside this process, without pauses."""

    def of(*arguments, **settings):
        return call(home, "fetch", *arguments, **{"registry": server.address, "registry_pause": 0} | settings)

    return of


def held(home):
    return {trial.nct_id: trial for trial in Snapshot.open(home / "snapshot").trials()}


def test_everything_is_fetched_and_counted_as_an_import_counts(fetch, home):
    done = fetch("--all")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "263 read, 263 kept, 0 replaced, 0 unchanged, 0 rejected",
        "Source: ClinicalTrials.gov, data of 2026-03-25T09:00:05.",
    ]
    assert done.stderr == ""
    assert len(held(home)) == 263


def test_what_is_fetched_is_what_would_be_imported(fetch, call, home, tmp_path, sample):
    fetch("--all")
    call(tmp_path / "imported", "import", sample)
    assert held(home) == held(tmp_path / "imported")


def test_the_options_of_a_search_reach_the_registry(fetch, server):
    done = fetch(
        "--condition", "thrombocytopenia", "--intervention", "rituximab", "--term", "adult",
        "--status", "recruiting", "--status", "COMPLETED", "--since", "2020-01-01",
    )  # fmt: skip
    assert done.returncode == 0
    asked = server.asked("/studies")[0]
    assert {name: value for name, value in asked.items() if name.startswith(("query.", "filter."))} == {
        "query.cond": "thrombocytopenia",
        "query.intr": "rituximab",
        "query.term": "adult",
        "filter.overallStatus": "RECRUITING,COMPLETED",
        "filter.advanced": "AREA[LastUpdatePostDate]RANGE[2020-01-01,MAX]",
    }


def test_since_last_asks_from_the_newest_date_that_is_held(fetch, server, home):
    fetch("--all")
    date = Snapshot.open(home / "snapshot").data_date
    server.requests.clear()
    done = fetch("--since", "last")
    assert done.returncode == 0
    assert server.asked("/studies")[0]["filter.advanced"] == f"AREA[LastUpdatePostDate]RANGE[{date},MAX]"
    assert done.stdout.startswith("2 read, 0 kept, 0 replaced, 2 unchanged")


def test_since_last_without_a_snapshot_says_what_is_missing(fetch, server):
    done = fetch("--since", "last")
    assert done.returncode == 1
    assert "There is no snapshot" in done.stderr
    assert server.requests == []


def test_ids_may_be_listed_and_repeated_and_each_fate_is_told(fetch, server, home):
    server.aliases["NCT00000101"] = "NCT05281068"
    done = fetch("--ids", "nct 7057778, NCT00000101", "--ids", "NCT09999999")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "2 read, 2 kept, 0 replaced, 0 unchanged, 0 rejected",
        "Moved: NCT00000101 is NCT05281068 now.",
        "Source: ClinicalTrials.gov, data of 2026-03-25T09:00:05.",
    ]
    assert done.stderr == "The registry does not know NCT09999999.\n"
    assert set(held(home)) == {"NCT07057778", "NCT05281068"}


def test_ids_of_which_the_registry_knows_none_are_a_failure(fetch):
    done = fetch("--ids", "NCT09999998,NCT09999999")
    assert done.returncode == 1
    assert "The registry does not know NCT09999998, NCT09999999." in done.stderr


def test_what_has_gone_is_named_and_of_many_only_the_first(fetch, server, home):
    fetch("--all")
    gone = list(server.studies)[:25]
    for nct_id in gone:
        del server.studies[nct_id]
    done = fetch("--all")
    assert done.returncode == 0
    named = ", ".join(sorted(gone)[:20])
    assert f"Gone from the registry, marked as absent: {named} and 5 more.\n" in done.stdout
    assert sum(trial.absent_since is not None for trial in held(home).values()) == 25


def test_a_listing_shorter_than_announced_is_a_failure_with_its_reason(fetch, server, home):
    server.announced = 270
    done = fetch("--all")
    assert done.returncode == 1
    assert "The registry announced 7 studies more than it listed" in done.stderr
    assert len(held(home)) == 263


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--all", "--condition", "asthma"),
        ("--all", "--ids", "NCT07057778"),
        ("--ids", "NCT07057778", "--since", "2026-01-01"),
        ("--ids", "ISRCTN1"),
        ("--ids", ""),
        ("--condition", ""),
        ("--since", "tomorrow"),
        ("--status", "?"),
        ("--everything",),
    ],
)
def test_misuse_is_told_before_anything_is_asked(fetch, server, home, arguments):
    done = fetch(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert server.requests == []
    assert not home.exists()


@pytest.mark.parametrize(
    "settings", [{"registry": "clinicaltrials.gov"}, {"registry_pause": -1}, {"registry_pause": "nan"}]
)
def test_a_setting_that_cannot_be_meant_is_misuse(fetch, settings):
    done = fetch("--all", **settings)
    assert done.returncode == 2
    assert "TRIALKIN_REGISTRY" in done.stderr


def test_what_the_registry_refuses_is_shown_in_its_words(fetch, server):
    server.faults.extend([None, fake.says(b"Parameter `query.cond` is too long", "text/plain", 400)])
    done = fetch("--condition", "asthma")
    assert done.returncode == 1
    assert "400: Parameter `query.cond` is too long" in done.stderr


def test_a_registry_that_is_down_is_told_once_and_what_came_is_kept(fetch, server):
    server.faults.extend([None, None, *[fake.fails(503)] * 8])
    done = fetch("--all")
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        f"trialkin: The registry answered 503, 8 times in a row: {server.address}/studies.",
        "  All that was fetched is kept: run the same command again later, and it goes on from there.",
    ]
    server.requests.clear()
    assert fetch("--all").returncode == 0
    assert len(server.asked("/studies")) == 5


@pytest.fixture
def start(environment, executable, server, home):
    """Start the command in a process of its own and leave it running."""
    running = []

    def begin(**streams):
        process = subprocess.Popen(
            [executable, "fetch", "--all"],
            env=environment(home, registry=server.address, registry_pause=0),
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - sets this alone
            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | streams,
        )
        running.append(process)
        return process

    yield begin
    for process in running:
        process.kill()
        process.wait()
        for stream in filter(None, (process.stdout, process.stderr)):
            stream.close()


@pytest.mark.parametrize(("page", "how"), [(1, signal.SIGKILL), (4, signal.SIGKILL), (3, signal.SIGINT)])
def test_a_fetch_that_is_killed_goes_on_where_it_stopped(start, fetch, server, home, page, how):
    reached, go_on = threading.Event(), threading.Event()
    server.faults.extend([None] * (page + 1) + [fake.stalls(reached, go_on)])
    process = start()
    assert reached.wait(60), process.communicate()
    process.send_signal(how)
    process.communicate()
    go_on.set()
    first = server.asked("/studies")
    assert len(first) == page + 1  # the last without an answer
    assert not (home / "snapshot" / "manifest.json").exists()
    server.requests.clear()
    done = fetch("--all")
    assert done.stdout.startswith("263 read, 263 kept")
    assert len(server.asked("/studies")) == 6 - page
    assert server.asked("/studies")[0] == first[-1]
    assert not [one for one in (home / "snapshot" / ".fetch").iterdir() if one.is_dir()]


def test_on_a_terminal_the_total_is_shown_and_why_it_waits(start, server):
    terminal, stderr = pty.openpty()
    slowly = fake.after(lambda: threading.Event().wait(0.2))
    server.faults.extend([None, None, slowly, fake.fails(500, Retry_After="1")])
    process = start(stderr=stderr)
    os.close(stderr)
    shown = b""
    try:
        while part := os.read(terminal, 65536):
            shown += part
    except OSError:  # the other end of the terminal is closed
        pass
    os.close(terminal)
    assert process.communicate()[0].startswith("263 read, 263 kept")
    assert b"of 263" in shown
    assert b"the registry answered 500" in shown


def test_the_registry_of_the_bundled_sample_can_be_run_by_hand(call, tmp_path):
    with subprocess.Popen([sys.executable, SCRIPT, "--port", "0"], stdout=subprocess.PIPE, text=True) as process:
        try:
            said = [process.stdout.readline() for _ in range(4)]
            address = said[0].split(" at ")[1].split(". ")[0]
            with urllib.request.urlopen(f"{address}/version") as answer:
                assert json.load(answer)["apiVersion"] == "2.0.5"
            assert f"TRIALKIN_REGISTRY={address} .venv/bin/trialkin fetch --all" in said[2]
            done = call(tmp_path, "fetch", "--condition", "thrombocytopenia", registry=address, registry_pause=0)
            assert done.returncode == 0
            assert not done.stdout.startswith("0 read")
        finally:
            process.terminate()


def test_make_starts_the_registry_of_the_bundled_sample():
    made = subprocess.run(["make", "-n", "fake-registry"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "tests/support/fake_registry.py" in made.stdout
