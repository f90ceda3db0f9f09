"""Whether reasons hold: every hit of many random queries, checked against the records themselves.

    python bench/reasons.py [QUERIES] [--seed N]

Half of the queries are trials (`related`), half the texts of trials (`search` by title and summary), ten hits each.
Of every hit is checked: shares are 0 or more and add up to the score; every quote stands in the field that it names, of
a text in what is looked for, without what it denies and with misspelt words as they are meant; and no reason is claimed
that the two records contradict: another study type or sponsor, no phase or purpose in common, titles that speak of
other people. Prints what was claimed and what failed; exits with 1 if anything did.
"""

import random
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from trialkin import Index, open_index
from trialkin.data import Trial
from trialkin.index import Hit, ReasonCode
from trialkin.index.facts import fact_row
from trialkin.index.traits import trait_words

_TOP = 10
_CLOSE = 1e-9
"""How far the sum of shares may lie from the score."""


def main() -> int:
    parser = ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("queries", nargs="?", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    index = open_index()
    trials = random.Random(options.seed).sample(index.nct_ids(), min(options.queries, len(index)))
    claimed, failed, hits, quotes = Counter[str](), list[str](), 0, 0
    for number, nct_id in enumerate(trials):
        query = index.trial(nct_id)
        text = f"{query.title}. {query.brief_summary or ''}"[:5000]
        found = index.related(nct_id, top=_TOP) if number % 2 else index.search(text, top=_TOP)
        own = fact_row(query) if number % 2 else {"text": index.sought(text).text}
        for hit in found:
            hits += 1
            claimed.update(one.code for one in hit.reasons)
            quotes += sum(len(one.evidence) for one in hit.reasons)
            failed += [f"{nct_id} and {hit.nct_id}: {what}" for what in _wrong(index, hit, own)]
    print(f"{len(index):,} trials; {len(trials)} queries, {hits:,} hits, {quotes:,} pairs of quotes\n")
    print("| reason | hits that claim it |\n|---|---|")
    for code, count in claimed.most_common():
        print(f"| {code} | {count:,} |")
    print(f"\n{len(failed)} failed", *failed[:50], sep="\n")
    return bool(failed)


def _wrong(index: Index, hit: Hit, own: Mapping[str, Any]) -> Iterator[str]:
    record = index.trial(hit.nct_id)
    other = fact_row(record)
    if abs(sum(one.share for one in hit.reasons) - hit.score) > _CLOSE or any(one.share < 0 for one in hit.reasons):
        yield f"shares do not add up to {hit.score}"
    for reason in hit.reasons:
        for quote in reason.evidence:
            if not _stands(quote.query_text, own[quote.query_field]):
                yield f"{reason.code}: the query does not say {quote.query_text!r}"
            if not _stands(quote.hit_text, other[quote.hit_field]):
                yield f"{reason.code}: the hit does not say {quote.hit_text!r}"
    if "text" not in own:
        yield from _contradicted({one.code for one in hit.reasons}, own, other)
    yield from _listed_otherwise(hit, record)


def _contradicted(codes: set[ReasonCode], own: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[str]:
    if ReasonCode.SAME_DESIGN in codes and (
        own["studyType"] != other["studyType"]
        or (
            own["studyType"]
            and own["primaryPurpose"] != other["primaryPurpose"]
            and not set(own["phases"]) & set(other["phases"])
        )
    ):
        yield "SAME_DESIGN: of another design"
    if ReasonCode.SAME_SPONSOR in codes and own["leadSponsor"].casefold() != other["leadSponsor"].casefold():
        yield "SAME_SPONSOR: of another sponsor"
    if ReasonCode.SAME_PERIOD in codes and abs(int(own["startDate"][:4]) - int(other["startDate"][:4])) > 1:
        yield "SAME_PERIOD: years apart"
    for code, traits in (
        (ReasonCode.SAME_POPULATION, ("line", "people")),
        (ReasonCode.SAME_COMPARATOR_PATTERN, ("comparison",)),
    ):
        if code in codes:
            for trait in traits:
                said = [trait_words(trait, [("briefTitle", one["briefTitle"] or "")]).keys() for one in (own, other)]
                if all(said) and not said[0] & said[1]:
                    yield f"{code}: titles speak of {sorted(said[0])} and {sorted(said[1])}"


def _listed_otherwise(hit: Hit, record: Trial) -> Iterator[str]:
    """A hit's own card says what its record says."""
    if hit.conditions != record.conditions or hit.phases != record.phases:
        yield "the hit's card differs from its record"


def _stands(quote: str, field: str | list[str] | None) -> bool:
    return any(quote in value for value in ([field] if isinstance(field, str) else field or []))


if __name__ == "__main__":
    sys.exit(main())
