"""What a fetch asks of the registry, and in which order; each answer is in the `Journal` before the next is asked for.

A listing comes page by page. If the registry's data are refreshed meanwhile, its pages no longer fit together. Then
only ids and dates are listed anew, and only records that are not held, or not with that date, are asked for by id.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ..errors import ReadError
from .fetch_journal import Held, Journal, Outcome, held_of, id_of
from .registry_client import RECORD, Registry

Fetched = Callable[[int, int | None], None]
"""Told how many trials of how many are held; how many there are may not be known."""

_PAGE = "1000"
_BATCH = 100
_DATES = "NCTId,LastUpdatePostDate"
_TURNS = 4
"""How often a listing may start anew within one run."""


def gather_listing(parameters: Mapping[str, str], registry: Registry, journal: Journal, fetched: Fetched) -> Outcome:
    """Ask for all studies of a listing that the journal does not hold yet.

    Raises:
        ReadError: the registry cannot be reached or refuses, or its data change faster than they can be listed.
    """
    light = journal.last("listing") is not None
    for _ in range(_TURNS):
        stamp = registry.stamp()
        light = light or journal.stamp("pages") not in (None, stamp)
        series = "listing" if light else "pages"
        if light and journal.stamp("listing") not in (None, stamp):
            journal.drop("listing")
        whole = _page_through(parameters, series, stamp, registry, journal, fetched) and registry.stamp() == stamp
        missing = _missing(journal.held(series))
        if whole and (light or not missing):
            if light:
                _ask_for_changed(stamp, registry, journal, fetched)
            return Outcome(stamp, series, missing)
        light = True
        journal.drop("listing")
    raise ReadError(
        f"The registry's data changed {_TURNS} times while they were listed.",
        "All that was fetched is kept: run the same command again later.",
    )


def gather_ids(ids: Sequence[str], registry: Registry, journal: Journal, fetched: Fetched) -> Outcome:
    """Ask for the studies of some ids that the journal does not hold yet.

    Answers from before a refresh of the registry's data are dropped: to ask for their dates takes as many requests as
    to ask for the records.

    Raises:
        ReadError: the registry cannot be reached or refuses.
    """
    stamp = registry.stamp()
    for series in ("singles", "ids"):
        if journal.stamp(series) not in (None, stamp):
            journal.drop(series)
    _ask_by_id(ids, stamp, registry, journal, fetched)
    return Outcome(stamp)


def _page_through(
    parameters: Mapping[str, str], series: str, stamp: str, registry: Registry, journal: Journal, fetched: Fetched
) -> bool:
    """Go on with a series to its last page; False if that is not possible, because its page token has died."""
    fields = {"fields": RECORD if series == "pages" else _DATES, "pageSize": _PAGE}
    known, total = set(journal.dates(series)), _announced(journal.held(series))
    while (last := journal.last(series)) is None or last.token is not None:
        step = {"countTotal": "true"} if last is None else {"pageToken": last.token or ""}
        page = registry.studies({**parameters, **fields, **step})
        if page is None:
            return False
        held = held_of(page.studies, stamp, token=page.next_page_token or None, total=page.total_count)
        if held.token is not None and held.dates.keys() <= known:
            raise ReadError("The registry gives pages that bring nothing new.", "Try again later.")
        journal.add(series, held, page.studies if series == "pages" else [])
        known |= held.dates.keys()
        total = held.total if last is None else total
        fetched(len(known), total)
    return True


def _announced(pages: Sequence[Held]) -> int | None:
    return pages[0].total if pages else None


def _missing(pages: Sequence[Held]) -> int:
    """How many studies fewer than announced a listing gave."""
    came = {nct_id for held in pages for nct_id in held.dates}
    nameless = sum(held.studies - len(held.dates) for held in pages)
    return max(0, (_announced(pages) or 0) - len(came) - nameless)


def _ask_for_changed(stamp: str, registry: Registry, journal: Journal, fetched: Fetched) -> None:
    """Ask for what a listing of ids and dates names and the journal does not hold, or not with that date."""
    held = journal.dates("pages", "ids", "singles")
    listed = journal.dates("listing")
    changed = [nct_id for nct_id, date in listed.items() if nct_id not in held or held[nct_id] != date]
    _ask_by_id(
        changed, stamp, registry, journal, lambda done, _: fetched(len(listed) - len(changed) + done, len(listed))
    )


def _ask_by_id(ids: Sequence[str], stamp: str, registry: Registry, journal: Journal, fetched: Fetched) -> None:
    """Ask for records by lists of ids, then singly, but for what was asked since the data were refreshed."""
    asked = {nct_id for held in _since(stamp, journal, "ids") for nct_id in held.asked}
    done = sum(nct_id in asked for nct_id in ids)
    for batch in _batches([nct_id for nct_id in ids if nct_id not in asked]):
        page = registry.studies({"filter.ids": ",".join(batch), "fields": RECORD, "pageSize": _PAGE})
        studies = [] if page is None else page.studies
        journal.add("ids", held_of(studies, stamp, asked=batch, moved=_moved(batch, studies)), studies)
        done += len(batch)
        fetched(done, len(ids))
    answered = {nct_id for held in _since(stamp, journal, "ids") for nct_id in (*held.dates, *held.moved)}
    answered |= {nct_id for held in _since(stamp, journal, "singles") for nct_id in held.asked}
    for nct_id in ids:
        if nct_id not in answered:
            _ask_singly(nct_id, stamp, registry, journal)


def _since(stamp: str, journal: Journal, series: str) -> list[Held]:
    return [held for held in journal.held(series) if held.stamp == stamp]


def _ask_singly(nct_id: str, stamp: str, registry: Registry, journal: Journal) -> None:
    study = registry.study(nct_id)
    if study is None:
        journal.add("singles", held_of([], stamp, asked=[nct_id], unknown=[nct_id]), [])
        return
    live = id_of(study)
    moved = {} if live is None or live == nct_id else {nct_id: live}
    if moved and nct_id not in _aliases(study):
        study["protocolSection"]["identificationModule"]["nctIdAliases"] = [*_aliases(study), nct_id]
    journal.add("singles", held_of([study], stamp, asked=[nct_id], moved=moved), [study])


def _batches(ids: Sequence[str]) -> Iterator[list[str]]:
    for first in range(0, len(ids), _BATCH):
        yield list(ids[first : first + _BATCH])


def _moved(asked: Sequence[str], studies: Sequence[Any]) -> dict[str, str]:
    """The ids asked for under which no study came, but of which one that came says that it had them before."""
    live = {old: nct_id for study in studies if (nct_id := id_of(study)) is not None for old in _aliases(study)}
    came = set(live.values()) | {id_of(study) for study in studies}
    return {nct_id: live[nct_id] for nct_id in asked if nct_id in live and nct_id not in came}


def _aliases(study: Any) -> list[str]:  # noqa: ANN401 - any JSON
    try:
        aliases = study["protocolSection"]["identificationModule"]["nctIdAliases"]
    except (KeyError, TypeError):
        return []
    return [one for one in aliases if isinstance(one, str)] if isinstance(aliases, list) else []
