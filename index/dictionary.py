"""The registry as its own thesaurus: names of conditions and of interventions, learnt from the records.

Records list their conditions and interventions; most of a real collection does not, or only in words. The names that
some records list are looked for in the titles and summaries of all. Not every listed name can be trusted there: some
record lists "treatment" as its intervention, and ten thousand titles use the word. So a name is kept only if records
that mention it in their title mostly list it, too.

Names that mean the same are brought together by what the registry says of them: an intervention's other names, acronyms
that texts explain, and the MeSH heading beside the author's only wording. A name that only qualifies another ("primary
immune thrombocytopenia", "low-dose rituximab") also stands for that one. One that merely ends like another does not:
pulmonary arterial hypertension is no kind of "hypertension" that one would look for. What records do not teach comes
with the package (headings.py, drug_concepts.py).
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import orjson

from ..data.files import write_json
from ..errors import IndexDamaged
from .acronyms import AcronymCounter
from .controls import is_control
from .phrases import Recogniser, phrase_key


class Kind(StrEnum):
    """What a name is a name of."""

    CONDITION = "condition"
    INTERVENTION = "intervention"


_LONGEST_NAME = 7
"""Tokens; longer ones are sentences rather than names."""
_TRUSTED = 0.4
"""Records that list a name, among those that mention it in their title, at least."""
_DOUBT = 2.0
"""Records that a name's trust starts from, half of them listing it: few records prove little."""
_BY_ITSELF, _OF_LONGER = 5, 20
"""A name that fewer records list by itself is a mere part where so many times more list it within longer ones."""
_NO_SHORT_FORMS = frozenset({"nos", "ii", "iii", "iv", "vi", "vii", "viii", "ix", "xi"})
"""Not otherwise specified, and numbers."""
_LEAST_LINKED, _LINK_SHARE, _LINK_PART = 2, 0.6, 0.05
"""A name stands for a heading if so many records, and such a share of them, have that heading beside this only name,
and the name is no smaller part of the heading's records than the last: a heading that gathers many is broader."""

_QUALIFIERS = {
    Kind.CONDITION: frozenset(
        {
            *("primary", "severe", "moderate", "mild", "early", "advanced", "metastatic", "unresectable", "active"),
            *("refractory", "relapsed", "recurrent", "resistant", "persistent", "symptomatic"),
            *("adult", "pediatric", "childhood", "newly", "diagnosed", "previously", "treated", "untreated"),
        }
    ),
    Kind.INTERVENTION: frozenset(
        {
            *("low", "high", "standard", "dose", "oral", "intravenous", "iv", "subcutaneous", "topical"),
            *("injection", "infusion", "tablet", "capsule", "cream", "monotherapy", "treatment"),
        }
    ),
}
"""Words around a name that say how much, how far or which way, and leave it the name that it is."""

_PASSING = {
    Kind.CONDITION: frozenset[str](),
    Kind.INTERVENTION: frozenset(
        {
            *("resistant", "resistance", "refractory", "sensitive", "dependent", "dependence", "naive", "experienced"),
            *("exposed", "pretreated", "intolerant", "intolerance", "ineligible", "failure", "withdrawal", "sparing"),
            *("induced", "related", "associated", "toxicity", "overdose", "poisoning", "allergy", "deficiency"),
            *("abuse", "addiction", "misuse", "user", "drinker", "craving", "recipient", "deficient", "overload"),
            *("deprivation", "lowering", "antagonist", "inhibitor", "blocker", "receptor", "channel", "transporter"),
            *("level", "concentration", "density", "saturation", "content", "composition", "profile", "status"),
            *("variability", "homeostasis", "metabolism", "synthesis", "secretion", "production", "producing"),
            *("regulation", "excretion", "uptake", "consumption", "store", "turnover", "sensitivity", "tolerance"),
            *("capacity", "performance", "activity", "requirement", "monitor", "monitoring", "testing"),
            *("gene", "polymorphism", "expression", "positive", "negative", "mediated"),
        }
    ),
}
"""Words before which a drug is not what people are given, but what they had, lack or use, or what is measured of them:
platinum-resistant, alcohol abuse, glucose monitoring, exercise capacity."""


