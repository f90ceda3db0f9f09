"""A trial's page: its record, and beside it the trials most like it, in the order that the reader lets count."""

from itertools import groupby
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from ...data import Trial
from ...data.trial import Site
from ...index import Index
from ..dependencies import NctId, TheIndex
from . import weighing
from .address import Address
from .blocks import blocks, criteria
from .home import size_of
from .rendering import page

router = APIRouter(include_in_schema=False)
BESIDE = 5
"""Trials beside the record; the others stand below it."""
STEP = 10
MOST_SHOWN = 205
_KNOWN = ("preset", "weights", "pageSize")


@router.get("/trials/{nctId}")
def trial_page(request: Request, nct_id: NctId, index: TheIndex) -> Response:
    """The record and its kin; another spelling of the id, or a form's sliders, lead to the proper address."""
    trial = index.trial(nct_id)
    asked = _address(request, f"/trials/{nct_id}")
    address = weighing.moved(asked, request.query_params).changed(f"/trials/{trial.nct_id}")
    if address != asked or any(aspect in request.query_params for aspect in weighing.SLIDERS):
        return RedirectResponse(str(address), 302)
    return page(
        request,
        "trial.html",
        index,
        trial=trial,
        summary=blocks(trial.brief_summary),
        description=blocks(trial.detailed_description),
        criteria=criteria(trial.eligibility_criteria),
        blocks=blocks,
        countries=_by_country(trial),
        **_kin(index, trial.nct_id, address, 0),
    )


@router.get("/fragments/related/{nctId}")
def related(request: Request, nct_id: NctId, index: TheIndex) -> Response:
    """Both lists anew, for sliders that were moved."""
    canonical = index.trial(nct_id).nct_id
    address = weighing.moved(_address(request, f"/trials/{canonical}"), request.query_params)
    return page(request, "trial_fragment.html", index, nct_id=canonical, **_kin(index, canonical, address, 0))


@router.get("/fragments/more-related/{nctId}")
def more_related(request: Request, nct_id: NctId, index: TheIndex) -> Response:
    """The last trials of a list that has grown, to be appended."""
    canonical = index.trial(nct_id).nct_id
    address = _address(request, f"/trials/{canonical}")
    skip = max(_size(address) - STEP, BESIDE)
    return page(request, "trial_more_fragment.html", index, nct_id=canonical, **_kin(index, canonical, address, skip))


def _kin(index: Index, nct_id: str, address: Address, skip: int) -> dict[str, Any]:
    """What the lists show: ranks `skip` + 1 to as many as the address says, and how to see more."""
    top = _size(address)
    # one more than shown tells whether there are more
    hits = index.related(nct_id, top + 1, weights=weighing.weights_of(address), skip=skip)
    more = len(hits) > top - skip
    shown = [hit for hit in hits if hit.rank <= top]
    return {
        "address": address,
        "api": address.changed(f"/api/v1/trials/{nct_id}/related", pageSize=1000),
        "beside": [hit for hit in shown if hit.rank <= BESIDE],
        "below": [hit for hit in shown if hit.rank > BESIDE],
        "shown": top,
        "most_shown": MOST_SHOWN,
        "more": address.changed(pageSize=min(top + STEP, MOST_SHOWN)) if more and top < MOST_SHOWN else None,
        "sliders": weighing.sliders(address),
        "presets": weighing.presets(address.changed(pageSize=None)),
        "most": weighing.MOST,
    }


def _address(request: Request, path: str) -> Address:
    return Address.of(path, request.query_params, _KNOWN)


def _size(address: Address) -> int:
    return size_of(address.parameters.get("pageSize"), BESIDE + STEP, MOST_SHOWN)


def _by_country(trial: Trial) -> list[tuple[str, list[Site]]]:
    """The sites by country, the country with the most first; those without one last."""
    ordered = sorted(trial.locations, key=lambda site: site.country or "")
    groups = [(country, list(sites)) for country, sites in groupby(ordered, key=lambda site: site.country or "")]
    return sorted(groups, key=lambda one: (not one[0], -len(one[1]), one[0]))
