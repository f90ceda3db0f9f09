"""Count the background that the package carries from the index in TRIALKIN_HOME, and write it.

    TRIALKIN_HOME=... python bench/background.py data/background

The index should be of a whole registry, or of as much of one as there is, and must be built with
TRIALKIN_BACKGROUND=false.
"""

import sys
from pathlib import Path

from trialkin import Settings
from trialkin.index import Versions
from trialkin.index.counting import counted
from trialkin.index.manifest import read_manifest


def main(folder: Path) -> None:
    """Write the background of the current version into a folder."""
    version = Versions(Settings().home / "index").folder()
    folder.mkdir(parents=True, exist_ok=True)
    counted(version).write(folder, read_manifest(version).model.fingerprint)
    for path in sorted(folder.iterdir()):
        print(f"{path.name:20} {path.stat().st_size:>10,} bytes")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
