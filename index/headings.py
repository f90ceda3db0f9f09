"""Conditions and interventions by all that they are called: a dictionary beside the headings of the package.

Records teach a dictionary the names that some of them list; many a condition is listed by none of a collection and
named in titles all the same. So the package carries the Medical Subject Headings of conditions and interventions with
their names, and those of the Disease Ontology; ``bench/headings.py`` chose them.
"""

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from functools import cache
from importlib.resources import files

from .dictionary import Dictionary, Kind, plain_names
from .phrases import phrase_key


def with_headings(dictionary: Dictionary, kind: Kind, vocabulary: Container[str]) -> Dictionary:
    """A dictionary of one kind that also finds the headings, each by all its names.

    What records list by several names of a heading is one concept; a name that only qualifies a heading stands for
    it, too. By a name of a heading nothing else is meant, whatever acronyms or other names records make of it.

    Args:
        dictionary: learnt from the records.
        kind: of the dictionary.
        vocabulary: the words of all trials, as phrases have them; names with others are left out.
    """
    own = {phrase_key(name): concept for concept, name in enumerate(dictionary.names)}
    names, phrases = list(dictionary.names), dict(dictionary.phrases)
    became: dict[int, int] = {}
    told: set[str] = set()
    for heading, named in _phrases(kind):
        keys = [key for key, words in named.items() if all(word in vocabulary for word in words)]
        known = [own[key] for key in keys if key in own]
        concept = len(names)
        if len(known) == 1:  # it is called as most records write it
            concept = known[0]
        elif keys:
            names.append(heading)
            became |= dict.fromkeys(known, concept)
        phrases |= dict.fromkeys(keys, concept)
        told.update(keys)
    phrases = {key: became.get(concept, concept) for key, concept in phrases.items()}
    acronyms = dictionary.acronyms.difference(told)
    stands: defaultdict[int, dict[int, None]] = defaultdict(dict)
    for concept, others in dictionary.headings.items():
        stands[became.get(concept, concept)] |= dict.fromkeys(became.get(other, other) for other in others)
    called = dict.fromkeys(map(phrase_key, names))
    for key, plain in plain_names((key for key in called if key in phrases), phrases, kind, acronyms):
        stands[phrases[key]][phrases[plain]] = None
    links = {concept: tuple(other for other in stands[concept] if other != concept) for concept in sorted(stands)}
    return Dictionary(
        names, phrases, {concept: others for concept, others in links.items() if others}, acronyms, dictionary.passing
    )


@cache
def headings(kind: Kind) -> Sequence[Sequence[str]]:
    """The names of each heading of a kind, its own first."""
    table = (files("trialkin.data") / "names" / "headings.tsv").read_text(encoding="utf-8")
    lines = (line.split("\t") for line in table.splitlines())
    return [names for kind_of, *names in lines if kind_of == kind]


@cache
def _phrases(kind: Kind) -> Sequence[tuple[str, Mapping[str, Sequence[str]]]]:
    """Each heading with the phrases of its names, and their words."""
    return [(names[0], {key: key.split(" ") for key in map(phrase_key, names)}) for names in headings(kind)]
