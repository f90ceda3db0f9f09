"""Why a trial stands in a list: reasons with evidence from both records, their shares of the score, and one sentence.

A reason is claimed only where both records say so in words that can be quoted. What ranking found without such words,
likeness of meaning above all, goes to the share of similar text.
"""

from collections.abc import Callable, Collection, Mapping, Sequence

from .concepts import Thesaurus
from .dictionary import Kind
from .drug_classes import names_of_class
from .facts import Facts
from .hits import Evidence, Reason, ReasonCode
from .naming import named_in
from .phrases import phrase_key
from .sentences import ClosestPair, closest_pair
from .shared import MOST, evidence_of, same_design, same_period, same_sponsor, same_traits
from .side import Side
from .terms import weights_of_terms
from .why import sentence

_SAME_STILL = frozenset(
    {
        *("chronic", "mellitus", "infection", "disease", "disorder", "olamine", "hydrochloride", "sulfate", "sodium"),
        *("acetate", "citrate", "phosphate", "maleate", "mesylate", "tosylate", "tartrate", "fumarate", "succinate"),
    }
)
"""Words that make a name longer and no narrower."""
_COMMON_CLASS = 2.0
"""Rarity that a heading above interventions has at least, to say anything."""
_OTHER_NAME = 0.5
"""What another name of what a text names weighs, in choosing sentences to quote."""
_ALWAYS_SHOWN = (ReasonCode.SAME_CONDITION, ReasonCode.SAME_INTERVENTION)
_KIND_CODE = {Kind.CONDITION: ReasonCode.SAME_CONDITION, Kind.INTERVENTION: ReasonCode.SAME_INTERVENTION}


