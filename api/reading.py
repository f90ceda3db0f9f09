"""How a text was read, as answers tell it."""

from typing import Any

from ..index.sought import Sought


def as_read(sought: Sought) -> dict[str, Any]:
    """By the names of `ReadText`: what was left out, what was spelt anew, whom it asks for; only what there is."""
    told = {"leftOut": sought.denied, "spelled": sought.spelled, "person": sought.person}
    return {name: value for name, value in told.items() if value}


def lines_as_read(sought: Sought) -> list[str]:
    """The same for people, a line each."""
    lines = []
    if sought.spelled:
        spelled = ", ".join(f"“{meant}” in place of “{said}”" for said, meant in sought.spelled.items())
        lines.append(f"Looked for {spelled}")
    if sought.denied:
        lines.append(f"Not looked for, as it is denied: {', '.join(f'“{one}”' for one in sought.denied)}")
    if sought.person:
        lines.append(f"Asked for {sought.person}: trials for others rank lower")
    return lines
