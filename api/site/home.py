"""The first page: one box that takes an NCT id, words or a whole protocol, and what was found."""

import re
from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from ...data import is_nct_id, normalise_nct_id
from ...errors import UsageError
from ...index import Index
from ..dependencies import TheIndex
from . import facet_groups
from .address import Address
from .asking import FILTERS, MOST_COUNTED, SHORT, WEIGHTS, Question, ask
from .marking import wanted_of
from .rendering import page

router = APIRouter(include_in_schema=False)
STEP = 20
"""Trials of a list at first, and how many more each time."""
MOST_SHOWN = 200
_KNOWN = ("q", *FILTERS, *WEIGHTS, "pageSize")
_EXAMPLES = (
    "steroid-resistant ITP, anti-CD20",
    "psoriatic arthritis after failure of a TNF inhibitor",
    "fatigue after cancer, exercise",
)
_SEED = "NCT07057778"


async def _form(request: Request) -> Mapping[str, str]:
    """The fields of a form, empty ones, too; files are none."""
    async with request.form(max_files=0) as form:
        return {name: value for name, value in form.items() if isinstance(value, str)}


TheForm = Annotated[Mapping[str, str], Depends(_form)]


@router.get("/")
def home(request: Request, index: TheIndex) -> Response:
    """The empty page, or what a short text finds."""
    address = Address.of("/", request.query_params, _KNOWN)
    text = address.parameters.get("q", "").strip()
    if is_nct_id(text):
        return RedirectResponse(f"/trials/{normalise_nct_id(text)}", 302)
    if not text:
        seed = index.trial(_SEED if _SEED in index else index.nct_ids()[0])
        chips = facet_groups.chips(address)
        return page(request, "home.html", index, address=address, chips=chips, examples=_EXAMPLES, seed=seed)
    return _results(request, index, address, text, posted=False)


@router.post("/")
def submitted(request: Request, index: TheIndex, form: TheForm) -> Response:
    """An id leads to its trial, a short text to its address; a long one is answered and forgotten."""
    text = form.get("q", "").strip()
    if is_nct_id(text):
        return RedirectResponse(f"/trials/{normalise_nct_id(text)}", 303)
    asked = Address.of("/", request.query_params, _KNOWN)
    address = _with_limits(asked, form)
    if len(text) <= SHORT:
        named = Address("/", {"q": " ".join(text.split()), **address.parameters}) if text else address
        return RedirectResponse(str(named), 303)
    if address != asked:
        return RedirectResponse(str(address), 307)  # sends the same body there
    return _results(request, index, address, text, posted=True)


@router.get("/fragments/search")
def more(request: Request, index: TheIndex) -> Response:
    """Further trials of a list, to be appended to it."""
    address = Address.of("/", request.query_params, _KNOWN)
    return _results(request, index, address, address.parameters.get("q", "").strip(), posted=False, fragment=True)


@router.post("/fragments/search")
def more_submitted(request: Request, index: TheIndex, form: TheForm) -> Response:
    """Further trials for a text that stands in no address."""
    address = Address.of("/", request.query_params, _KNOWN)
    return _results(request, index, address, form.get("q", "").strip(), posted=True, fragment=True)


def _results(
    request: Request, index: Index, address: Address, text: str, *, posted: bool, fragment: bool = False
) -> Response:
    question = Question.of(text)
    top = size_of(address.parameters.get("pageSize"), STEP, MOST_SHOWN)
    skip = max(top - STEP, 0) if fragment else 0
    first = address.changed(pageSize=None)
    found = ask(index, question, address, skip, top)
    sought = question.sought(index)
    response = page(
        request,
        "search_fragment.html" if fragment else "results.html",
        index,
        address=address,
        api=address.changed("/api/v1/search", q=text, pageSize=1000),
        question=question,
        found=found,
        counted=f"{MOST_COUNTED} or more" if found.total == MOST_COUNTED else f"{found.total:,}",
        shown=skip + len(found.hits),
        more=address.changed(pageSize=top + STEP) if found.total > top and top < MOST_SHOWN else None,
        most_shown=MOST_SHOWN,
        groups=facet_groups.groups(found.facets, first),
        years=facet_groups.years(found.facets),
        chips=facet_groups.chips(first),
        words=wanted_of(sought.text),
        sought=sought,
        posted=posted,
    )
    if posted:
        response.headers["Cache-Control"] = "no-store"
    return response


def size_of(text: str | None, step: int, most: int) -> int:
    """How many trials a page shows.

    Raises:
        UsageError: it is no number of trials.
    """
    if text is None:
        return step
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= most:
        raise UsageError(f"The number of trials, pageSize={text[:20]!r}, is out of range.", f"Give 1 to {most}.")
    return int(text)


def _with_limits(address: Address, form: Mapping[str, str]) -> Address:
    """The address with what the form's own fields say, where it has them; a field left empty takes a filter away."""
    limited = address
    for name in ("sex", "age"):
        if name in form:
            limited = limited.with_value(f"filter.{name}", form[name].strip())
    if "startFrom" in form or "startTo" in form:
        first, last = form.get("startFrom", "").strip(), form.get("startTo", "").strip()
        limited = limited.with_value("filter.startDate", f"{first}..{last}" if first or last else None)
    return address if limited == address else limited.changed(pageSize=None)  # another list begins at its start
