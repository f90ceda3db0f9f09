"""Published versions: immutable folders behind one pointer that is replaced in one step.

index/
  0001/  0002/  ...   versions, never changed once published
  CURRENT             the name of the one that answers
  .building-*         builds under way, or leftovers of killed ones
"""

import os
import shutil
from pathlib import Path

from ..data.files import sync, write_atomically
from ..errors import IndexDamaged, IndexMissing, TrialkinError

CURRENT = "CURRENT"
BUILDING = ".building-"


class Versions:
    """The versions under one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def names(self) -> list[str]:
        """All published versions, oldest first."""
        if not self.root.is_dir():
            return []
        return sorted((path.name for path in self.root.iterdir() if path.name.isdecimal()), key=int)

    def current(self) -> str:
        """The name of the version that answers.

        Raises:
            IndexMissing: none has been published.
            IndexDamaged: the pointer names a version that is not there.
        """
        try:
            name = self._pointed()
        except (FileNotFoundError, NotADirectoryError):
            raise IndexMissing(f"There is no index in {self.root}.", "Run trialkin build first.") from None
        if not name.isdecimal() or not (self.root / name).is_dir():
            raise IndexDamaged(
                f"{self.root / CURRENT} points to version {name!r}, which is not there.",
                "Run trialkin rollback, or trialkin build --force.",
            )
        return name

    def folder(self, name: str | None = None) -> Path:
        """The folder of a version, by default of the current one."""
        return self.root / (name or self.current())

    def begin(self) -> Path:
        """A fresh folder to build in; leftovers of killed builds are removed. Hold the home's lock."""
        self.root.mkdir(parents=True, exist_ok=True)
        for leftover in self.root.glob(f"{BUILDING}*"):
            shutil.rmtree(leftover, ignore_errors=True)
        aside = self.root / f"{BUILDING}{os.getpid()}"
        aside.mkdir()
        return aside

    def adopt(self, aside: Path) -> str:
        """Turn a finished build into a version that is not yet the current one; returns its name."""
        for path in [*aside.rglob("*"), aside]:
            sync(path)
        name = f"{max(map(int, self.names()), default=0) + 1:04d}"
        aside.rename(self.root / name)
        sync(self.root)
        return name

    def point(self, name: str) -> None:
        """Make a version the current one, in one step."""
        write_atomically(self.root / CURRENT, f"{name}\n".encode())

    def prune(self, keep: int) -> None:
        """Remove the oldest versions, but for the newest `keep` and the current one."""
        current = self.current()
        for name in self.names()[:-keep]:
            if name != current:
                shutil.rmtree(self.root / name, ignore_errors=True)

    def _pointed(self) -> str:
        return (self.root / CURRENT).read_bytes().decode(errors="replace").strip()

    def before_current(self) -> str:
        """The version to roll back to.

        Raises:
            TrialkinError: there is none.
        """
        try:
            pointed = self._pointed()
        except FileNotFoundError:
            pointed = ""
        number = int(pointed) if pointed.isdecimal() else float("inf")
        older = [name for name in self.names() if int(name) < number]
        if not older:
            raise TrialkinError("There is no earlier version to roll back to.", "Run trialkin build --force.")
        return older[-1]
