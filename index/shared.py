"""What two sides share beside their concepts, quoted from both: comparison, people, design, sponsor, start."""

from collections.abc import Mapping, Sequence

from .design import design_words, phase_words
from .facts import Facts
from .hits import Evidence
from .side import Quote, Side
from .traits import Line

MOST = 3
"""Pieces of evidence of one reason."""
_A_YEAR = 12
"""Months."""
_TRAIT_NAMES: Mapping[str, Mapping[int, str]] = {
    "comparison": {1: "a combination", 2: "a comparison", 4: "placebo"},
    "line": {1: "first treatment", 2: "after earlier treatment", 4: "long-term or chronic"},
    "people": {1: "children", 2: "pregnancy", 4: "older people"},
}


def same_traits(names: Sequence[str], query: Side, hit: Side, same_condition: bool = False) -> tuple[Evidence, ...]:
    """What both say of how they compare, or of whom they take; nothing where the two also differ in it.

    Chronic people are alike only in what they have: chronic hepatitis is not chronic leukemia.
    """
    found: list[Evidence] = []
    for trait in names:
        own = query.traits(trait)
        other = hit.traits(trait) if own else {}
        if own and own.keys() == other.keys():
            found += [
                evidence_of(_TRAIT_NAMES[trait][flag], own[flag], other[flag])
                for flag in sorted(own)
                if trait != "line" or flag != Line.CHRONIC or same_condition
            ]
        elif own and other:
            return ()
    return tuple(found[:MOST])


def same_design(query: Facts, hit: Facts) -> tuple[Evidence, ...]:
    """The codes of design that both have: their study type, and purpose or phases, or nothing.

    Where neither has codes, the words of both that tell the same design; of a text the phases that it names.
    """
    if query.is_text and (phases := _phases_named(query, hit)):
        return phases
    if not query.codes.get("studyType") and not hit.codes.get("studyType"):
        return _design_told_alike(query, hit)
    if query.codes.get("studyType") != hit.codes.get("studyType"):
        return ()
    shared = [
        (field, code)
        for field, codes in query.codes.items()
        for code in codes
        if code in hit.codes.get(field, ()) and code != "OTHER"
    ]
    if len({field for field, _ in shared}) < 2:  # the study type alone says little
        return ()
    return tuple(evidence_of(_called(code), (field, code), (field, code)) for field, code in shared[:MOST])


def _phases_named(query: Facts, hit: Facts) -> tuple[Evidence, ...]:
    named = {code: words for _, text in query.texts for code, words in phase_words(text).items()}
    return tuple(
        evidence_of(_called(code), ("text", words), ("phases", code))
        for code, words in named.items()
        if code in hit.codes.get("phases", ())
    )


def _called(code: str) -> str:
    return code.lower().replace("phase", "phase ").replace("_", " ")


def _design_told_alike(query: Facts, hit: Facts) -> tuple[Evidence, ...]:
    own, other = design_words(query.texts), design_words(hit.texts)
    return (evidence_of(own[0], own[1], other[1]),) if own and other and own[0] == other[0] else ()


def same_sponsor(query: Facts, hit: Facts) -> tuple[Evidence, ...]:
    """The lead sponsor of both, in any letter case."""
    if not query.sponsor or not hit.sponsor or query.sponsor.casefold() != hit.sponsor.casefold():
        return ()
    return (evidence_of(hit.sponsor, ("leadSponsor", query.sponsor), ("leadSponsor", hit.sponsor)),)


def same_period(query: Facts, hit: Facts) -> tuple[Evidence, ...]:
    """When both started, where both tell the month and no more than a year lies between."""
    if query.start is None or hit.start is None:
        return ()
    first, second = _months(query.start), _months(hit.start)
    if first is None or second is None or abs(first - second) > _A_YEAR:
        return ()
    return (evidence_of("started within a year", ("startDate", query.start), ("startDate", hit.start)),)


def _months(date: str) -> int | None:
    """Months from year 0 to a date of the registry; None where it tells only the year."""
    year, *rest = (int(part) for part in date.split("-"))
    return 12 * year + rest[0] if rest else None


def evidence_of(what: str, query: Quote, hit: Quote) -> Evidence:
    """What two quotes share, as evidence."""
    return Evidence(what=what, query_field=query[0], query_text=query[1], hit_field=hit[0], hit_text=hit[1])
