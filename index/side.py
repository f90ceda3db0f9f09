"""One of two trials, or a text, as reasons compare it: where it speaks of what, and in which words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from .concepts import Thesaurus
from .dictionary import Kind
from .facts import Facts
from .naming import meant
from .sentences import LEAST_TERMS, Sentence, sentences
from .traits import placebo_words, trait_words

_OWN_LISTS = ("conditions", "interventions")
"""What authors list in their own words; MeSH headings are the registry's."""
_ANCESTORS = "interventionAncestors"
Quote = tuple[str, str]
"""A field of a record, and words as they stand there."""


@dataclass(frozen=True)
class Side:
    """One of two trials, or a text, with what reasons compare; each part is found on first use."""

    facts: Facts
    concepts: Mapping[Kind, frozenset[int]]
    thesauri: Mapping[Kind, Thesaurus]
    weights_of: Callable[[str], dict[str, float]]

    _quotes: dict[tuple[Kind, bool], Mapping[int, Quote]] = field(default_factory=dict)
    _traits: dict[str, Mapping[int, Quote]] = field(default_factory=dict)

    def quote(self, kind: Kind, concept: int) -> Quote | None:
        """Where it speaks of a concept first: what it lists, its titles, its summary."""
        return self._mentions(kind, in_summary=False).get(concept) or self._mentions(kind, in_summary=True).get(concept)

    def quote_of_class(self, name: str, members: Iterable[int]) -> Quote | None:
        """Where it first speaks of one of some interventions of a class, or names the class as one above its own."""
        quotes = (self.quote(Kind.INTERVENTION, one) for one in members)
        above = (_ANCESTORS, name) if name in self.facts.classes else None
        return next((one for one in quotes if one is not None), above)

    def traits(self, trait: str) -> Mapping[int, Quote]:
        """The flags of a trait, with the words that give them away."""
        if trait not in self._traits:
            found = trait_words(trait, self.facts.texts)
            if trait == "comparison" and not found:
                found = placebo_words(self.facts.listed.get(Kind.INTERVENTION, ()))
            self._traits[trait] = found
        return self._traits[trait]

    @cached_property
    def sentences(self) -> list[Sentence]:
        """Its sentences, weighted by how rare their words are; of key words each one tells what is looked for."""
        least = 1 if self.facts.is_text else LEAST_TERMS
        return sentences((text for _, text in self.facts.texts), self.weights_of, least)

    def lists(self, kind: Kind, concept: int) -> bool:
        """Whether it lists a concept by itself in its own words, not within a longer name or as a MeSH heading."""
        quote = self._mentions(kind, in_summary=False).get(concept)
        return quote is not None and quote[0] in _OWN_LISTS and quote in self.facts.listed[kind]

    def field_of(self, text: str) -> str:
        """The field that a sentence stands in."""
        return next(name for name, whole in self.facts.texts if text in whole)

    def _mentions(self, kind: Kind, *, in_summary: bool) -> Mapping[int, Quote]:
        """Its concepts of a kind with their first quotes, of the summary or of all else."""
        if (kind, in_summary) not in self._quotes:
            fields = [one for one in self.facts.texts if (one[0] == "briefSummary") is in_summary]
            if not in_summary:
                fields = [*self.facts.listed.get(kind, ()), *fields]
            found: dict[int, Quote] = {}
            thesaurus = self.thesauri[kind]
            for name, text in fields:
                for mention in thesaurus.recogniser.mentions(text):
                    for concept in thesaurus.dictionary.meanings(mention.concept):
                        if concept not in found:
                            found[concept] = (name, _whole(text, mention.start, mention.end))
                if self.facts.is_text:
                    for concept, words in meant(text, thesaurus).items():
                        found.setdefault(concept, (name, words))
            self._quotes[kind, in_summary] = found
        return self._quotes[kind, in_summary]


def _whole(text: str, start: int, end: int) -> str:
    """A mention with the bracket that it breaks off: ``Melanoma (Skin)``, not ``Melanoma (Skin``."""
    missing = text.count("(", start, end) - text.count(")", start, end)
    if missing > 0 and text.startswith(")", end):
        end += 1
    elif missing < 0 and start and text[start - 1] == "(":
        start -= 1
    return text[start:end]