@dataclass(frozen=True)
class Dictionary:
    """The names of one kind.

    Attributes:
        names: of each concept, as most records write it.
        phrases: concept by phrase, as `phrase_key` writes them.
        acronyms: the phrases that are acronyms.
        passing: words before which no phrase is meant.
        headings: for a concept others that it stands for, too: its MeSH heading, and the name that it qualifies.
    """

    names: list[str]
    phrases: dict[str, int]
    headings: dict[int, tuple[int, ...]]
    acronyms: frozenset[str] = frozenset()
    passing: frozenset[str] = frozenset()

    @property
    def recogniser(self) -> Recogniser:
        """Finds the names in texts."""
        return Recogniser(self.phrases, self.acronyms, self.passing)

    def meanings(self, concept: int) -> tuple[int, ...]:
        """A concept and its headings."""
        return (concept, *self.headings.get(concept, ()))

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        headings = {str(concept): heading for concept, heading in self.headings.items()}
        words = {"acronyms": sorted(self.acronyms), "passing": sorted(self.passing)}
        write_json(path, {"names": self.names, "phrases": self.phrases, "headings": headings, **words})

    @classmethod
    def read(cls, path: Path) -> "Dictionary":
        """Read what `write` wrote.

        Raises:
            IndexDamaged: it is malformed.
        """
        try:
            value = orjson.loads(path.read_bytes())
            headings = {int(concept): tuple(others) for concept, others in value["headings"].items()}
            words = (frozenset(value[name]) for name in ("acronyms", "passing"))
            return cls(value["names"], value["phrases"], headings, *words)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise IndexDamaged(f"{path} is malformed ({error}).", "Run trialkin build --force.") from None


COLUMNS = (
    "briefTitle",
    "officialTitle",
    "briefSummary",
    "conditions",
    "interventions",
    "conditionMeshes",
    "interventionMeshes",
)
"""The columns of a snapshot that a dictionary is learnt from."""


@dataclass(frozen=True)
class Learnt:
    """What records teach: the names of each kind, and what short forms they explain."""

    dictionaries: Mapping[Kind, Dictionary]
    acronyms: AcronymCounter


def learn(rows: Iterable[Mapping[str, Any]]) -> Learnt:
    """Learn the names of both kinds.

    Args:
        rows: of `COLUMNS`; gone through once.
    """
    listed = {kind: _Listed(kind) for kind in Kind}
    acronyms = AcronymCounter()
    for row in rows:
        titles = [text for name in ("briefTitle", "officialTitle") if (text := row[name])]
        for text in (*titles, row["briefSummary"]):
            if text:
                acronyms.add(text)
        meshes = {kind: [one["term"] for one in row[f"{kind}Meshes"] or ()] for kind in Kind}
        listed[Kind.CONDITION].add(titles, row["conditions"] or (), meshes[Kind.CONDITION])
        given = row["interventions"] or ()
        listed[Kind.INTERVENTION].add(titles, [one["name"] for one in given], meshes[Kind.INTERVENTION])
        for one in given:
            listed[Kind.INTERVENTION].add_others(one["name"], one["otherNames"] or ())
    meanings = acronyms.meanings()
    return Learnt({kind: one.dictionary(meanings) for kind, one in listed.items()}, acronyms)


def with_acronyms(dictionary: Dictionary, kind: Kind, learnt: Learnt) -> Dictionary:
    """A dictionary of one kind that also finds its concepts by the short forms that records explain: PTSD.

    A short form that records list as a name of its own, such as NSCLC, stands for what it is short for, too. Of
    interventions only those have short forms that records list: most headings are of substances, and PSA or LDL are
    measured rather than given.
    """
    phrases, headings, acronyms = dict(dictionary.phrases), dict(dictionary.headings), set(dictionary.acronyms)
    listed = {phrases[key] for key in map(phrase_key, learnt.dictionaries[kind].names) if key in phrases}
    for short, concept in sorted(learnt.acronyms.concepts(dictionary.phrases).items()):
        if short in _NO_SHORT_FORMS or (kind is Kind.INTERVENTION and concept not in listed):
            continue
        if short not in phrases:
            phrases[short] = concept
            acronyms.add(short)
        elif phrase_key(dictionary.names[known := phrases[short]]) == short:
            others = (one for one in dictionary.meanings(concept) if one != known)
            headings[known] = tuple(dict.fromkeys((*headings.get(known, ()), *others)))
    headings = {concept: others for concept, others in headings.items() if others}
    return Dictionary(dictionary.names, phrases, headings, frozenset(acronyms), dictionary.passing)


def plain_names(
    keys: Iterable[str], phrases: Mapping[str, int], kind: Kind, acronyms: Container[str] = ()
) -> Iterator[tuple[str, str]]:
    """Names that only qualify others, each with the other: "primary immune thrombocytopenia", with its acronym or not.

    Args:
        keys: the names.
        phrases: what names and acronyms stand for.
        kind: of all.
        acronyms: those among the phrases.
    """
    qualifiers = _QUALIFIERS[kind]
    for key in keys:
        tokens = key.split(" ")
        short = tokens.pop() if len(tokens) > 1 and tokens[-1] in acronyms else None
        while tokens and tokens[0] in qualifiers:
            tokens = tokens[1:]
        while tokens and tokens[-1] in qualifiers:
            tokens = tokens[:-1]
        plain = " ".join(tokens)
        if plain != key and plain in phrases and (short is None or phrases[short] == phrases[plain]):
            yield key, plain


