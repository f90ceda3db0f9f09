"""How long a whole build takes, from files to a published index.

    TRIALKIN_HOME=EMPTY_FOLDER python bench/build.py FILE...

Runs ``trialkin import`` and ``trialkin build``, then both again with nothing changed, each as its own process, and
prints a Markdown table of seconds and peak memory. A first build on a machine also converts the model once.
"""

import os
import subprocess
import sys
import time
from pathlib import Path


def main() -> None:
    command = str(Path(sys.executable).with_name("trialkin"))
    print("| command | seconds | peak memory GB | answer |\n|---|---|---|---|", flush=True)
    for _ in range(2):
        row(command, "import", *sys.argv[1:])
        row(command, "build")
    row(command, "build", "--force")


def row(*command: str) -> None:
    started = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    answer = process.stdout.read().strip() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if os.waitstatus_to_exitcode(status):
        sys.exit(f"{' '.join(command)} failed")
    name = " ".join(Path(part).name for part in command)
    print(f"| {name} | {seconds:.1f} | {usage.ru_maxrss / 1e6:.2f} | {answer} |", flush=True)


if __name__ == "__main__":
    main()
