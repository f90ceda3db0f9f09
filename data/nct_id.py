"""NCT ids as people type them."""

import re

from ..errors import InvalidNctId

_LOOSE = re.compile(r"\s*NCT[\s:#-]*0*([1-9]\d{0,7})\s*", re.IGNORECASE)


def normalise_nct_id(text: str) -> str:
    """Return the canonical form, ``NCT`` and eight digits.

    Case, spaces, a dash and missing leading zeros are forgiven: ``nct 7057778`` is ``NCT07057778``.

    Raises:
        InvalidNctId: the text is no NCT id.
    """
    match = _LOOSE.fullmatch(text)
    if match is None:
        shown = text if len(text) <= 40 else text[:37] + "..."
        raise InvalidNctId(
            f"{shown!r} is not an NCT id.",
            "An NCT id is NCT and eight digits, not all of them 0, such as NCT07057778; to search by words use search.",
        )
    return f"NCT{int(match[1]):08d}"


def is_nct_id(text: str) -> bool:
    """Whether `normalise_nct_id` would accept the text."""
    return _LOOSE.fullmatch(text) is not None
