"""Choose the other names of drugs that the package carries, and write them.

    TRIALKIN_HOME=... python bench/drug_names.py UNII_NAMES bench/brand_names.txt data/names/drugs.tsv

UNII_NAMES is a download of the UNII names of the Global Substance Registration System of the United States' Food and
Drug Administration, tab-separated, with the columns Name, TYPE, UNII and Display Name; the other file has brands that
are not in it, with the drugs that they are of. Salts and hydrates count as the
drug itself, and of preparations of several drugs the name stands for all of them together. A name is kept if the trials
that use it are about what those are about that use the drug's own name. Brands and codes that no record uses are no
words of everyday speech either; they are kept untested, for texts that ask by them.

The index in TRIALKIN_HOME should be of a whole registry, or of as much of one as there is.
"""

import csv
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from choosing import Names, Uses, names_of, narrowest
from contexts import current_index

from trialkin.index.other_names import Name, terms_of_name

_BRAND, _CODE, _SYSTEMATIC, _OFFICIAL = "bn", "cd", "sys", "official"
_OFFICIAL_SOURCES = ("[INN]", "[USAN]")
_FORMS = """
acetate acid alafenamide ammonium anhydrous arginine aspartate axetil benzathine benzoate besylate bicarbonate
bisulfate bisylate bitartrate bromide butyrate calcium camsylate carbonate chloride choline cilexetil citrate
decanoate diacetate dihydrate dihydrochloride dimaleate dimeglumine dimesylate dimethyl diphosphate dipropionate
disodium disoproxil enanthate esylate etexilate ethanolate fumarate furoate gluconate hemicalcium hemifumarate
hemihydrate hemisuccinate hemisulfate hemitartrate hydrate hydriodide hydrobromide hydrochloride hydroxide iodide
isethionate lactate lysine magnesium malate maleate medoxomil meglumine mesilate mesylate mofetil monohydrate
monohydrochloride monosodium mucate napsylate nitrate olamine oxalate palmitate pamoate pentahydrate phosphate
pivalate pivoxil potassium propionate proxetil salicylate sesquihydrate sodium stearate succinate sulfate sulfoxide
tannate tartrate tetrahydrate tosylate trihydrate tromethamine undecanoate valerate xinafoate zinc
"""
_FORM = frozenset(_FORMS.upper().split())
"""What is added to a drug's name for its salts, esters and hydrates."""
_SOURCE = re.compile(r"\s*\[[^\]]*\]$")
"""Who gave a name, behind it."""
_SPACED_CODE = re.compile(r"([A-Z]{2,}) (\d{3,}[A-Z]?)")
_PART = " COMPONENT "
_NO_NAME = re.compile(r"[,();:/.+*]|IMPURITY")
_NO_DRUG = frozenset(["TACE"])
"""What trials call otherwise than the register: transarterial chemoembolization."""
_LONGEST_NAME, _LONGEST_SYSTEMATIC = 3, 24
"""Words of a name, and letters of one that chemistry gives: 5-fluorouracil is said, most are not."""
_MOST_PARTS = 4
_CODE_FORM = re.compile(r"[A-Z]{2,}-?\d{3,}[A-Z]?")
_COLLECTION = "NSC"
"""Begins the numbers of a collection of compounds, by which hardly anyone asks."""
_LEAST_LIKENESS = {1: 0.2, 3: 0.3, 10: 0.45}
"""Cosine of the mean profiles of the trials with either name, by how many have the other: of few it is noisy."""
_ABBREVIATION, _LEAST_LIKENESS_ABBREVIATED = 3, 0.7
"""Names of so few letters stand for many things."""
_LEAST_SHARE = 0.8
"""Of the words of a stem, those that are written as the name: most are metastatic, and hardly one the drug Metastat."""
_FAR_MORE_USED = 3
"""Times as often as its official name a drug is called otherwise where that is its name: leucovorin."""
_MOST_APART = 3
"""Times as many trials as use a name of several words may have these words apart."""

Drugs = Mapping[str, Mapping[str, str]]
"""The kind of each name of each drug."""


def main(unii: Path, brands: Path, out: Path) -> None:
    """Write a line a drug, its own name and others by tabs, and print which brands stand for several drugs."""
    drugs, preparations = _read(unii, brands)
    named = {drug: names_of(names) for drug, names in _unambiguous(drugs).items()}
    together = [names_of((name, " ".join(of))) for name, of in preparations.items()]
    uses = Uses(current_index(), (name for names in (*named.values(), *together) for name in names))
    lines = []
    for drug, names in named.items():
        if len(kept := _kept(names, drugs[drug], uses)) > 1:
            lines.append([names[name] for name in kept])
    for names in together:
        if len(names) > 1 and _fits_together(*names, uses):
            lines.append(list(reversed(names.values())))
            print(" = ".join(names.values()))
    written = ["\t".join(map(_as_written, line)) for line in lines]
    out.write_text("".join(f"{line}\n" for line in sorted(written)), encoding="utf-8")
    print(f"{len(lines)} drugs, {sum(map(len, lines))} names, {out.stat().st_size:,} bytes")


