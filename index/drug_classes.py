"""Classes of drugs and of other interventions, each with its members: tofacitinib and baricitinib are JAK inhibitors.

The registry knows classes by the MeSH headings above those of interventions, which most records lack. So a table comes
with the package; ``bench/drug_classes.py`` writes it.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from .dictionary import Dictionary
from .phrases import phrase_key

_SHORTEST_ACRONYM = 4
"""Characters at least of an acronym that a text means a class by: SSRI; of shorter ones records have other meanings."""


@dataclass(frozen=True)
class DrugClass:
    """One class.

    Attributes:
        names: its own, plurals; first the one that answers call it by.
        asked: whether texts that name it ask for its members; some are rather named in passing, or to be without them.
        members: the names of what belongs to it.
    """

    names: Sequence[str]
    asked: bool
    members: Sequence[str]

    @property
    def name(self) -> str:
        """What answers call it."""
        return self.names[0]


@cache
def drug_classes() -> Sequence[DrugClass]:
    """The classes of the package's table.

    It has a line a class: its names with bars between them, in round brackets if it is not asked for; then members, by
    tabs.
    """
    table = (files("trialkin.data") / "names" / "classes.tsv").read_text(encoding="utf-8")
    return [_drug_class(*line.split("\t")) for line in table.splitlines()]


def _drug_class(names: str, *members: str) -> DrugClass:
    if names.startswith("("):
        return DrugClass(names[1:-1].split(" | "), False, members)
    return DrugClass(names.split(" | "), True, members)


@cache
def names_of_class(name: str) -> frozenset[str]:
    """All names of a class as phrases; none of one that the table does not have."""
    return next((frozenset(map(phrase_key, one.names)) for one in drug_classes() if one.name == name), frozenset())


def with_class_names(dictionary: Dictionary) -> Dictionary:
    """A dictionary of interventions that also finds classes by their names.

    A name that is known already keeps its meaning, and gives it to the other names of its class.
    """
    names, phrases, acronyms = list(dictionary.names), dict(dictionary.phrases), set(dictionary.acronyms)
    for one in drug_classes():
        keys = {phrase_key(name): _is_acronym(name) for name in one.names}
        written = [key for key, short in keys.items() if not short]
        known = [phrases[key] for key in written if key in phrases and key not in acronyms]
        if not known:
            known = [len(names)]
            names.append(one.name)
        for key, short in keys.items():
            if key not in phrases and (not short or len(key) >= _SHORTEST_ACRONYM):
                phrases[key] = known[0]
                if short:
                    acronyms.add(key)
    return Dictionary(names, phrases, dictionary.headings, frozenset(acronyms), dictionary.passing)


def classes_of(dictionary: Dictionary) -> Mapping[int, Sequence[str]]:
    """The names of the classes that each concept of a dictionary of interventions belongs to, or is."""
    found: defaultdict[int, dict[str, None]] = defaultdict(dict)
    for one in drug_classes():
        for concept in _concepts((*one.names, *one.members), dictionary):
            found[concept][one.name] = None
    return {concept: tuple(names) for concept, names in found.items()}


def _concepts(names: Sequence[str], dictionary: Dictionary) -> Iterator[int]:
    """What the names stand for; of acronyms records have meanings of their own."""
    for key in map(phrase_key, names):
        if key in dictionary.phrases and key not in dictionary.acronyms:
            yield dictionary.phrases[key]


def _is_acronym(name: str) -> bool:
    """Whether a name is mostly capitals: SSRIs, G-CSF."""
    return 2 * sum(map(str.isupper, name)) > sum(map(str.isalpha, name))
