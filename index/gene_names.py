"""Other names of genes: whoever asks for ERBB2 also means HER2.

The registry explains them too rarely to learn them from it, so a table comes with the package: names of the HUGO Gene
Nomenclature Committee that trials use, chosen by ``bench/gene_names.py``.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from .terms import terms
from .word_parts import joined


def term_of_name(name: str) -> str | None:
    """The one term that stands for a name in texts: ``pdl1`` for PD-L1; None where it takes several."""
    found = terms(name)
    whole = joined(name)
    if whole in found:
        return whole
    return found[0] if len(found) == 1 else None


def other_names(genes: Iterable[Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Terms by a term of the same gene, without itself, in the order of the names.

    Args:
        genes: the names of each.
    """
    out: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for names in genes:
        of_gene = dict.fromkeys(term for name in names if (term := term_of_name(name)))
        for term in of_gene:
            out[term].update(dict.fromkeys(other for other in of_gene if other != term))
    return {term: tuple(others) for term, others in out.items() if others}


@cache
def known_names() -> Mapping[str, tuple[str, ...]]:
    """`other_names` of the table that comes with the package: a line a gene, its names by tabs."""
    table = (files("trialkin.data") / "genes" / "names.tsv").read_text(encoding="utf-8")
    return other_names(line.split("\t") for line in table.splitlines())
