"""Write the table of classes of drugs, and of other interventions, with their members that the package carries.

    python bench/drug_classes.py bench/drug_classes.txt data/names/classes.tsv

A line of the first file has the names of a class, then behind a colon its members; ``*gliptin`` stands for all drugs of
``data/names/drugs.tsv`` whose names end so, as international nonproprietary names of one class do. Names are separated
by bars, the first is what answers call the class; in round brackets they are none to look for members by.
"""

import shlex
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from trialkin.index.other_names import drugs


def main(classes: Path, out: Path) -> None:
    """Write a line a class: its names as they stand, then its members, by tabs."""
    own = [names[0].lower() for names in drugs() if " " not in names[0]]
    lines = ["\t".join(line) for line in _lines(classes.read_text(encoding="utf-8"), own)]
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} classes, {out.stat().st_size:,} bytes")


def _lines(text: str, own: Sequence[str]) -> Iterator[list[str]]:
    for line in text.splitlines():
        names, _, told = line.partition(" : ")
        members = dict.fromkeys(member for one in shlex.split(told) for member in _members(one, own))
        yield [names, *members]


def _members(told: str, own: Sequence[str]) -> list[str]:
    return [name for name in own if name.endswith(told[1:])] if told.startswith("*") else [told]


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*map(Path, sys.argv[1:]))
