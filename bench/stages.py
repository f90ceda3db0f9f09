"""Where the time of a build from the caches goes.

    TRIALKIN_HOME=HOME python bench/stages.py

HOME holds a snapshot whose texts are all embedded. Builds anew, which publishes a version, and prints a Markdown table
of the stages: seconds, and their share of the whole.
"""

import time

from trialkin.index import build
from trialkin.settings import Settings


class _Stages:
    """A build's progress that keeps when each stage began."""

    def __init__(self) -> None:
        self.began: list[tuple[str, float]] = []

    def stage(self, name: str) -> None:
        self.began.append((name, time.perf_counter()))

    def trials(self, done: int, total: int) -> None:
        """Nothing is shown."""

    def encoded(self, texts: int, tokens: int) -> None:
        """Nothing is shown."""


def main() -> None:
    progress = _Stages()
    report = build(Settings(), progress, force=True)
    progress.stage("end")
    whole = progress.began[-1][1] - progress.began[0][1]
    print(f"{report.trials:,} trials, {report.texts_encoded:,} texts embedded, {whole:.1f} s\n")
    print("| stage | s | share |\n|---|---|---|")
    for (name, began), (_, ended) in zip(progress.began, progress.began[1:], strict=False):
        print(f"| {name} | {ended - began:.1f} | {(ended - began) / whole:.0%} |")


if __name__ == "__main__":
    main()
