"""Letters and numbers that name: hepatitis B is not hepatitis C, type 1 not type 2, and T cells are no B cells.

Alone a letter says nothing, and a number little, so it is tied to the word that it belongs to, as though there were a
hyphen.
"""

import re
from collections.abc import Sequence

_LETTERED = """
agalsidase aldolase amphotericin amyloid apolipoprotein botulinum cathepsin chromogranin ciclosporin clade class
coenzyme complement cyclin cyclosporin cyclosporine cystatin cytochrome endothelin factor galactosidase grade granzyme
haemoglobin haemophilia hemoglobin hemophilia hepatitis immunoglobulin influenza inhibin kinase lipid lipoprotein
luminal meningitis meningococcal mitomycin neuropeptide oncostatin penicillin polymyxin prostaglandin protein
proteinase pugh serogroup serotype stage substance subtype toxin troponin type ultraviolet vitamin
"""
_NUMBERED = """
alfa alpha angiotensin antigen beta bipolar caspase class collagen covid cyclooxygenase death endothelin factor figo
gamma genotype grade hiv hpv hsv il interleukin kinase killip ligand mucopolysaccharidosis nf nyha omega pd peptide
phosphodiesterase protein receptor serotype simplex stage subtype trisomy type virus
"""
_SAME = {"apo": "apolipoprotein", "hep": "hepatitis", "hydroxyvitamin": "vitamin", "vit": "vitamin"}
_LETTERS_OF = {form: head for head in _LETTERED.split() for form in (head, f"{head}s")} | _SAME
_NUMBERS_OF = {form: head for head in _NUMBERED.split() for form in (head, f"{head}s")}
_HEAD = _LETTERS_OF | _NUMBERS_OF
"""The words that what stands behind them belongs to, each with what that is tied to."""
_NOT_BEFORE_A = frozenset(["class", "complement", "factor", "grade", "protein", "stage", "substance"])
"""Behind these an *a* is an article."""
_TAILS = frozenset(["cell", "cells", "lymphocyte", "lymphocytes"])
_OF_CELLS = frozenset("bkt")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")
_NUMBER = re.compile(r"\d{1,2}[a-z]?")
_VITAMERS = frozenset(["d2", "d3", "k1", "k2"])
_LIST = frozenset(["and", "or", "and/or"])
_FIRST = frozenset(_HEAD) | _OF_CELLS | {"group"}
_NUMBERS_ALONE = _NUMBERS_OF.keys() - _LETTERS_OF.keys()


def tied(words: Sequence[str]) -> Sequence[str]:
    """Words in small letters, with each letter or number that names tied to its word: ``hepatitis-b`` for two words.

    In ``hepatitis``, ``b``, ``and``, ``c`` both letters are. Of forms of one vitamin the vitamin is named, too.
    """
    if _FIRST.isdisjoint(words):  # most words are no compounds
        compounds = [word for word in words if "-" in word]
        if not any(word.rpartition("-")[2] in _HEAD for word in compounds):
            return words
    out: list[str] = []
    head, named, more = "", False, False
    for place, word in enumerate(words):
        if (not named or more) and (designators := _designators(word, head, named)):
            for one in designators:
                _tie(out, f"{head}-{one}", named)
                named = True
            if word in _VITAMERS:
                out.append(word)
            more = False
        elif word in _TAILS and out and out[-1] in _OF_CELLS:
            out[-1] = f"{out[-1]}-{word}"
            head = ""
        elif named and word in _LIST:
            out.append(word)
            more = True
        else:
            out.append(word)
            head, named = _HEAD.get(word.rpartition("-")[2], ""), False
            if word == "group" and place + 2 < len(words) and words[place + 2].startswith("strep"):
                head = word
    return out


def _designators(word: str, head: str, named: bool) -> Sequence[str]:
    """What a word tells of a head before it, or before another designator and *and*: letters or numbers, if any."""
    if not head:
        return ()
    if head == "vitamin" and word in _VITAMERS:
        return word[0]
    told = word.split("/")
    if _LETTERS.issuperset(told):
        an_article = word == "a" and (named or head in _NOT_BEFORE_A)
        return told if head not in _NUMBERS_ALONE and not an_article else ()
    return told if head in _NUMBERS_OF and all(map(_NUMBER.fullmatch, told)) else ()


def _tie(out: list[str], name: str, named: bool) -> None:
    """Put a name in place of its head; of a compound, and of another name, behind it."""
    if named or "-" in out[-1]:
        out.append(name)
    else:
        out[-1] = name
