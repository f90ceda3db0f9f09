"""What a text means by other names than records use."""

import re
from collections.abc import Sequence
from functools import lru_cache

from .concepts import Thesaurus
from .other_names import Named, NameOf, known_names, terms_of_text
from .phrases import phrase_key

_WORD = re.compile(r"\S+")
_EDGES = ".,;:!?()[]\"'“”‘’"
"""What may stand around a name and is no part of it."""


@lru_cache(maxsize=1 << 7)  # a text's sentences are asked again for the reasons of each hit
def named_in(text: str) -> Sequence[Named]:
    """All names in a text that have others, of genes, then of conditions."""
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
    keys, phrases = thesaurus.keys, thesaurus.dictionary.phrases
    found: dict[int, str] = {}
    for words, others in _said(text):
        concepts = [phrases[key] for key in others if key in phrases]
        for concept in (one for one in concepts if keys[one] in others):  # Flu is also short for fludarabine
            for meaning in thesaurus.dictionary.meanings(concept):
                found.setdefault(meaning, words)
    return found


@lru_cache(maxsize=1 << 7)  # a text is asked of conditions, then of interventions, then for reasons
def _said(text: str) -> Sequence[tuple[str, Sequence[str]]]:
    """The words of a text that say names of conditions, as they stand there, and the phrases of their other names.

    Words are names as phrases are, by more than their stems: hepatitis is not hepatic, which stands for the liver.
    """
    names = known_names()[NameOf.CONDITION]
    whole = {named.name for named in names.within(terms_of_text(text))}  # none in "non small cell lung cancer"
    words = [(word, term) for word in _WORD.finditer(text) for term in terms_of_text(word[0])]
    found = []
    for named in names.within([term for _, term in words]):
        first, last = words[named.start][0], words[named.start + len(named.name) - 1][0]
        said = text[first.start() : last.end()].strip(_EDGES)
        if named.name in whole and phrase_key(said) == phrase_key(names.written[named.name]):
            found.append((said, [phrase_key(names.written[other]) for other in named.others]))
    return found
