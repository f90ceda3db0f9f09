"""Two trials side by side: what both say, where they differ, and what only one of them says."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from ...data import normalise_nct_id
from ...errors import UsageError
from ...index import Index
from ...index.comparing import compare
from ..dependencies import TheIndex
from .compared_rows import tables
from .rendering import page

router = APIRouter(include_in_schema=False)
_SUGGESTED = 12
"""Kin of the first trial that the form suggests."""
_Id = Annotated[str, Path(max_length=40)]
_Given = Annotated[str, Query(max_length=40)]


@router.get("/compare")
def choose(request: Request, index: TheIndex, first: _Given = "", second: _Given = "") -> Response:
    """Where a form's two ids lead; without both, the form."""
    if first.strip() and second.strip():
        return RedirectResponse(f"/compare/{normalise_nct_id(first)}/{normalise_nct_id(second)}", 303)
    return page(request, "compare.html", index, comparison=None, first=first.strip(), second=second.strip())


@router.get("/compare/{first}/{second}")
def compare_page(request: Request, first: _Id, second: _Id, index: TheIndex) -> Response:
    """Both trials, section by section; another spelling of an id leads to the proper address."""
    one, other = index.trial(first), index.trial(second)
    if one.nct_id == other.nct_id:
        raise UsageError(f"{one.nct_id} would be compared with itself.", "Give the number of another trial.")
    if (first, second) != (one.nct_id, other.nct_id):
        return RedirectResponse(f"/compare/{one.nct_id}/{other.nct_id}", 302)
    comparison = compare(one, other)
    return page(
        request,
        "compare.html",
        index,
        comparison=comparison,
        tables=tables(comparison),
        suggested=_suggested(index, one.nct_id, other.nct_id),
    )


def _suggested(index: Index, first: str, second: str) -> list[tuple[str, str]]:
    """Ids and titles of the first trial's kin without the second; none where it has no text to compare."""
    try:
        hits = index.related(first, _SUGGESTED, explain=False)
    except UsageError:
        return []
    return [(hit.nct_id, hit.title) for hit in hits if hit.nct_id != second]
