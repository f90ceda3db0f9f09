"""What a text means by other names than records use."""

import re
from collections.abc import Iterator
from itertools import chain

from .concepts import Thesaurus
from .other_names import Name, Named, NameOf, known_names, terms_of_name, terms_of_text
from .phrases import phrase_key

_WORD = re.compile(r"\S+")
_EDGES = ".,;:!?()[]\"'“”‘’"
"""What may stand around a name and is no part of it."""


def named_in(text: str) -> Iterator[Named]:
    """All names in a text that have others, of genes, then of conditions."""
    found = terms_of_text(text)
    return chain.from_iterable(names.within(found) for names in known_names().values())


def meant(text: str, thesaurus: Thesaurus) -> dict[int, str]:
    """The concepts that a text means by other names, and their headings, with its words for each.

    Args:
        text: who writes "heart attack" in it also means the concept Myocardial Infarction.
        thesaurus: of one kind; of names that it does not know nothing is found.
    """
    names, phrases = known_names()[NameOf.CONDITION], thesaurus.dictionary.phrases
    found: dict[int, str] = {}
    for named in names.within(terms_of_text(text)):
        keys = (phrase_key(names.written[other]) for other in named.others)
        concepts = [phrases[key] for key in keys if key in phrases]
        for concept in concepts if (words := _words_of(text, named.name)) else ():
            for meaning in thesaurus.dictionary.meanings(concept):
                found.setdefault(meaning, words)
    return found


def _words_of(text: str, name: Name) -> str:
    """The words of a text that say a name, as they stand there; empty if they cannot be told from others."""
    words = list(_WORD.finditer(text))
    for first, word in enumerate(words):
        for last in words[first : first + 2 * len(name) + 1] if terms_of_name(word[0]) else ():
            said = text[word.start() : last.end()].strip(_EDGES)
            if terms_of_name(said) == name:
                return said
    return ""
