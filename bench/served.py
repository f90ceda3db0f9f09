"""``trialkin serve`` in a process of its own, for the scripts that ask it over HTTP."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
import psutil

SAMPLE = Path(__file__).resolve().parent.parent / "data" / "sample" / "trials.jsonl"
COMMAND = str(Path(sys.executable).with_name("trialkin"))
_PATIENCE = 300
"""Seconds in which a server of a large index is ready, cold disks included."""


@dataclass(frozen=True)
class Server:
    """A server that runs.

    Attributes:
        port: on 127.0.0.1.
        process: its process.
        log: what it wrote to standard error.
    """

    port: int
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def url(self) -> str:
        """Its address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def memory(self) -> float:
        """Resident memory in MB, mapped files of the index included."""
        return psutil.Process(self.process.pid).memory_info().rss / 1e6

    def own_memory(self) -> float:
        """Resident memory in MB that no file backs: what the process itself holds."""
        now = psutil.Process(self.process.pid).memory_info()
        return (now.rss - getattr(now, "shared", 0)) / 1e6

    def processor_seconds(self) -> float:
        """Processor time used so far, of all its threads."""
        times = psutil.Process(self.process.pid).cpu_times()
        return times.user + times.system


@contextmanager
def served(home: Path | None = None, **settings: object) -> Iterator[Server]:
    """A server that is ready and answers for as long as the context lasts.

    Args:
        home: whose index it serves; by default that of the environment.
        settings: by their names in `trialkin.settings.Settings`.
    """
    named = {f"TRIALKIN_{name.upper()}": str(value) for name, value in settings.items()}
    environment = os.environ | named | ({} if home is None else {"TRIALKIN_HOME": str(home)})
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "log"
        with log.open("wb") as written:
            process = subprocess.Popen(
                [COMMAND, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL, stderr=written
            )
        server = Server(port, process, log)
        try:
            _await(server)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def built(home: Path, *files: Path, versions: int = 1, **settings: object) -> Path:
    """A home in which files were imported and built, once or several times."""
    named = {f"TRIALKIN_{name.upper()}": str(value) for name, value in settings.items()}
    environment = os.environ | named | {"TRIALKIN_HOME": str(home)}
    for arguments in (["import", *map(str, files)], *[["build", "--force"]] * versions):
        subprocess.run([COMMAND, *arguments], env=environment, check=True, stdout=subprocess.DEVNULL)
    return home


def _await(server: Server) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and server.process.poll() is None:
        try:
            if httpx2.get(f"{server.url}/readyz", timeout=10).status_code == 200:
                return
        except httpx2.HTTPError:
            pass
        time.sleep(0.2)
    sys.exit(f"The server does not answer:\n{server.log.read_text()[-4000:]}")
