"""A record's plain text as paragraphs and lists, and its criteria as those for inclusion and for exclusion."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_BULLET = re.compile(
    r"(?P<indent>[ \t]*)(?:[-•·*–▪◦●○]|\d{1,2}[.)]|\(?[a-zA-Z][.)]|\((?:\d{1,2}|[ivx]+)\))[ \t]+(?P<text>\S.*)"
)
_HEADING = re.compile(r"(?:[\w /&-]{0,40}\b)?(?:inclusion|exclusion)\b(?: criteri\w+)?[^.:;]{0,60}:?", re.IGNORECASE)


@dataclass(frozen=True)
class Item:
    """One point of a list, with the points under it."""

    text: str
    items: "list[Item]" = field(default_factory=list)


@dataclass(frozen=True)
class Block:
    """A paragraph, with its line breaks, or a list where there are items."""

    text: str = ""
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True)
class Criteria:
    """A part of the eligibility criteria; the part before the first heading has no title."""

    title: str
    blocks: list[Block]


def blocks(text: str | None) -> list[Block]:
    """Paragraphs and lists in order; a line that continues a point stays with it."""
    out: list[Block] = []
    open_items: list[tuple[int, Item, list[Item]]] = []  # indent, point, the list it stands in; outermost first
    apart = True
    for line in (text or "").split("\n"):
        if not line.strip():
            apart = True
            continue
        if match := _BULLET.fullmatch(line):
            indent = len(match["indent"].expandtabs(4))
            _add_point(out, open_items, indent, _label(match) + match["text"].strip())
        elif open_items and (line[0] in " \t" or not apart):
            _continue_point(open_items, line.strip())
        else:
            open_items.clear()
            if out and not out[-1].items and not apart:
                out[-1] = Block(f"{out[-1].text}\n{line.strip()}")
            else:
                out.append(Block(line.strip()))
        apart = False
    return out


def criteria(text: str | None) -> list[Criteria]:
    """The eligibility criteria, parted at their headings."""
    return [Criteria(title, found) for title, part in _parts(text or "") if (found := blocks(part)) or title]


def _parts(text: str) -> Iterator[tuple[str, str]]:
    title, lines = "", []
    for line in text.split("\n"):
        stripped = line.strip()
        if len(stripped) <= 90 and _HEADING.fullmatch(stripped) and _is_heading(stripped):
            yield title, "\n".join(lines)
            title, lines = stripped.rstrip(": "), []
        else:
            lines.append(line)
    yield title, "\n".join(lines)


def _is_heading(line: str) -> bool:
    return line.endswith(":") or "criteri" in line.lower()


def _label(match: re.Match[str]) -> str:
    """What stands before a numbered point, to be kept; a bullet says nothing."""
    before = match[0][len(match["indent"]) : match.start("text")].strip()
    return "" if len(before) == 1 else f"{before} "


def _add_point(out: list[Block], open_items: list[tuple[int, Item, list[Item]]], indent: int, text: str) -> None:
    while open_items and open_items[-1][0] > indent:
        open_items.pop()
    item = Item(text)
    if open_items and open_items[-1][0] == indent:
        siblings = open_items.pop()[2]
    elif open_items:
        siblings = open_items[-1][1].items
    else:
        if not out or not out[-1].items:
            out.append(Block(items=[]))
        siblings = out[-1].items
    siblings.append(item)
    open_items.append((indent, item, siblings))


def _continue_point(open_items: list[tuple[int, Item, list[Item]]], text: str) -> None:
    indent, item, siblings = open_items[-1]
    longer = Item(f"{item.text}\n{text}", item.items)
    siblings[-1] = longer
    open_items[-1] = (indent, longer, siblings)