class _Listed:
    """What records list of one kind."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._spellings: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._records: list[tuple[str, frozenset[str]]] = []
        self._others: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._beside: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add(self, titles: Iterable[str], names: Iterable[str], meshes: Iterable[str]) -> None:
        """Take one record."""
        keys: dict[str, set[str]] = {"names": set(), "meshes": set()}
        for source, given in (("names", names), ("meshes", meshes)):
            for name in given:
                key = phrase_key(name)
                if _is_name(key):
                    self._spellings[key][name] += 1
                    keys[source].add(key)
        if len(keys["names"]) == 1 and len(keys["meshes"]) == 1:
            self._beside[next(iter(keys["names"]))][next(iter(keys["meshes"]))] += 1
        every = frozenset(keys["names"] | keys["meshes"])
        if every:
            self._records.append((" . ".join(titles), every))

    def add_others(self, name: str, others: Iterable[str]) -> None:
        """Take an intervention's other names."""
        for other in others:
            if _is_name(key := phrase_key(other)):
                self._others[key][phrase_key(name)] += 1

    def dictionary(self, acronyms: Mapping[str, str]) -> Dictionary:
        """The names that can be trusted, with their synonyms."""
        kept = sorted(self._of_their_own(set(self._trusted()) - set(self._mere_parts()), acronyms))
        names = [min(self._spellings[key].items(), key=lambda one: (-one[1], one[0]))[0] for key in kept]
        phrases = {key: concept for concept, key in enumerate(kept)}
        headings = self._headings(phrases)
        for key, counts in sorted(self._others.items()):
            name, count = min(counts.items(), key=lambda one: (-one[1], one[0]))
            if name in phrases and 2 * count > counts.total():
                phrases.setdefault(key, phrases[name])
        added = {short: phrases[long] for short, long in acronyms.items() if long in phrases and short not in phrases}
        return Dictionary(names, phrases | added, headings, frozenset(added), _PASSING[self._kind])

    def _trusted(self) -> Iterator[str]:
        """The names that titles use in the sense in which records list them."""
        recogniser = Recogniser({key: number for number, key in enumerate(self._spellings)})
        keys = list(self._spellings)
        mentioned, meant = Counter[str](), Counter[str]()
        for title, listed in self._records:
            for number in {mention.concept for mention in recogniser.mentions(title)}:
                key = keys[number]
                mentioned[key] += 1
                meant[key] += key in listed or any(f" {key} " in f" {other} " for other in listed)
        for key in keys:
            if (meant[key] + _DOUBT / 2) / (mentioned[key] + _DOUBT) >= _TRUSTED:
                yield key

    def _mere_parts(self) -> Iterator[str]:
        """The names that records hardly list but within longer ones: knee, type 2, colorectal."""
        alone, within = Counter[str](), Counter[str]()
        for _, listed in self._records:
            alone.update(listed)
            within.update({part for key in listed for part in _parts(key.split(" "))} - listed)
        for key, count in alone.items():
            if count < _BY_ITSELF and within[key] >= _OF_LONGER * count:
                yield key

    def _of_their_own(self, trusted: set[str], acronyms: Mapping[str, str]) -> Iterator[str]:
        """The names without those that only spell out others.

        "Immune thrombocytopenia (ITP)" is a name with its acronym; what a single record lists and holds another name
        is a phrase around that one.
        """
        records = Counter(key for _, listed in self._records for key in listed)
        for key in trusted:
            tokens = key.split(" ")
            with_acronym = any(
                short in acronyms and " ".join(rest) in trusted
                for short, rest in ((tokens[0], tokens[1:]), (tokens[-1], tokens[:-1]))
            )
            if not with_acronym and (records[key] > 1 or not any(part in trusted for part in _parts(tokens))):
                yield key

    def _headings(self, phrases: Mapping[str, int]) -> dict[int, tuple[int, ...]]:
        """What else each name stands for."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        for key, heading in (*self._mesh_headings(phrases), *plain_names(phrases, phrases, self._kind)):
            if phrases[heading] not in found[phrases[key]]:
                found[phrases[key]].append(phrases[heading])
        return {concept: tuple(others) for concept, others in sorted(found.items())}

    def _mesh_headings(self, phrases: Mapping[str, int]) -> Iterator[tuple[str, str]]:
        gathered = Counter[str]()
        for counts in self._beside.values():
            gathered.update(counts)
        for key, counts in self._beside.items():
            heading, count = min(counts.items(), key=lambda one: (-one[1], one[0]))
            if (
                key != heading
                and key in phrases
                and heading in phrases
                and count >= _LEAST_LINKED
                and count >= _LINK_SHARE * counts.total()
                and count >= _LINK_PART * gathered[heading]
            ):
                yield key, heading


def _parts(tokens: list[str]) -> Iterator[str]:
    """Every shorter run of tokens."""
    for length in range(1, len(tokens)):
        for start in range(len(tokens) - length + 1):
            yield " ".join(tokens[start : start + length])


def _is_name(key: str) -> bool:
    """Whether a phrase can be a name: not too long, not of short tokens and numbers alone, and no mere control."""
    tokens = key.split(" ")
    if is_control(key):
        return False
    return len(tokens) <= _LONGEST_NAME and any(len(token) > 2 and not token.isdigit() for token in tokens)
