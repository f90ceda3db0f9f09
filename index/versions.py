"""Published versions: immutable folders behind one pointer that is replaced in one step.

index/
  0001/  0002/  ...   versions, never changed once published
  CURRENT             the name of the one that answers
  PINNED              the name of the one that a rollback went back to; it is not pruned
  .building-*         a build under way, or left by a killed one
  .removing-*         a version being removed
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path

from ..data.files import make_folder, sync, write_atomically
from ..errors import IndexDamaged, IndexMissing, TrialkinError

CURRENT = "CURRENT"
PINNED = "PINNED"
BUILDING = ".building-"
REMOVING = ".removing-"


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
            name = self._read(CURRENT)
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

    def clear(self) -> None:
        """Remove what killed builds left. Hold the home's lock."""
        for leftover in [*self.root.glob(f"{BUILDING}*"), *self.root.glob(f"{REMOVING}*")]:
            shutil.rmtree(leftover, ignore_errors=True)

    def begin(self) -> Path:
        """A fresh folder to build in, once leftovers are removed. Hold the home's lock."""
        make_folder(self.root)
        self.clear()
        aside = self.root / f"{BUILDING}{os.getpid()}"
        aside.mkdir()
        return aside

    def adopt(self, aside: Path) -> str:
        """Turn a finished build into a version that is not yet the current one; returns its name.

        Its files have settled on the disk before.
        """
        name = f"{max(map(int, self.names()), default=0) + 1:04d}"
        aside.rename(self.root / name)
        sync(self.root)
        return name

    def point(self, name: str) -> None:
        """Make a version the current one, in one step. If there are newer ones it was gone back to, and is pinned."""
        if self.names()[-1:] != [name]:
            write_atomically(self.root / PINNED, f"{name}\n".encode())
        write_atomically(self.root / CURRENT, f"{name}\n".encode())

    def prune(self, keep: int) -> None:
        """Remove the oldest versions, but for the newest `keep`, the current one and the pinned one.

        A version goes in one step, so that none is ever listed that is not whole. One that cannot be removed stays.
        """
        kept = {self.current(), self._named_by(PINNED)}
        for name in self.names()[:-keep]:
            if name not in kept:
                with suppress(OSError):
                    (self.root / name).rename(self.root / f"{REMOVING}{name}")
        sync(self.root)  # first the name, then the files
        self.clear()

    def before_current(self) -> str:
        """The version to roll back to.

        Raises:
            TrialkinError: there is none.
        """
        pointed = self._named_by(CURRENT)
        number = int(pointed) if pointed.isdecimal() else float("inf")
        older = [name for name in self.names() if int(name) < number]
        if not older:
            raise TrialkinError("There is no earlier version to roll back to.", "Run trialkin build --force.")
        return older[-1]

    def _named_by(self, pointer: str) -> str:
        try:
            return self._read(pointer)
        except FileNotFoundError:
            return ""

    def _read(self, pointer: str) -> str:
        return (self.root / pointer).read_bytes().decode(errors="replace").strip()
