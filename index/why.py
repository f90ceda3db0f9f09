"""The reasons of a hit in one plain sentence."""

import re
from collections.abc import Callable, Mapping

from .drug_classes import names_of_class
from .facts import Facts
from .hits import Evidence, ReasonCode
from .naming import named_in
from .phrases import phrase_key
from .sentences import ClosestPair
from .terms import terms

_LONGEST = 120
_WORD = re.compile(r"[^\W_]+(?:[-/'][^\W_]+)*")
_WORDS = 3
_COMMON = 1.5
"""Rarity of a word that is no longer worth naming; idf, one in about four trials has it."""
_CONTEXT = re.compile(
    r"\b(?:after|before|during|following|under|undergoing|receiving|without|post)[\s-]"
    r"(?:(?:the|an?|total|elective|primary|prior)[\s-]){0,3}\Z",
    re.IGNORECASE,
)
"""Words right behind which an intervention is where or when, or what is left out."""
_REACH = 60
"""Characters before a name that may hold them."""
_COMBINED_AND_COMPARED = {"a combination", "a comparison"}


def sentence(
    query: Facts,
    hit: Facts,
    evidence: Mapping[ReasonCode, tuple[Evidence, ...]],
    pair: ClosestPair | None,
    weight_of: Callable[[str], float],
) -> str:
    """What makes a hit kin, in its own words, such as "Also tests iguratimod in immune thrombocytopenia".

    Args:
        query: what was asked; to a text nothing is "also".
        hit: the answer.
        evidence: what was found, by reason.
        pair: the closest sentences, for want of anything better.
        weight_of: how rare a term is.
    """
    also = "" if query.is_text else "Also "
    drug, like, given = _given(evidence)
    condition = _words(evidence.get(ReasonCode.SAME_CONDITION))
    if drug or condition:
        people = _people(evidence.get(ReasonCode.SAME_POPULATION))
        verb = "studies" if "OBSERVATIONAL" in hit.codes.get("studyType", ()) else "tests"
        if given and (_is_aside(given) or _is_context(given, hit)):
            verb = "speaks of"
        text = f"{also}{verb} {drug}{like}" if drug else f"{also}about {condition}"
        if drug and condition and condition.casefold() != drug.casefold():
            text += f"{like and ','} in {condition}"
        if people and f" {phrase_key(people)} " not in f" {phrase_key(condition)} ":
            text += f" ({people})"
        compared = {one.what for one in evidence.get(ReasonCode.SAME_COMPARATOR_PATTERN, ())}
        if compared >= _COMBINED_AND_COMPARED:
            text += ", a combination against less"
        return _ended(text[0].upper() + text[1:])
    shared = _shared_words(pair, weight_of, by_other_names=query.is_text) if pair else []
    if shared:
        return _ended(f"Speaks of similar things: {', '.join(shared)}")
    return "Close in meaning, in other words."


def _given(evidence: Mapping[ReasonCode, tuple[Evidence, ...]]) -> tuple[str, str, Evidence | None]:
    """What the hit gives that the query gives, too, or of the same class, what that is like, and what proves it.

    Of a class it tells only where of the same intervention a summary alone speaks, or nothing does.
    """
    same, of_class = (
        found[0] if (found := evidence.get(code)) else None
        for code in (ReasonCode.SAME_INTERVENTION, ReasonCode.SAME_INTERVENTION_CLASS)
    )
    if of_class and (not same or (_is_aside(same) and not _is_aside(of_class))):
        return *_member(of_class), of_class
    return same.hit_text if same else "", "", same


def _is_aside(given: Evidence) -> bool:
    """Whether a summary alone names it, which may say of it that others gave it before."""
    return "briefSummary" in (given.query_field, given.hit_field)


def _is_context(given: Evidence, hit: Facts) -> bool:
    """Whether the hit's text names it first as what people have anyway: pain after knee replacement."""
    text = next((text for field, text in hit.texts if field == given.hit_field), "")
    at = max(text.find(given.hit_text), 0)
    return _CONTEXT.search(text, max(at - _REACH, 0), at) is not None


def _words(found: tuple[Evidence, ...] | None) -> str:
    return found[0].hit_text if found else ""


def _member(of_class: Evidence) -> tuple[str, str]:
    """What the hit gives of a class, and what that is like: baricitinib, like tofacitinib one of the JAK inhibitors."""
    name, own, other = of_class.what, of_class.query_text, of_class.hit_text
    names = {phrase_key(name), *names_of_class(name)}
    if phrase_key(other) in names:
        return f"one of the {name}", ""
    like = "" if phrase_key(own) in names else f"like {own} "
    return other, f", {like}one of the {name}"


def _people(found: tuple[Evidence, ...] | None) -> str:
    """The words for the people; of "failed" alone a reader would ask what did."""
    words = _words(found)
    return "earlier treatment failed" if words.casefold() == "failed" else words


def _shared_words(pair: ClosestPair, weight_of: Callable[[str], float], *, by_other_names: bool) -> list[str]:
    """The rarest words of the second sentence that the first one has or means, too, as they are written."""
    first = set(terms(pair.first))
    if by_other_names:
        first.update(term for named in named_in(pair.first) for other in named.others for term in other)
    words: dict[frozenset[str], str] = {}
    for word in _WORD.findall(pair.second):
        if found := first.intersection(terms(word)):
            words.setdefault(frozenset(found), word)
    worth = {word: max(map(weight_of, found)) for found, word in words.items()}
    return sorted((word for word in worth if worth[word] >= _COMMON), key=lambda word: (-worth[word], word))[:_WORDS]


def _ended(text: str) -> str:
    return f"{text}." if len(text) < _LONGEST else f"{text[: _LONGEST - 1].rsplit(' ', 1)[0]}…"
