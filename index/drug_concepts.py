"""The drugs of a dictionary by all the names that the package's table knows.

Records that test Keytruda and MK-3475 then test one thing, whether or not some record lists the one as another name of
the other.
"""

from collections.abc import Iterator, Sequence

from .dictionary import Dictionary
from .other_names import code_of, drugs
from .phrases import phrase_key

_ACRONYM = 4
"""Letters of a name that is read as an acronym, only where it stands in capitals."""


def with_drug_names(dictionary: Dictionary) -> Dictionary:
    """A dictionary of interventions that also finds its drugs by other names.

    A name that is an intervention of its own stands for the drug, too; one that the records give another meaning keeps
    it.
    """
    phrases, acronyms = dict(dictionary.phrases), set(dictionary.acronyms)
    headings = dict(dictionary.headings)
    for names in drugs():
        keys = [key for name in names for key in _keys(name)]
        known = list(dict.fromkeys(phrases[key] for key in keys if key in phrases and key not in dictionary.acronyms))
        for key in keys if known else ():
            if key not in phrases:
                phrases[key] = known[0]
                if len(key) <= _ACRONYM and key.isalpha():
                    acronyms.add(key)
        for concept in known[1:]:
            headings[concept] = tuple(dict.fromkeys((*headings.get(concept, ()), known[0])))
    return Dictionary(dictionary.names, phrases, headings, frozenset(acronyms), dictionary.passing)


def _keys(name: str) -> Iterator[str]:
    """The phrases of a name; of a code as one word and as two."""
    code = code_of(name)
    written: Sequence[str] = ("-".join(code), "".join(code)) if code else (name,)
    return map(phrase_key, written)
