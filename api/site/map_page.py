"""The map: the trials most like one trial, or like some words, laid out in the plane, like ones near each other."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from ...data import is_nct_id, normalise_nct_id
from ...errors import UsageError
from ...index import Hit, Index
from ..dependencies import TheIndex
from . import facet_groups
from .address import Address
from .asking import FILTERS, WEIGHTS, parameters_of
from .picture import HEIGHT, WIDTH, picture
from .rendering import page

router = APIRouter(include_in_schema=False)
SHOWN = 60
"""Trials of a map at most."""
COLOURS = {"intervention": "Intervention", "condition": "Condition"}
"""What points can be coloured by, the first unless the reader chooses."""
_KNOWN = ("nctId", "q", "colour", *FILTERS, *WEIGHTS)
_SEED = "NCT07057778"


@router.get("/map")
def map_page(request: Request, index: TheIndex) -> Response:
    """The map of a trial or of a search; without either, how to get one."""
    address = Address.of("/map", request.query_params, _KNOWN)
    nct_id, text = (address.parameters.get(name, "").strip() for name in ("nctId", "q"))
    if nct_id and text:
        raise UsageError("A map is of a trial or of a search, not of both.", "Give nctId or q.")
    if is_nct_id(text):
        return RedirectResponse(str(address.changed(nctId=normalise_nct_id(text), q=None)), 302)
    colour = address.parameters.get("colour", next(iter(COLOURS)))
    if colour not in COLOURS:
        raise UsageError(f"Points cannot be coloured by {colour[:40]!r}.", f"Choose {' or '.join(COLOURS)}.")
    if not (nct_id or text):
        seed = _SEED if _SEED in index else index.nct_ids()[0]
        return page(request, "map.html", index, drawn=None, seed=index.trial(seed))
    centre = index.trial(nct_id) if nct_id else None
    hits = _hits(index, nct_id, text, address)
    laid = index.neighbourhood([*([nct_id] if nct_id else ()), *(hit.nct_id for hit in hits)], text or None)
    return page(
        request,
        "map.html",
        index,
        drawn=picture(laid, {hit.nct_id: hit for hit in hits}, colour),
        width=WIDTH,
        height=HEIGHT,
        centre=centre,
        text=text,
        hits=hits,
        colour=colour,
        colours=[(name, title, address.changed(colour=name)) for name, title in COLOURS.items()],
        chips=facet_groups.chips(address),
        as_list=_as_list(address, centre.nct_id if centre else None),
    )


def _hits(index: Index, nct_id: str, text: str, address: Address) -> list[Hit]:
    parameters = parameters_of(address)
    filters, weights = parameters.filters(), parameters.aspects()
    if nct_id:
        return index.related(nct_id, SHOWN, filters, weights, explain=False)
    return index.search(text, SHOWN, filters, weights, explain=False)


def _as_list(address: Address, nct_id: str | None) -> Address:
    """The page that lists the same trials."""
    return address.changed(f"/trials/{nct_id}" if nct_id else "/", nctId=None, colour=None)
