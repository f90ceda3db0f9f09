"""Commands of trialkin in processes forked from this one, which has imported everything and done nothing.

Starting Python and importing takes longer than most commands take on the sample. A forked child has its own memory,
files and locks, runs what the installed command runs (`trialkin.api.cli.main`), and dies of `kill -9` as that does.
This process itself starts no thread and opens no index, so a child begins as fresh as a new process.
"""

import os
import select
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

HANGS = 300.0
"""Seconds after which a child that does not end counts as hanging."""
_LATER = (
    "trialkin.api.cli",
    "trialkin.data.fetching",
    "trialkin.data.registry_client",
    "trialkin.embed.openvino_convert",
    "trialkin.embed.openvino_encoder",
    "trialkin.embed.sharding",
)
_CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link"}


@dataclass(frozen=True)
class Ended:
    """A child that has ended.

    Attributes:
        code: exit code; of one that was killed the negative number of the signal.
        seconds: how long it ran.
        operations: how it changed files and folders, in order, if it ended by itself: ``os.rename``, ``open``, ...
    """

    code: int
    out: str
    err: str
    seconds: float
    operations: list[str]

    @property
    def killed(self) -> bool:
        """Whether SIGKILL was its end."""
        return self.code == -signal.SIGKILL

    def __str__(self) -> str:
        return f"code {self.code}: {(self.err or self.out).strip()[-600:]}"


def preload() -> None:
    """Import what the commands import on first use."""
    from trialkin.embed.openvino_runtime import openvino

    openvino()
    for name in _LATER:
        if find_spec(name) is not None:
            import_module(name)


def command(home: Path, *arguments: object, **environment: str) -> Callable[[], None]:
    """Work for `forked`: a command of trialkin in a home, in f32, which needs no conversion to int8."""

    def work() -> None:
        from trialkin.api.cli import main

        os.environ |= {"TRIALKIN_HOME": str(home), "TRIALKIN_PRECISION": "f32"} | environment
        sys.argv = ["trialkin", *map(str, arguments)]
        main()

    return work


def run(home: Path, *arguments: object, **environment: str) -> Ended:
    """Run a command to its end."""
    return forked(command(home, *arguments, **environment))


def forked(
    work: Callable[[], object],
    *,
    after: float | None = None,
    before: int | None = None,
    while_waiting: Callable[[], object] | None = None,
) -> Ended:
    """Do some work in a child process, and kill it.

    Args:
        work: what the child does; what it raises is its end.
        after: seconds after which it is killed with SIGKILL.
        before: it is killed before it changes a file or a folder for the so many-th time, counted from 1. Seen are
            renames, removals, links, new folders and files that Python opens for writing; not what libraries write.
        while_waiting: called again and again until it has ended.
    """
    with tempfile.TemporaryDirectory(prefix="trialkin-run-") as folder:
        logs = [Path(folder) / name for name in ("out", "err", "operations")]
        sys.stdout.flush()
        started = time.perf_counter()
        pid = os.fork()
        if pid == 0:
            _child(work, logs, before)
        code = _wait(pid, started, after, while_waiting)
        seconds = time.perf_counter() - started
        out, err, operations = (path.read_text(errors="replace") if path.exists() else "" for path in logs)
        return Ended(code, out, err, seconds, operations.split())


def _child(work: Callable[[], object], logs: list[Path], before: int | None) -> None:
    """Never returns."""
    code = 70
    try:
        for number, path in enumerate(logs[:2], start=1):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND), number)
        seen: list[str] = []
        sys.addaudithook(partial(_note, seen, before))
        try:
            work()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
        except BaseException as error:  # noqa: BLE001 - it ends here
            sys.stderr.write(f"Traceback: {type(error).__name__}: {error}\n")
        sys.stdout.flush()
        logs[2].write_text("\n".join(seen))
    finally:
        os._exit(code)


def _note(seen: list[str], before: int | None, event: str, given: tuple[object, ...]) -> None:
    writes = event == "open" and isinstance(given[2], int) and bool(given[2] & (os.O_WRONLY | os.O_RDWR))
    if event in _CHANGES or writes:
        seen.append(event)
        if len(seen) == before:
            os.kill(os.getpid(), signal.SIGKILL)


def _wait(pid: int, started: float, after: float | None, while_waiting: Callable[[], object] | None) -> int:
    handle = os.pidfd_open(pid)
    try:
        ended = select.poll()
        ended.register(handle, select.POLLIN)
        end = started + (HANGS if after is None else after)
        while not ended.poll(1 if while_waiting else max(0.0, 1000 * (end - time.perf_counter()))):
            if while_waiting:
                while_waiting()
            if time.perf_counter() >= end:
                os.kill(pid, signal.SIGKILL)
                break
    finally:
        os.close(handle)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
