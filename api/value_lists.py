"""Several values in one parameter, as the registry's API writes them."""

import re
from collections.abc import Iterable

_SEPARATOR = re.compile(r"(?<!\\)[,|]")
_ESCAPED = re.compile(r"\\([,|])")


def values(text: str) -> list[str]:
    r"""The values of a list that is separated by commas or ``|``; one within a value is written ``\,`` or ``\|``."""
    return [_ESCAPED.sub(r"\1", part).strip() for part in _SEPARATOR.split(text) if part.strip()]


def value_list(parts: Iterable[str]) -> str:
    """Values as a list that `values` reads."""
    return ",".join(re.sub(r"[,|]", r"\\\g<0>", part) for part in parts)
