"""The trials that a text asks about by their ids alone: *trials like NCT07057778 and NCT05302024*."""

import re

from ..data import normalise_nct_id
from .framing import frames, without

_ID = re.compile(r"\bNCT[ :#-]?\d{8}\b", re.IGNORECASE)
_LIKE = re.compile(
    r"\b(?:like|similar|related|close|comparable|resembl(?:e|es|ing)|kin|siblings|alternatives|to|of|with|for|and|or|the)\b",
    re.IGNORECASE,
)


def asked_trials(text: str) -> list[str]:
    """The ids in a text that says nothing else, each once, in order; none of any other text."""
    found = list(dict.fromkeys(normalise_nct_id(one) for one in _ID.findall(text)))
    if not found:
        return []
    left = _LIKE.sub(" ", _ID.sub(" ", without(text, frames(text))))
    return [] if any(map(str.isalnum, left)) else found
