"""The classes of drugs that some names name a member of, by any name of a drug: of Humira the TNF inhibitors."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from .concepts import Thesaurus
from .dictionary import Dictionary
from .drug_classes import classes_of, drug_classes, with_class_names
from .drug_concepts import with_drug_names
from .phrases import phrase_key


def named_classes(names: Iterable[str]) -> set[str]:
    """The classes of all that some names of interventions name."""
    thesaurus, of_concepts = _members()
    return {one for name in names for concept in thesaurus.of_text(name) for one in of_concepts.get(concept, ())}


@cache
def _members() -> tuple[Thesaurus, Mapping[int, Sequence[str]]]:
    """All members of classes by all their names, and the classes of each."""
    members = list(dict.fromkeys(member for one in drug_classes() for member in one.members))
    names = Dictionary(members, {phrase_key(name): n for n, name in enumerate(members)}, {})
    known = with_class_names(with_drug_names(names))
    return Thesaurus.of(known), classes_of(known)
