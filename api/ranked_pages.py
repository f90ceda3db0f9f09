"""One page of a ranked list: found, folded into families, sorted, cut and explained."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..index import Hit, Index
from .paging import MOST_HITS
from .sorting import SortKey, in_order

_NEAR = 50
"""Ranks between two hits up to which explaining those between costs less than ranking again."""


class Ask(Protocol):
    """A question to the index; it ranks alike whatever part of its answer is wanted."""

    def __call__(self, top: int, *, skip: int, explain: bool) -> list[Hit]:
        """The hits of ranks `skip` + 1 to `top`, with or without reasons."""
        ...


@dataclass(frozen=True)
class PageWanted:
    """Which page of which order of a list.

    Attributes:
        position: hits before it.
        size: hits at most.
        count: whether the length of the whole list is asked for.
        families: whether one trial stands for each family.
        sort: by fields, in place of relevance.
        explain: whether reasons are shown.
    """

    position: int = 0
    size: int = 10
    count: bool = False
    families: bool = False
    sort: tuple[SortKey, ...] = ()
    explain: bool = True


@dataclass(frozen=True)
class Page:
    """A page; `goes_on` if others follow, `total` if it was asked for."""

    hits: list[Hit]
    goes_on: bool
    total: int | None = None


def page_of(index: Index, ask: Ask, wanted: PageWanted) -> Page:
    """Ask for one page."""
    end = min(wanted.position + wanted.size, MOST_HITS)
    if not (wanted.count or wanted.families or wanted.sort):
        hits = ask(min(end + 1, MOST_HITS), skip=wanted.position, explain=wanted.explain)
        return Page(hits[: end - wanted.position], len(hits) > end - wanted.position)
    whole = ask(MOST_HITS, skip=0, explain=False)
    if wanted.families:
        whole = index.collapsed(whole)
    if wanted.sort:
        whole = in_order(whole, wanted.sort, index)
    part = whole[wanted.position : end]
    if wanted.explain:
        part = _explained(part, ask)
    return Page(part, len(whole) > end, len(whole) if wanted.count else None)


def _explained(hits: Sequence[Hit], ask: Ask) -> list[Hit]:
    """Hits of any ranks with their reasons."""
    told: dict[int, Hit] = {}
    for first, last in _runs(sorted(hit.rank for hit in hits)):
        told |= {hit.rank: hit for hit in ask(last, skip=first - 1, explain=True)}
    return [hit.model_copy(update={"why": told[hit.rank].why, "reasons": told[hit.rank].reasons}) for hit in hits]


def _runs(ranks: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Ranks that lie near one another, as first and last."""
    first = last = None
    for rank in ranks:
        if first is None or last is None:
            first = last = rank
        elif rank - last > _NEAR:
            yield first, last
            first = last = rank
        else:
            last = rank
    if first is not None and last is not None:
        yield first, last
