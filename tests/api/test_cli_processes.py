"""What other processes do to a command: pipes that close, Ctrl-C, a second writer, a full disk."""

import json
import os
import pty
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

import pytest

import trialkin
from trialkin.data.files import home_lock

NCT_ID = "NCT07057778"


@pytest.fixture
def start(environment, executable):
    """Start the command and leave it running; Ctrl-C reaches it even where the tests run in the background."""
    running = []

    def begin(home, *arguments, **options):
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
        process = subprocess.Popen(
            [executable, *map(str, arguments)],
            env=environment(home),
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - sets this alone
            **streams,
        )
        running.append(process)
        return process

    yield begin
    for process in running:
        process.kill()
        process.wait()
        for stream in filter(None, (process.stdout, process.stderr)):
            stream.close()


def wait_until(condition, process):
    """Wait for what a running process is about to do; its end is the end of the waiting."""
    while not condition():
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)


@pytest.mark.parametrize("form", ["table", "json", "csv", "trec"])
@pytest.mark.parametrize("top", [2, 200])
def test_a_reader_that_has_seen_enough_ends_the_command_quietly(start, built, form, top):
    reader, writer = os.pipe()
    process = start(built.home, "related", NCT_ID, "--format", form, "--top", top, stdout=writer)
    os.close(writer)
    os.close(reader)
    assert process.communicate() == (None, "")
    assert process.returncode == 0


def test_the_first_line_can_be_taken_from_a_pipe(start, built):
    process = start(built.home, "related", NCT_ID, "--format", "csv", "--top", 262)
    head = subprocess.run(["head", "-1"], stdin=process.stdout, capture_output=True, text=True, check=True)
    assert head.stdout.startswith("query,rank,nctId,")
    assert process.communicate()[1] == ""
    assert process.returncode == 0


def test_ctrl_c_stops_a_build_and_the_version_before_goes_on(start, call, home):
    answer = call(home, "related", NCT_ID, "--format", "csv").stdout
    shutil.rmtree(home / "vectors")
    process = start(home, "build", "--force")
    wait_until(lambda: list(home.glob("vectors/*.sqlite")), process)
    process.send_signal(signal.SIGINT)
    out, said = process.communicate()
    assert process.returncode == 130
    assert out == ""
    assert said.startswith("trialkin: Stopped.")
    assert "Traceback" not in said
    assert sorted(one.name for one in (home / "index").iterdir()) == ["0001", "CURRENT"]
    assert call(home, "related", NCT_ID, "--format", "csv").stdout == answer


def test_a_killed_build_leaves_nothing_that_the_next_one_minds(start, call, home):
    shutil.rmtree(home / "vectors")
    process = start(home, "build", "--force")
    wait_until(lambda: list(home.glob("vectors/*.sqlite")), process)
    process.kill()
    process.communicate()
    assert call(home, "related", NCT_ID).returncode == 0
    assert "Published version 0002" in call(home, "build", "--force").stdout
    assert sorted(one.name for one in (home / "index").iterdir()) == ["0001", "0002", "CURRENT"]


@pytest.mark.parametrize("arguments", [["import", "FILE"], ["build"], ["rollback", "0001"]])
def test_a_second_writer_is_told_to_wait_and_readers_are_not(call, second_version, sample, arguments):
    arguments = [sample if one == "FILE" else one for one in arguments]
    with home_lock(second_version):
        done = call(second_version, *arguments)
        assert done.returncode == 1
        assert done.stdout == ""
        assert f"Another import or build is running in {second_version}." in done.stderr
        assert call(second_version, "related", NCT_ID).returncode == 0
    assert call(second_version, *arguments).returncode == 0


def test_the_lock_is_seen_by_other_processes(run, home, sample):
    with home_lock(home):
        done = run(home, "import", sample)
    assert done.returncode == 1
    assert "Another import or build is running" in done.stderr


def test_on_a_terminal_progress_goes_to_stderr_and_the_pipe_stays_clean(start, home):
    terminal, stderr = pty.openpty()
    process = start(home, "build", "--force", stderr=stderr)
    os.close(stderr)
    shown = b""
    try:
        while part := os.read(terminal, 65536):
            shown += part
    except OSError:  # the other end of the terminal is closed
        pass
    os.close(terminal)
    assert re.fullmatch(r"Published version 0002: [^\n]+\n", process.communicate()[0])
    assert b"embedding" in shown
    assert b"\x1b[" in shown


