"""How long an update takes while a server answers, and what its clients notice.

    TRIALKIN_HOME=HOME python bench/update.py [CHANGED]

HOME holds a built index; its snapshot and index are updated. Starts `trialkin serve`, asks it for related trials of
random trials, five times a second, and meanwhile runs `trialkin import` and `build` for a file in which CHANGED
trials (1,000 unless said), drawn at random, have another summary and today's date. Goes on asking until the server
answers from the new version. Prints a Markdown table: seconds of both commands, and of the answers how many, how many
failed, the median, 95th percentile and longest wait. Exits with 1 if an answer failed or took more than 250 ms, or the
update more than 60 s.
"""

import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles

import httpx2
import orjson

from trialkin import open_index
from trialkin.data import Trial

_EVERY_S = 0.2
_MOST_MS, _MOST_S = 250, 60
_SEED = 3


def main() -> int:
    changed = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    index = open_index()
    rng = random.Random(_SEED)
    every, before = index.nct_ids(), index.version
    file = Path(tempfile.mkdtemp(), "changed.jsonl")
    file.write_bytes(b"".join(_study(index.trial(one)) for one in rng.sample(every, changed)))
    del index
    command = str(Path(sys.executable).with_name("trialkin"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [command, "serve", "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        client = _Client(f"http://127.0.0.1:{port}/api/v1", every)
        client.wait_for(lambda version: version == before)
        client.start()
        seconds = {}
        for name, arguments in (("import", ["import", str(file)]), ("build", ["build"])):
            started = time.perf_counter()
            subprocess.run([command, *arguments], check=True, capture_output=True)
            seconds[name] = time.perf_counter() - started
        client.wait_for(lambda version: version != before)
        time.sleep(2)
        client.stop()
    finally:
        server.terminate()
        server.wait()
    waits = sorted(client.waits)
    print(f"{len(every):,} trials, {changed:,} changed; answers from version {before} to the next\n")
    print("| import s | build s | both s | answers | failed | median ms | 95th percentile ms | longest ms |")
    print("|---|---|---|---|---|---|---|---|")
    print(
        f"| {seconds['import']:.1f} | {seconds['build']:.1f} | {sum(seconds.values()):.1f} "
        f"| {len(waits)} | {client.failed} | {median(waits):.0f} | {quantiles(waits, n=20)[-1]:.0f} | {waits[-1]:.0f} |"
    )
    return bool(client.failed) or waits[-1] > _MOST_MS or sum(seconds.values()) > _MOST_S


def _study(trial: Trial) -> bytes:
    protocol = {
        "identificationModule": {"nctId": trial.nct_id, "briefTitle": trial.brief_title},
        "statusModule": {"lastUpdatePostDateStruct": {"date": datetime.now(UTC).date().isoformat()}},
        "descriptionModule": {
            "briefSummary": f"{trial.brief_summary or ''} The sponsor added cohort {time.time_ns()}.",
            "detailedDescription": trial.detailed_description,
        },
        "conditionsModule": {"conditions": list(trial.conditions)},
    }
    return orjson.dumps({"protocolSection": protocol}, option=orjson.OPT_APPEND_NEWLINE)


class _Client:
    """Asks again and again, and keeps how long it waited: milliseconds."""

    def __init__(self, base: str, trials: list[str]) -> None:
        self._base, self._trials = base, trials
        self.waits: list[float] = []
        self.failed = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._ask)

    def wait_for(self, reached: Callable[[str], bool]) -> None:
        for _ in range(600):
            try:
                version = httpx2.get(f"{self._base}/version", timeout=5).json()["indexVersion"]
                if reached(version):
                    return
            except (httpx2.HTTPError, KeyError, ValueError):
                pass
            time.sleep(0.2)
        raise SystemExit("The server does not answer from the version that was awaited.")

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _ask(self) -> None:
        rng = random.Random(_SEED)
        with httpx2.Client(timeout=30) as client:
            while not self._stopped.wait(_EVERY_S):
                started = time.perf_counter()
                try:
                    answer = client.get(f"{self._base}/trials/{rng.choice(self._trials)}/related")
                    self.failed += answer.status_code != httpx2.codes.OK
                except httpx2.HTTPError:
                    self.failed += 1
                self.waits.append((time.perf_counter() - started) * 1000)


if __name__ == "__main__":
    sys.exit(main())
