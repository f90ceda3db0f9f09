"""Words that a text states and does not deny: ``relapsed``, but not ``non-relapsed`` or ``without relapse``."""

import re
from collections.abc import Iterator

_DENIED_BEFORE = re.compile(r"(\bnone?[- ]|(?<!or )(?<!/)\b(no|not|never|without) (an? |be |been )?)$", re.IGNORECASE)
_DENIED_WITHIN = re.compile(r"none?-", re.IGNORECASE)
_BEFORE = 20
"""Characters before a word in which it may be denied."""


def stated(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    """What a pattern finds in a text and the text does not deny, each match with the rest of its words."""
    for match in pattern.finditer(text):
        start, end = _whole_words(text, *match.span())
        denied = _DENIED_BEFORE.search(text, max(0, start - _BEFORE), start)
        if not denied and not _DENIED_WITHIN.match(text, start, match.start()):
            yield text[start:end].rstrip()


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """A match with the rest of its words: ``steroid-resistant``, not ``resistant``."""
    while text[start].isspace():
        start += 1
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] == "-"):
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return start, end