@contextmanager
def small_disk(folder, size):
    """Mount a disk of a given size, or skip the test where that is not permitted."""
    folder.mkdir()
    try:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        pytest.skip("there is no mount command")
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted: {mounted.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", folder], check=True)


@pytest.fixture
def few(tmp_path, sample):
    """A file of twenty of the sample's trials."""
    path = tmp_path / "few.jsonl"
    path.write_bytes(b"".join(sample.read_bytes().splitlines(keepends=True)[:20]))
    return path


def test_a_full_disk_stops_an_import_and_leaves_the_snapshot_as_it_was(run, tmp_path, few, sample):
    with small_disk(tmp_path / "disk", "200k"):
        home = tmp_path / "disk" / "home"
        assert run(home, "import", few).returncode == 0
        before = (home / "snapshot" / "manifest.json").read_bytes()
        done = run(home, "import", sample)
        assert done.returncode == 1
        assert done.stdout == ""
        assert "The disk is full" in done.stderr
        assert "Free some space" in done.stderr
        assert (home / "snapshot" / "manifest.json").read_bytes() == before
        assert {one.suffix for one in (home / "snapshot").iterdir()} == {".json", ".jsonl", ".parquet"}


@pytest.mark.parametrize(
    ("kept_elsewhere", "size"),
    [
        pytest.param(["snapshot"], "20m", id="the converted model"),
        pytest.param(["snapshot", "models"], "100k", id="the vectors"),
        pytest.param(["snapshot", "models", "vectors"], "1500k", id="the index"),
    ],
)
def test_a_full_disk_stops_a_build_and_publishes_nothing(run, call, built, few, tmp_path, kept_elsewhere, size):
    large = tmp_path / "large"
    large.mkdir()
    call(large, "import", few)
    for name in ("models", "vectors"):
        (large / name).symlink_to(built.home / name)
    with small_disk(tmp_path / "disk", size):
        small = tmp_path / "disk" / "home"
        small.mkdir()
        for name in kept_elsewhere:
            (small / name).symlink_to(large / name)
        done = run(small, "build")
        assert done.returncode == 1
        assert done.stdout == ""
        assert "Traceback" not in done.stderr
        assert "The disk is full" in done.stderr
        assert not list(small.glob("index/*"))


@pytest.fixture
def port():
    """A port that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def answers(url):
    try:
        with urllib.request.urlopen(url) as response:
            return json.load(response)
    except urllib.error.URLError:
        return None


def test_serve_answers_on_its_port_until_ctrl_c(start, built, index, port):
    process = start(built.home, "serve", "--port", port)
    wait_until(lambda: answers(f"http://127.0.0.1:{port}/healthz"), process)
    assert answers(f"http://127.0.0.1:{port}/readyz") == {"status": "ready"}
    related = answers(f"http://127.0.0.1:{port}/api/v1/trials/{NCT_ID}/related?pageSize=3")
    assert [hit["nctId"] for hit in related["hits"]] == [hit.nct_id for hit in index.related(NCT_ID, 3)]
    process.send_signal(signal.SIGINT)
    out, said = process.communicate()
    assert process.returncode in (0, 130)
    assert out.startswith(f"Serving http://127.0.0.1:{port}/api/v1")
    assert "Traceback" not in said


def test_serve_on_a_taken_port_says_so(run, built):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = run(built.home, "serve", "--port", taken.getsockname()[1])
    assert done.returncode == 1
    assert "address already in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_while_the_command_is_being_loaded_leaves_no_traceback():
    code = """
import sys

class Interrupted:
    def find_spec(self, name, *_):
        if name == "trialkin.index":
            raise KeyboardInterrupt

sys.meta_path.insert(0, Interrupted())
from trialkin.__main__ import main

main()
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "trialkin: Stopped.\n")


def test_the_package_runs_as_a_module():
    done = subprocess.run([sys.executable, "-m", "trialkin", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"trialkin {trialkin.__version__}\n"
