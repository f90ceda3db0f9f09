"""Ranges of dates as the registry's API writes them."""

import re

_RANGE = re.compile(r"\s*RANGE\s*\[\s*([^,\[\]]*?)\s*,\s*([^,\[\]]*?)\s*\]\s*", re.IGNORECASE)


def plain_range(text: str | None) -> str | None:
    """``RANGE[2026-01-01,MAX]`` as ``2026-01-01..``; any other text as it is."""
    match = _RANGE.fullmatch(text) if text is not None else None
    if match is None:
        return text
    first, last = match.groups()
    return f"{'' if first.upper() == 'MIN' else first}..{'' if last.upper() == 'MAX' else last}"
