"""Choose the other names of genes that the package carries, and write them.

    TRIALKIN_HOME=... python bench/gene_names.py HGNC_FILE data/names/genes.tsv

HGNC_FILE is a download of the HUGO Gene Nomenclature Committee, tab-separated, with the columns Status, Locus type,
Approved symbol, Alias symbols and Previous symbols. Most names in it are of no use here: trials never use them, or use
them for something else (ARF is acute renal failure; in the nomenclature it is CDKN2A). So a name is kept if records
write it as a name, and if the trials that do are about what those are about that use another name of the same gene.
The index in TRIALKIN_HOME should be of a whole registry, or of as much of one as there is.
"""

import csv
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import lru_cache
from itertools import combinations
from pathlib import Path

import numpy as np
from contexts import Contexts, current_index, records
from numpy.typing import NDArray

from trialkin.index import Index
from trialkin.index.other_names import terms_of_name
from trialkin.index.terms import terms
from trialkin.index.word_parts import joined

_LEAST_TRIALS = 3
_LEAST_SHARE = 0.8
"""Of the places where a word stands, those where it is written as a name; "cut" is rarely CUX1."""
_LEAST_LIKENESS = 0.57
"""Cosine of the mean profiles of the trials with either name; below lie other meanings of the same letters."""
_CAPITALS = 2
_SHORTEST = 3
"""Of fewer letters everything stands for something else too."""
_TEXTS = ("briefTitle", "officialTitle", "briefSummary", "detailedDescription", "eligibilityCriteria")
_TOKEN = re.compile(r"[A-Za-z0-9]+(?:[-/][A-Za-z0-9]+)*")


def main(nomenclature: Path, out: Path) -> None:
    """Write a line a name that is kept, the other names of its genes by tabs, and print how alike their trials are."""
    genes = _genes(nomenclature)
    families = _families(genes)
    likeness = _Likeness(current_index(), {name for names in (*genes.values(), families) for name in names})
    lines: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for symbol, names in sorted(genes.items()):
        for pair in combinations(names, 2):
            if likeness.of(*pair) >= _LEAST_LIKENESS:
                lines[symbol] |= dict.fromkeys(pair)
                print(f"{likeness.of(*pair):.2f}  {symbol:10} {', '.join(pair)}")
    for family, symbols in families.items():
        members = [symbol for symbol in symbols if likeness.of(symbol, family) >= _LEAST_LIKENESS]
        for symbol in members if len(members) > 1 else ():
            lines[symbol] |= {symbol: None, family: None}
            print(f"{likeness.of(symbol, family):.2f}  {symbol:10} of the family {family}")
    others: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for names in lines.values():
        for name in names:
            others[name] |= {other: None for other in names if other != name}
    out.write_text("".join("\t".join((name, *rest)) + "\n" for name, rest in sorted(others.items())), encoding="utf-8")
    print(f"{len(lines)} genes, {len(others)} names, {out.stat().st_size:,} bytes")


def _genes(path: Path) -> dict[str, list[str]]:
    """The names, the symbol first, of each gene that codes for a protein, without those that several genes bear.

    Beside the nomenclature's there is c-MET for MET, the cell's own gene rather than a virus's.
    """
    genes: dict[str, list[str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["Status"] == "Approved" and row["Locus type"] == "gene with protein product":
                symbol = row["Approved symbol"]
                others = f"c-{symbol}, {row['Alias symbols'] or ''}, {row['Previous symbols'] or ''}".split(", ")
                by_term = {term: name for name in reversed((symbol, *others)) if (term := _term(name))}
                genes[symbol] = [name for term, name in reversed(by_term.items()) if len(term) >= _SHORTEST]
    symbols = {_term(symbol) for symbol in genes}
    bearers = Counter(_term(name) for names in genes.values() for name in names)
    return {
        symbol: [
            name for name in names if name == symbol or ((term := _term(name)) not in symbols and bearers[term] == 1)
        ]
        for symbol, names in genes.items()
    }


def _families(genes: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Symbols by the letters that they begin with: BRCA has BRCA1 and BRCA2."""
    families: defaultdict[str, list[str]] = defaultdict(list)
    for symbol in genes:
        family = re.sub(r"\d+[A-Z]?$", "", symbol)
        if family not in genes and len(family) >= _SHORTEST:
            families[family].append(symbol)
    return families


def _term(name: str) -> str | None:
    """The one term that stands for a name in texts; None where it takes several."""
    found = terms_of_name(name)
    return found[0] if len(found) == 1 else None


class _Likeness:
    """How alike the trials are that use either of two names."""

    def __init__(self, index: Index, names: set[str]) -> None:
        self._contexts = _contexts(index, {term for name in names if (term := _term(name))})

    def of(self, one: str, other: str) -> float:
        """Cosine of their mean profiles; 0 if either is hardly used as a name."""
        first, second = (self._contexts.get(_term(name) or "") for name in (one, other))
        return 0.0 if first is None or second is None else float(first @ second)


def _contexts(index: Index, names: set[str]) -> Mapping[str, NDArray[np.float32]]:
    """What the trials are about that use each name, by its term: unit vectors, of names that are used as such."""
    uses, as_names, rows = Counter[str](), Counter[str](), defaultdict[str, set[int]](set)

    store, contexts = index._store, Contexts(index)

    @lru_cache(maxsize=1 << 20)
    def look(token: str) -> tuple[tuple[str, bool], ...]:
        """The names in a token, and whether it is written as a name: of TREM-1 ``trem1`` alone."""
        whole, found = joined(token), terms(token)
        compound = whole in found and whole != token.lower()
        as_name = compound or sum(char.isupper() for char in token) >= _CAPITALS
        found = [whole] if compound else found
        return tuple((term, as_name or any(map(str.isdigit, term))) for term in found if term in names)

    for nct_id, texts in records(_TEXTS):
        for term, as_name in (found for token in _TOKEN.findall("\n".join(texts)) for found in look(token)):
            uses[term] += 1
            if as_name:
                as_names[term] += 1
                rows[term].add(store.row(nct_id))
    return {
        term: contexts.of(used)
        for term, used in rows.items()
        if len(used) >= _LEAST_TRIALS and as_names[term] >= _LEAST_SHARE * uses[term]
    }


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
