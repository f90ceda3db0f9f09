"""What a text means by other names than records use."""

import re
from collections.abc import Sequence
from functools import lru_cache

from .concepts import Thesaurus
from .other_names import Name, Named, NameOf, known_names, terms_of_text
from .phrases import phrase_key

_WORD = re.compile(r"\S+")
_EDGES = ".,;:!?()[]\"'“”‘’"
"""What may stand around a name and is no part of it."""


@lru_cache(maxsize=1 << 7)  # a text's sentences are asked again for the reasons of each hit
def named_in(text: str) -> Sequence[Named]:
    """All names in a text that have others, of genes, then of conditions, then of drugs."""
    found = terms_of_text(text)
    return [named for names in known_names().values() for named in names.within(found)]


def concepts_of(text: str, thesaurus: Thesaurus) -> dict[int, float]:
    """The concepts of one kind that a text names or means by other names, and their headings, each with 1."""
    return dict.fromkeys(meant(text, thesaurus), 1.0) | thesaurus.of_text(text)


def meant(text: str, thesaurus: Thesaurus) -> dict[int, str]:
    """The concepts that a text means by other names, and their headings, with its words for each.

    Args:
        text: who writes "heart attack" in it also means the concept Myocardial Infarction.
        thesaurus: of one kind; of names that it does not know nothing is found.
    """
    names, phrases = thesaurus.dictionary.names, thesaurus.dictionary.phrases
    found: dict[int, str] = {}
    for words, others in _said(text):
        concepts = [
            phrases[key]
            for key in others
            if key in phrases  # of one word its own name: flu is short for fludarabine, too
            and (" " in key or phrase_key(names[phrases[key]]) in others)
        ]
        for concept in concepts:
            for meaning in thesaurus.dictionary.meanings(concept):
                found.setdefault(meaning, words)
    return found


@lru_cache(maxsize=1 << 7)  # a text is asked of conditions, then of interventions, then for reasons
def _said(text: str) -> Sequence[tuple[str, Sequence[str]]]:
    """The words of a text that say names of conditions and drugs, as they stand there, and phrases of other names.

    Words are names as phrases are, by more than their stems: hepatitis is not hepatic, which stands for the liver.
    """
    found = terms_of_text(text)
    words = [(word, terms_of_text(word[0])[:1]) for word in _WORD.finditer(text)]
    said = []
    for kind in (NameOf.CONDITION, NameOf.DRUG):
        names = known_names()[kind]
        for named in names.within(found):
            standing = _standing(text, words, named.name)
            if standing and _same(standing, names.written[named.name]):
                others = (other for other in named.others if other != named.name)
                said.append((standing, [phrase_key(names.written[other]) for other in others]))
    return said


def _standing(text: str, words: Sequence[tuple[re.Match[str], list[str]]], name: Name) -> str:
    """The first words of a text that say just a name, without what stands around them; empty if none do.

    Args:
        text: where they stand.
        words: of the text, each with its first term, if it has one.
        name: one of its names.
    """
    for place, (first, begins) in enumerate(words):
        for last, _ in words[place : place + len(name)] if begins == [name[0]] else ():
            said = text[first.start() : last.end()].strip(_EDGES)
            if tuple(terms_of_text(said)) == name:
                return said
    return ""


def _same(name: str, other: str) -> bool:
    """Whether two names are one, however its parts are put together: STI571 is STI-571."""
    return phrase_key(name).replace(" ", "") == phrase_key(other).replace(" ", "")
