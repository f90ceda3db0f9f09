"""Words of key words that count less: they connect what is asked, or say that something has come over a gene.

Of a short text every word is meant, and a rare one the most. *Harboring* is rarer than *melanoma*, and *mutation* than
*cancer*; yet who writes them beside the name of a gene wants trials of the gene.
"""

from .word_parts import pieces, stem
from .words import words

_RELATIONS = """
affected affecting associated carries carrying caused causes causing confirmed diagnosed driven due experiencing
harboring harbors induced involving known linked presenting receiving related suffering undergoing
"""
_SUBJECTS = """
approach approaches benefit benefits completed context effect effectiveness effects efficacy enrolling impact ongoing
option options presence recruiting role setting settings status therapies treatment treatments usage use using
"""
_CHANGES = """
aberration aberrations alteration alterations amplification amplified deleted deletion deletions exon inactivating
inactivation mutant mutants mutated mutation mutations rearranged rearrangement rearrangements translocation
translocations truncated truncating truncation
"""
_CONNECTING = frozenset(f"{_RELATIONS} {_SUBJECTS} {_CHANGES}".split())


def connecting(text: str) -> frozenset[str]:
    """The terms of a text that only connect, of words as they are written here: *affected*, but not *affective*."""
    found = {piece for word in words(text) for piece in pieces(word)}
    others = {stem(word) for word in found - _CONNECTING}
    return frozenset(map(stem, found & _CONNECTING)) - others
