"""Which studies a request to the registry's API asks for: found, sorted, and cut into pages."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import UsageError
from ..index import Index
from .paging import list_mark
from .registry_parameters import MOST_STUDIES, StudiesParameters
from .sorting import RELEVANCE, SortKey, in_order, parse_sort

_FIELDS = {
    "NCTId": "nctId",
    "BriefTitle": "title",
    "OverallStatus": "overallStatus",
    "EnrollmentCount": "enrollmentCount",
    "StartDate": "startDate",
    "CompletionDate": "completionDate",
    "LastUpdatePostDate": "lastUpdatePostDate",
}
"""What studies can be sorted by where no words are looked for: by the registry's name, the field of `Index.listed`."""


@dataclass(frozen=True)
class StudyPage:
    """The NCT ids of a page; `total` is that of the whole list, `token` names the next page."""

    nct_ids: list[str]
    total: int
    token: str | None


def study_page(index: Index, parameters: StudiesParameters) -> StudyPage:
    """Find one page.

    Raises:
        UsageError: a parameter cannot be honoured, or the token is of another list.
    """
    position = _position(index, parameters)
    found = _found(index, parameters)
    end = position + min(parameters.page_size, MOST_STUDIES)
    goes_on = position < end < len(found)
    return StudyPage(found[position:end], len(found), _token(index, parameters, end) if goes_on else None)


def _found(index: Index, parameters: StudiesParameters) -> list[str]:
    text, filters, chosen = parameters.text(), parameters.filters(), parameters.chosen()
    keys = parse_sort(parameters.sort)
    if text:
        hits = index.search(text, MOST_STUDIES, filters, parameters.weights(), explain=False)
        hits = [hit for hit in hits if chosen is None or hit.nct_id in chosen]
        return [hit.nct_id for hit in (in_order(hits, keys, index) if keys else hits)]
    ids = index.listed(filters, _order(keys))
    return ids if chosen is None else [one for one in ids if one in chosen]


def _order(keys: Sequence[SortKey]) -> list[tuple[str, bool]]:
    """The keys as `Index.listed` takes them; without words there is no relevance, and its place stays empty."""
    keys = [key for key in keys if key.name != RELEVANCE]
    for key in keys:
        if key.name not in _FIELDS:
            raise UsageError(
                f"Studies without words to look for are not sorted by {key.name}.", f"Sort by {', '.join(_FIELDS)}."
            )
    return [(_FIELDS[key.name], key.descending) for key in keys]


def _token(index: Index, parameters: StudiesParameters, position: int) -> str:
    return f"{list_mark(index, parameters.of_list() | {'position': position})}.{position}"


def _position(index: Index, parameters: StudiesParameters) -> int:
    """How many studies lie before the page; a token holds for one list of one version of the data."""
    token = parameters.page_token
    if token is None:
        return 0
    digits = token.rpartition(".")[2]
    position = int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else 0
    if position < 1 or token != _token(index, parameters, position):
        raise UsageError(
            "The pageToken is damaged, or of another list, or of data that were refreshed since.",
            "Start again without pageToken.",
        )
    return position
