"""Ages of the registry ("18 Years", "6 Months") as numbers of years."""

import re

_AGE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(year|month|week|day|hour|minute)s?\s*", re.IGNORECASE)
_PER_YEAR = {"year": 1.0, "month": 12.0, "week": 52.1775, "day": 365.2425, "hour": 8765.82, "minute": 525949.2}


def age_in_years(text: str | None) -> float | None:
    """Return the age in years, or None where there is no limit or none that can be read."""
    match = _AGE.fullmatch(text) if text else None
    return float(match[1]) / _PER_YEAR[match[2].lower()] if match else None
