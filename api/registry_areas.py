"""``filter.advanced`` of the registry's API: conditions on areas, as far as the index's filters mean the same."""

import re
from typing import Any

from ..errors import UsageError

_LISTS = {
    "overallstatus": "status",
    "phase": "phase",
    "studytype": "study_type",
    "leadsponsorclass": "sponsor_class",
    "locationcountry": "country",
}
_DATES = {"startdate": "start", "completiondate": "completion", "lastupdatepostdate": "updated"}
AREAS = (
    "OverallStatus, Phase, StudyType, LeadSponsorClass, LocationCountry, HasResults, StartDate, CompletionDate, "
    "LastUpdatePostDate"
)
_ONE = re.compile(
    r"""\s*AREA\[(?P<area>\w+)\]\s*
    (?:RANGE\[(?P<first>[^,\[\]]*),(?P<last>[^,\[\]]*)\]|\((?P<any>[^()]*)\)|(?P<value>"[^"]*"|[^\s()\[\]]+))\s*""",
    re.VERBOSE,
)


def advanced_filters(text: str) -> dict[str, Any]:
    """Conditions joined by ``AND`` as arguments of `make_filters`.

    ``AREA[Phase](PHASE2 OR PHASE3) AND AREA[StartDate]RANGE[2020-01-01,MAX]``

    Raises:
        UsageError: an expression of another form, an area that is not filtered by, or the same area twice.
    """
    found: dict[str, Any] = {}
    position = 0
    while position < len(text.rstrip()):
        one = _ONE.match(text, position)
        if one is None:
            raise _refusal(text[position:])
        name, value = _condition(one)
        if name in found:
            raise UsageError(
                f"AREA[{one['area']}] stands there twice.", "Write AREA[...](ONE OR OTHER) for any of several."
            )
        found[name] = value
        position = one.end()
        if position < len(text):
            if not text.startswith("AND", position) or position + 3 >= len(text.rstrip()):
                raise _refusal(text[position:])
            position += 3
    return found


def _condition(one: re.Match[str]) -> tuple[str, Any]:
    area, ranged = one["area"].lower(), one["first"] is not None
    if area in _DATES and ranged:
        ends = (one["first"].strip(), one["last"].strip())
        first, last = (end if end.upper() not in ("MIN", "MAX") else "" for end in ends)
        if first or last:
            return _DATES[area], f"{first}..{last}"
        raise UsageError(f"{one[0].strip()[:80]} says nothing.", "Give it one end at least.")
    if area in _LISTS and not ranged:
        parts = [one["value"]] if one["any"] is None else re.split(r"\s+OR\s+", one["any"].strip())
        listed = [part.strip().strip('"') for part in parts]
        if all(listed) and not any(" AND " in part or "NOT " in part for part in listed):
            return _LISTS[area], listed
    if area == "hasresults" and (one["value"] or "").lower() in ("true", "false"):
        return "has_results", one["value"].lower() == "true"
    raise _refusal(one[0])


def _refusal(text: str) -> UsageError:
    return UsageError(
        f"filter.advanced cannot be honoured from {text.strip()[:80]!r} on.",
        f"Join by AND conditions such as AREA[Phase]PHASE2, AREA[Phase](PHASE2 OR PHASE3), "
        f"AREA[StartDate]RANGE[2020-01-01,MAX] on {AREAS}.",
    )