def _read(unii: Path, brands: Path) -> tuple[dict[str, dict[str, str]], dict[str, list[str]]]:
    """The names of each drug that has an official one, and the drugs of each brand of several together."""
    with unii.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    substances = {row["Display Name"] for row in rows}
    drug_of = {substance: _drug(substance, substances) for substance in substances}
    drugs: defaultdict[str, dict[str, str]] = defaultdict(dict)
    parts: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for row in rows:
        name, kind, drug = _SOURCE.sub("", row["Name"]), row["TYPE"], drug_of[row["Display Name"]]
        if row["Name"].endswith(_OFFICIAL_SOURCES):
            kind = _OFFICIAL
        if spaced := _SPACED_CODE.fullmatch(name):
            name = "-".join(spaced.groups())  # texts are looked for by both
        brand, part, _ = name.partition(_PART)
        if part and brand.isalpha():
            parts[brand][drug] = None
        elif _is_name(name, kind) and (kind == _OFFICIAL or name not in drugs[drug]):
            drugs[drug][name] = kind
    for brand, of in (line.upper().split(" | ") for line in brands.read_text(encoding="utf-8").splitlines()):
        parts[brand] = dict.fromkeys([of])
    drugs = {drug: names for drug, names in drugs.items() if _OFFICIAL in names.values()}
    for brand, of in parts.items():
        for drug in of if len(of) == 1 else ():
            drugs.get(drug_of.get(drug, drug), {}).setdefault(brand, _BRAND)
    told = {name for names in drugs.values() for name in names}
    return drugs, {name: list(of) for name, of in parts.items() if len(of) <= _MOST_PARTS and name not in told}


def _is_name(name: str, kind: str) -> bool:
    """Whether it is what someone would call a drug."""
    if name.isdigit() or name in _NO_DRUG or _NO_NAME.search(name) or len(name.split()) > _LONGEST_NAME:
        return False
    return kind != _SYSTEMATIC or len(name) <= _LONGEST_SYSTEMATIC


def _drug(substance: str, substances: set[str]) -> str:
    """The drug that a substance is a salt, an ester or a hydrate of; of others the substance."""
    words = substance.split()
    for end in range(1, len(words)):
        if _FORM.issuperset(words[end:]) and (drug := " ".join(words[:end])) in substances and drug not in _FORM:
            return drug
    return substance


def _unambiguous(drugs: Drugs) -> dict[str, list[str]]:
    """The names of each drug that no other bears, official ones first."""
    bearers = Counter(one for names in drugs.values() for one in {terms_of_name(name) for name in names})
    return {
        drug: [
            name
            for name in sorted(names, key=lambda one: (names[one] != _OFFICIAL, one != drug))
            if bearers[terms_of_name(name)] == 1
        ]
        for drug, names in drugs.items()
    }


def _kept(names: Names, kinds: Mapping[str, str], uses: Uses) -> list[Name]:
    """The names of a drug that trials use for it, its own first; none if there is none."""
    ways: defaultdict[Name, list[str]] = defaultdict(list)
    for how in kinds:
        ways[terms_of_name(how)].append(how)
    used = [name for name in names if _is_written(name, ways[name], uses)]
    said = [name for name in used if uses.using(name)]
    official = [name for name in said if kinds[names[name]] == _OFFICIAL]
    codes = [name for name in said if _is_code(name)]
    if not said:
        return []
    tests = max(official or codes or said, key=uses.using)
    tests = max((name for name in said if set(name) < set(tests)), key=uses.using, default=tests)  # without its salt
    tested = [name for name in used if _differ(name, tests) and _is_used_for(tests, name, uses)]
    if not (official or codes or tested):
        return []
    most = max(tested, key=uses.using, default=tests)
    known = [tests, *tested]
    if uses.using(most) >= _FAR_MORE_USED * uses.using(tests):
        known = [most, *(name for name in known if name != most)]
    unused = [name for name, how in names.items() if not uses.having(name) and _may_be_asked(how, kinds)]
    return narrowest([*known, *(name for name in unused if _differ(name, tests))])


def _is_written(name: Name, ways: Sequence[str], uses: Uses) -> bool:
    """Whether titles, summaries and descriptions use a name, or other fields alone do."""
    if not uses.using(name):
        return len(name) == 1 and uses.having(name) > 0
    return uses.share_written(name, ways) >= _LEAST_SHARE


def _may_be_asked(name: str, kinds: Mapping[str, str]) -> bool:
    """Whether someone may ask by a name that no record uses: a brand in one word, or a code."""
    if kinds.get(name) == _BRAND:
        return name.isalpha()
    return kinds.get(name) == _CODE and bool(_CODE_FORM.fullmatch(name)) and not name.startswith(_COLLECTION)


def _differ(one: Name, other: Name) -> bool:
    """Whether neither holds all words of the other."""
    return not (set(one) <= set(other) or set(other) <= set(one))


def _is_code(name: Name) -> bool:
    return any(map(str.isdigit, "".join(name)))


def _is_used_for(name: Name, other: Name, uses: Uses) -> bool:
    """Whether the trials with another name are about what those are about that use a name."""
    trials = uses.having(other)
    if len(other) > 1 and trials > _MOST_APART * uses.using(other):
        return False
    least = [likeness for fewest, likeness in _LEAST_LIKENESS.items() if trials >= fewest]
    if len("".join(other)) <= _ABBREVIATION:
        least = [_LEAST_LIKENESS_ABBREVIATED]
    return bool(least) and uses.likeness(name, other) >= max(least)


def _fits_together(name: Name, drugs: Name, uses: Uses) -> bool:
    """Whether the name of a preparation may stand for the trials with all its drugs."""
    if not _differ(name, drugs) or not uses.having(drugs):
        return False
    if not uses.using(name):
        return True
    short = len("".join(name)) <= _ABBREVIATION
    return uses.likeness(name, drugs) >= (_LEAST_LIKENESS_ABBREVIATED if short else _LEAST_LIKENESS[3])


def _as_written(name: str) -> str:
    return name if any(map(str.isdigit, name)) else name.capitalize()


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*map(Path, sys.argv[1:]))
