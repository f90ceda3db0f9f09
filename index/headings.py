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

_EPONYMS = frozenset(
    {
        *("addison", "alzheimer", "angelman", "behcet", "crohn", "cushing", "dravet", "duchenne", "dupuytren", "ehler"),
        *("fabry", "gaucher", "hashimoto", "hirschsprung", "huntington", "kawasaki", "marfan", "meniere", "noonan"),
        *("parkinson", "peyronie", "prader willi", "raynaud", "rett", "sjogren", "tourette", "guillain barre"),
    }
)
"""Names that say a disease without a word for it: ustekinumab in Crohn's."""
_OF_EPONYMS = ("disease", "syndrome", "muscular dystrophy", "contracture", "danlo syndrome", "thyroiditis")


def with_headings(dictionary: Dictionary, kind: Kind, vocabulary: Container[str]) -> Dictionary:
    """A dictionary of one kind that also finds the headings, each by all its names.

    What records list by several names of a heading is one concept; a name that only qualifies a heading stands for
    it, too. By a name of a heading nothing else is meant, whatever acronyms or other names records make of it.

    Args:
        dictionary: learnt from the records.
        kind: of the dictionary.
        vocabulary: the words of all trials, as phrases have them; names with others are left out.
    """
    said = [
        (heading, [key for key, words in named.items() if all(word in vocabulary for word in words)])
        for heading, named in _phrases(kind)
    ]
    names, told, became = _together(dictionary.names, said)
    phrases = {key: became.get(concept, concept) for key, concept in (dictionary.phrases | told).items()}
    phrases |= {
        name: phrases[whole]
        for name in sorted(_EPONYMS)
        for disease in reversed(_OF_EPONYMS)  # the first counts
        if name not in phrases and (whole := f"{name} {disease}") in phrases
    }
    acronyms = dictionary.acronyms.difference(told)
    links: defaultdict[int, dict[int, None]] = defaultdict(dict)
    for concept, others in dictionary.headings.items():
        links[became.get(concept, concept)] |= dict.fromkeys(became.get(other, other) for other in others)
    called = [key for key in map(phrase_key, names) if key in phrases]
    for key, plain in plain_names(called, phrases, kind, acronyms):
        links[phrases[key]][phrases[plain]] = None
    stands = {concept: tuple(other for other in links[concept] if other != concept) for concept in sorted(links)}
    stands = {concept: others for concept, others in stands.items() if others}
    return Dictionary(names, phrases, stands, acronyms, dictionary.passing)


def _together(
    names: Sequence[str], said: Sequence[tuple[str, Sequence[str]]]
) -> tuple[list[str], dict[str, int], dict[int, int]]:
    """Concepts that are learnt, and headings with their phrases, as one list.

    Returns:
        the names of all, the concept of each phrase of a heading, and of learnt concepts that are one what they became.
    """
    learnt = {phrase_key(name): concept for concept, name in enumerate(names)}
    every, told, became = list(names), dict[str, int](), dict[int, int]()
    for heading, keys in said:
        known = [learnt[key] for key in keys if key in learnt]
        if len(known) == 1:  # it is called as most records write it
            told |= dict.fromkeys(keys, known[0])
        elif keys:
            told |= dict.fromkeys(keys, len(every))
            became |= dict.fromkeys(known, len(every))
            every.append(heading)
    return every, told, became


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