class Explainer:
    """Finds the reasons between two sides."""

    def __init__(
        self,
        thesauri: Mapping[Kind, Thesaurus],
        weight_of: Callable[[str], float],
        rarity: Callable[[Kind, int], float],
        class_rarity: Callable[[str], float],
        classes_of: Mapping[int, Sequence[str]],
    ) -> None:
        """Take the names to recognise, how rare terms, concepts and classes are, and the classes of interventions."""
        self._thesauri = thesauri
        self._weight_of = weight_of
        self._weights_of = weights_of_terms(weight_of)
        self._rarity = rarity
        self._class_rarity = class_rarity
        self._classes_of = classes_of

    def side(self, facts: Facts, concepts: Mapping[Kind, frozenset[int]]) -> Side:
        """Make one side ready to be compared, with the concepts it is about; keep a query's for all its hits."""
        weights_of = self._weights_of_text if facts.is_text else self._weights_of
        return Side(facts, concepts, self._thesauri, weights_of)

    def _weights_of_text(self, text: str) -> dict[str, float]:
        """The weights of a text's terms and, where it does not use them itself, of those of other names."""
        own = self._weights_of(text)
        others: dict[str, float] = {}
        for named in named_in(text):
            weight = _OTHER_NAME * max(own.get(term, 0.0) for term in named.name)
            others |= {term: weight for other in named.others for term in other if weight and self._weight_of(term)}
        return others | own

    def explain(
        self, query: Side, hit: Side, added: Mapping[ReasonCode, float], score: float
    ) -> tuple[tuple[Reason, ...], str]:
        """The reasons of a hit, by falling share, and their sentence.

        Args:
            query: what was asked.
            hit: the answer.
            added: what each reason added to the raw score.
            score: 0 to 1; the shares add up to it.
        """
        evidence = self._evidence(query, hit, [code for code, value in added.items() if value > 0])
        pair = closest_pair(query.sentences, hit.sentences)
        shares = _shares(added, evidence, score)
        reasons = [
            Reason(code=code, share=share, evidence=evidence.get(code, ()))
            for code, share in shares.items()
            if code is not ReasonCode.SIMILAR_TEXT
        ]
        similar = Reason(
            code=ReasonCode.SIMILAR_TEXT, share=shares[ReasonCode.SIMILAR_TEXT], evidence=_similar(pair, query, hit)
        )
        reasons = sorted([*reasons, similar], key=lambda one: (-one.share, one.code))
        return tuple(reasons), sentence(query.facts, hit.facts, evidence, pair, self._weight_of)

    def _evidence(
        self, query: Side, hit: Side, codes: Collection[ReasonCode]
    ) -> Mapping[ReasonCode, tuple[Evidence, ...]]:
        """What can be quoted for some reasons, and for those that are always shown."""
        found = {_KIND_CODE[kind]: self._concepts(kind, query, hit) for kind in self._thesauri}
        same_condition = bool(found[ReasonCode.SAME_CONDITION])
        if ReasonCode.SAME_INTERVENTION_CLASS in codes:
            same = bool(found[ReasonCode.SAME_INTERVENTION])
            found[ReasonCode.SAME_INTERVENTION_CLASS] = self._classes(query, hit, same)
        if ReasonCode.SAME_COMPARATOR_PATTERN in codes:
            found[ReasonCode.SAME_COMPARATOR_PATTERN] = same_traits(("comparison",), query, hit)
        if ReasonCode.SAME_POPULATION in codes:
            found[ReasonCode.SAME_POPULATION] = same_traits(("line", "people"), query, hit, same_condition)
        if ReasonCode.SAME_DESIGN in codes:
            found[ReasonCode.SAME_DESIGN] = same_design(query.facts, hit.facts)
        if ReasonCode.SAME_SPONSOR in codes:
            found[ReasonCode.SAME_SPONSOR] = same_sponsor(query.facts, hit.facts)
        if ReasonCode.SAME_PERIOD in codes:
            found[ReasonCode.SAME_PERIOD] = same_period(query.facts, hit.facts)
        return {code: evidence for code, evidence in found.items() if evidence}

    def _concepts(self, kind: Kind, query: Side, hit: Side) -> tuple[Evidence, ...]:
        """What both are about: first what neither says in its summary alone, then the rarest."""
        own, other = query.concepts[kind], hit.concepts[kind]
        quotes = {one: (query.quote(kind, one), hit.quote(kind, one)) for one in own & other}
        told = {one: (first, second) for one, (first, second) in quotes.items() if first and second}
        aside = {one for one, both in told.items() if any(field == "briefSummary" for field, _ in both)}
        found: list[Evidence] = []
        for concept in sorted(told, key=lambda one: (one in aside, -self._rarity(kind, one), one)):
            first, second = told[concept]
            if concept in aside and not query.facts.is_text and self._is_class(kind, concept, first[1]):
                continue  # a summary names a class for what people had before, or could have instead
            if self._is_too_broad(kind, concept, own ^ other) and not (
                query.lists(kind, concept) and hit.lists(kind, concept)
            ):
                continue
            one = evidence_of(self._thesauri[kind].dictionary.names[concept], first, second)
            if all((one.query_text, one.hit_text) != (seen.query_text, seen.hit_text) for seen in found):
                found.append(one)  # a name and its heading rest on the same words
            if len(found) == MOST:
                break
        return tuple(found)

    def _is_class(self, kind: Kind, concept: int, words: str) -> bool:
        """Whether words for a concept name a class of interventions that it belongs to, not a member."""
        classes = self._classes_of.get(concept, ()) if kind is Kind.INTERVENTION else ()
        return any(phrase_key(words) in names_of_class(name) for name in classes)

    def _is_too_broad(self, kind: Kind, concept: int, of_one_side: frozenset[int]) -> bool:
        """Whether a concept is part of a longer, narrower name of one side alone.

        Sharing "cancer" says little where one is about breast cancer and the other about lung cancer.
        """
        dictionary = self._thesauri[kind].dictionary
        others = [one for one in of_one_side if concept not in dictionary.meanings(one)]
        longer = [phrase_key(dictionary.names[one]) for one in others]
        return any(
            f" {key} " in f" {other} " and not _says_the_same(key, other)
            for key in self._thesauri[kind].keys[concept]
            for other in longer
        )

    def _classes(self, query: Side, hit: Side, same_intervention: bool) -> tuple[Evidence, ...]:
        """The classes of what both give, if of none they give the same, the rarest first, by what each calls its own.

        Of headings above them a record does not tell whose they are.
        """
        own, other = self._members(query), self._members(hit)

        def tells(name: str) -> bool:
            if own[name] and other[name]:
                return set(own[name]).isdisjoint(other[name])
            return not same_intervention and self._class_rarity(name) >= _COMMON_CLASS

        found: list[Evidence] = []
        told = filter(tells, own.keys() & other.keys())
        for name in sorted(told, key=lambda one: (-self._class_rarity(one), one)):
            first, second = query.quote_of_class(name, own[name]), hit.quote_of_class(name, other[name])
            if first is not None and second is not None:
                found.append(evidence_of(name, first, second))
        return tuple(found[:MOST])

    def _members(self, side: Side) -> Mapping[str, Collection[int]]:
        """The classes of a side's interventions, each with those of it; with none where the record tells the class."""
        found: dict[str, list[int]] = {name: [] for name in side.facts.classes}
        for concept in sorted(side.concepts.get(Kind.INTERVENTION, ())):
            for name in self._classes_of.get(concept, ()):
                found.setdefault(name, []).append(concept)
        return found


def _says_the_same(name: str, longer: str) -> bool:
    """Whether a longer name is no narrower: it adds such words, or the name's own acronym."""
    words = name.split(" ")
    return _SAME_STILL.union(words, ["".join(word[0] for word in words)]).issuperset(longer.split(" "))


def _shares(
    added: Mapping[ReasonCode, float], evidence: Mapping[ReasonCode, tuple[Evidence, ...]], score: float
) -> dict[ReasonCode, float]:
    """Each reason's share of the score, in proportion to what it added; similar text has what is left."""
    proven = {code: max(added.get(code, 0.0), 0.0) for code in evidence}
    rest = max(sum(value for code, value in added.items() if code not in proven), 0.0)
    total = sum(proven.values()) + rest
    shares = {
        code: score * value / total if total > 0 else 0.0
        for code, value in proven.items()
        if value > 0 or code in _ALWAYS_SHOWN
    }
    shares[ReasonCode.SIMILAR_TEXT] = max(score - sum(shares.values()), 0.0)
    return shares


def _similar(pair: ClosestPair | None, query: Side, hit: Side) -> tuple[Evidence, ...]:
    if pair is None:
        return ()
    first, second = (query.field_of(pair.first), pair.first), (hit.field_of(pair.second), pair.second)
    return (evidence_of("similar words", first, second),)
