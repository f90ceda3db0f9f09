"""Single letters that name: hepatitis B is not hepatitis C, and T cells are no B cells.

Alone a letter says nothing, so it is tied to the word that it belongs to, as though there were a hyphen.
"""

from collections.abc import Sequence

_HEADS = """
agalsidase aldolase amphotericin amyloid apolipoprotein botulinum cathepsin chromogranin ciclosporin clade class
coenzyme complement cyclin cyclosporin cyclosporine cystatin cytochrome endothelin factor galactosidase grade granzyme
haemoglobin haemophilia hemoglobin hemophilia hepatitis immunoglobulin influenza inhibin kinase lipid lipoprotein
luminal meningitis meningococcal mitomycin neuropeptide oncostatin penicillin polymyxin prostaglandin protein
proteinase pugh serogroup serotype stage substance subtype toxin troponin type ultraviolet vitamin
"""
_SAME = {"apo": "apolipoprotein", "hep": "hepatitis", "hydroxyvitamin": "vitamin", "vit": "vitamin"}
_HEAD = {
    **{form: head for head in _HEADS.split() for form in (head, f"{head}s")},
    **_SAME,
}
"""The words that a letter behind them belongs to, each with what it is tied to."""
_NOT_BEFORE_A = frozenset(["class", "complement", "factor", "grade", "protein", "stage", "substance"])
"""Behind these an *a* is an article."""
_TAILS = frozenset(["cell", "cells", "lymphocyte", "lymphocytes"])
_OF_CELLS = frozenset("bkt")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
_VITAMERS = frozenset(["d2", "d3", "k1", "k2"])
_LIST = frozenset(["and", "or", "and/or"])
_MARKS = _LETTERS | _VITAMERS


def tied(words: Sequence[str]) -> Sequence[str]:
    """Words in small letters, with those letters tied that name: ``hepatitis-b`` for ``hepatitis``, ``b``.

    In ``hepatitis``, ``b``, ``and``, ``c`` both letters are. Of forms of one vitamin the vitamin is named, too.
    """
    if _MARKS.isdisjoint(words) and not any("/" in word for word in words):
        return words
    out: list[str] = []
    head, named = "", False
    for place, word in enumerate(words):
        if letters := _letters(word, head, named):
            for letter in letters:
                _tie(out, f"{head}-{letter}", named)
                named = True
            if word in _VITAMERS:
                out.append(word)
        elif word in _TAILS and out and out[-1] in _OF_CELLS:
            out[-1] = f"{out[-1]}-{word}"
            head = ""
        else:
            out.append(word)
            if not (named and word in _LIST):
                head, named = _HEAD.get(word.rpartition("-")[2], ""), False
                if word == "group" and place + 2 < len(words) and words[place + 2].startswith("strep"):
                    head = word
    return out


def _letters(word: str, head: str, named: bool) -> Sequence[str]:
    """The letters of a word that belong to a head before it, or before another letter and *and*; none of others."""
    if not head:
        return ()
    if head == "vitamin" and word in _VITAMERS:
        return word[0]
    letters = word.split("/")
    an_article = word == "a" and (named or head in _NOT_BEFORE_A)
    return () if an_article or not _LETTERS.issuperset(letters) else letters


def _tie(out: list[str], name: str, named: bool) -> None:
    """Put a name in place of its head; of a compound, and of another name, behind it."""
    if named or "-" in out[-1]:
        out.append(name)
    else:
        out[-1] = name
