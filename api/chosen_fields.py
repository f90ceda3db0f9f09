"""Which fields of an answer a caller asks for."""

from collections.abc import Sequence

from ..errors import UsageError
from .value_lists import values


def chosen_fields(text: str | None, known: Sequence[str], of: str) -> list[str] | None:
    """The fields that are asked for, each once, in that order; None for all of them.

    Args:
        text: the parameter.
        known: the names there are.
        of: what they are fields of, for the message.

    Raises:
        UsageError: there is no such field, or none is named.
    """
    if text is None:
        return None
    spelt = {name.lower(): name for name in known}
    wanted = list(dict.fromkeys(values(text)))
    if not wanted:
        raise UsageError("fields names no field.", f"Name some of {', '.join(known)}, or leave the parameter out.")
    for name in wanted:
        if name.lower() not in spelt:
            raise UsageError(f"{of} has no field {name[:60]!r}.", f"Fields are {', '.join(known)}.")
    return list(dict.fromkeys(spelt[name.lower()] for name in wanted))
