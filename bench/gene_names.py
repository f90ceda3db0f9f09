"""Choose the other names of genes that the package carries, and write them.

    TRIALKIN_HOME=... python bench/gene_names.py HGNC_FILE data/genes/names.tsv

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
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from trialkin import Settings
from trialkin.data import Snapshot
from trialkin.index import Index, Versions
from trialkin.index.gene_names import term_of_name
from trialkin.index.opening import query_encoder
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
    """Write a line a gene with names that are kept, its names by tabs, and print how alike their trials are."""
    genes = _genes(nomenclature)
    families = _families(genes)
    index = Index(Versions(Settings().home / "index").folder(), query_encoder(Settings()), checksums=False)
    likeness = _Likeness(index, {name for names in (*genes.values(), families) for name in names})
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
    kept = ["\t".join(line) for _, line in sorted(lines.items())]
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("\n".join(kept) + "\n", encoding="utf-8")
    print(f"{len(kept)} genes, {out.stat().st_size:,} bytes")


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
                by_term = {term: name for name in reversed((symbol, *others)) if (term := term_of_name(name))}
                genes[symbol] = [name for term, name in reversed(by_term.items()) if len(term) >= _SHORTEST]
    symbols = {term_of_name(symbol) for symbol in genes}
    bearers = Counter(term_of_name(name) for names in genes.values() for name in names)
    return {
        symbol: [
            name
            for name in names
            if name == symbol or ((term := term_of_name(name)) not in symbols and bearers[term] == 1)
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


class _Likeness:
    """How alike the trials are that use either of two names."""

    def __init__(self, index: Index, names: set[str]) -> None:
        self._contexts = _contexts(index, {term for name in names if (term := term_of_name(name))})

    def of(self, one: str, other: str) -> float:
        """Cosine of their mean profiles; 0 if either is hardly used as a name."""
        first, second = (self._contexts.get(term_of_name(name) or "") for name in (one, other))
        return 0.0 if first is None or second is None else float(first @ second)


def _contexts(index: Index, names: set[str]) -> Mapping[str, NDArray[np.float32]]:
    """What the trials are about that use each name, by its term: unit vectors, of names that are used as such."""
    uses, as_names, rows = Counter[str](), Counter[str](), defaultdict[str, set[int]](set)

    store, profiles = index._store, index._channels.profiles

    @lru_cache(maxsize=1 << 20)
    def look(token: str) -> tuple[tuple[str, bool], ...]:
        """The names in a token, and whether it is written as a name: of TREM-1 ``trem1`` alone."""
        whole, found = joined(token), terms(token)
        compound = whole in found and whole != token.lower()
        as_name = compound or sum(char.isupper() for char in token) >= _CAPITALS
        found = [whole] if compound else found
        return tuple((term, as_name or any(map(str.isdigit, term))) for term in found if term in names)

    for nct_id, text in _texts():
        for term, as_name in (found for token in _TOKEN.findall(text) for found in look(token)):
            uses[term] += 1
            if as_name:
                as_names[term] += 1
                rows[term].add(store.row(nct_id))
    mean = profiles.vectors(np.arange(len(index), dtype=np.int32)).mean(axis=0)
    out = {}
    for term, used in rows.items():
        if len(used) >= _LEAST_TRIALS and as_names[term] >= _LEAST_SHARE * uses[term]:
            context = profiles.vectors(np.asarray(sorted(used), np.int32)).mean(axis=0) - mean
            out[term] = context / np.linalg.norm(context)
    return out


def _texts() -> Iterator[tuple[str, str]]:
    """The id and the text of every record."""
    for row in Snapshot.open(Settings().home / "snapshot").rows(["nctId", *_TEXTS, "conditions", "keywords"]):
        parts = [row[name] or "" for name in _TEXTS]
        yield row["nctId"], "\n".join([*parts, *(row["conditions"] or ()), *(row["keywords"] or ())])


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
