"""Choose the other names of conditions, parts of the body and treatments that the package carries, and write them.

    TRIALKIN_HOME=... python bench/condition_names.py HP_OBO bench/everyday_names.txt data/names/headings.tsv \
        data/names/conditions.tsv

HP_OBO is a download of the Human Phenotype Ontology in the OBO format, whose exact synonyms are used, clinical ones and
those of laypersons; the next file has names of everyday speech, those of one thing on one line; the third has the
headings of medicine with their names, as ``bench/headings.py`` chose them. Whoever asks by a name also means another of
the same if the trials that have all words of the other are about what those are about that use the first. That leaves
out what means something else in trials, where fits are rarely seizures and nursing is what nurses do; a name may so
lead to another and not the other way. Names that hardly any record uses mean what they say: they lead to those that
records do use and whose words stand together in them. Names of a heading are many, and some say more or less than
others, so they lead only from what few trials use, to what no fewer use, or to what ten times as many use: from breast
neoplasms to breast cancer, but not from trabeculoplasty to trabeculectomy.

The index in TRIALKIN_HOME should be of a whole registry, or of as much of one as there is.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from choosing import Names, Uses, names_of, narrowest
from contexts import current_index

from trialkin.index.other_names import Name, terms_of_name

_LEAST_TRIALS = 3
_LEAST_LIKENESS = 0.6
"""Cosine of the mean profiles of the trials with either name."""
_FEW, _MANY_TIMES = 20, 10
"""Trials below which a name of a heading finds too little by itself; else how many times as many use the other."""
_BROAD = [terms_of_name(name) for name in ("cancer", "carcinoma", "malignancy", "neoplasm", "tumor")]
"""Not names of one condition: in place of each other they make "lung cancer" broader than it is."""
_BRACKETS = re.compile(r"\s*\([^()]*\)")
_SYNONYM = re.compile(r'synonym: "(.*)" EXACT\b')


def main(ontology: Path, everyday: Path, headings: Path, out: Path) -> None:
    """Write a line a name, then by tabs its other names, and print how alike their trials are."""
    mutual, of_headings = [*_everyday(everyday), *_ontology(ontology)], [*_headings(headings)]
    kept: defaultdict[str, dict[str, None]] = defaultdict(dict)
    uses = Uses(current_index(), (name for names in (*mutual, *of_headings) for name in names))
    spelled: dict[Name, str] = {}
    for names, one_way in (*((names, False) for names in mutual), *((names, True) for names in of_headings)):
        for name in names:
            spelled.setdefault(name, names[name])
        for name in names:
            used = [one for one in names if not one_way or _is_better_known(uses, one, name)]
            alike = {one: _likeness(uses, name, one) for one in used}
            for other in narrowest([one for one, likeness in alike.items() if likeness >= _LEAST_LIKENESS]):
                kept[spelled[name]][spelled[other]] = None
                print(f"{alike[other]:.2f}  {spelled[name]} > {spelled[other]}")
    lines = ["\t".join((name, *others)) for name, others in sorted(kept.items())]
    out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} names, {sum(map(len, kept.values()))} other names, {out.stat().st_size:,} bytes")


def _everyday(path: Path) -> Iterator[Names]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield names_of(line.split(" | "))


def _ontology(path: Path) -> Iterator[Names]:
    for stanza in path.read_text(encoding="utf-8").split("\n[")[1:]:
        kind, *lines = stanza.splitlines()
        names = [line.removeprefix("name: ") for line in lines if line.startswith("name: ")]
        synonyms = [found[1] for line in lines if (found := _SYNONYM.match(line))]
        if kind == "Term]" and "is_obsolete: true" not in lines:
            yield names_of(_BRACKETS.sub("", one).strip() for one in (*names, *synonyms))


def _headings(path: Path) -> Iterator[Names]:
    for line in path.read_text(encoding="utf-8").splitlines():
        _, *names = line.split("\t")
        yield names_of(names)


def _is_better_known(uses: Uses, other: Name, name: Name) -> bool:
    own = uses.using(name)
    return uses.using(other) >= (own if own < _FEW else _MANY_TIMES * own)


def _likeness(uses: Uses, name: Name, other: Name) -> float:
    """How alike their trials are; 0 if the other is hardly used, or one holds all words of the other."""
    held = set(name) <= set(other) or set(other) <= set(name) or (name in _BROAD and other in _BROAD)
    if held or not uses.using(other) or uses.having(other) < _LEAST_TRIALS:
        return 0.0
    if uses.using(name) < _LEAST_TRIALS:
        name = other if uses.using(other) >= _LEAST_TRIALS else ()
    return uses.likeness(name, other) if name else 0.0


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*map(Path, sys.argv[1:]))
