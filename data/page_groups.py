"""Arms and interventions of a copied trial page, where names and descriptions follow one another without a mark."""

import re
from typing import Any

_ARM_TYPE = re.compile("EXPERIMENTAL|(?:ACTIVE|PLACEBO|SHAM)_COMPARATOR|NO_INTERVENTION|OTHER")
_LONGEST_NAME = 8
"""Words of a name; descriptions are longer, end as sentences do, or are lists."""
_SENTENCE_END = re.compile(r"[.;:!?]$")
_BULLET = re.compile(r"[-*•+]\s|\d+[.)]\s")

Arm = dict[str, Any]
Block = tuple[str, ...]
"""An intervention's lines: its name, then those of its description."""


def groups_and_interventions(groups: list[str], listed: list[str]) -> tuple[list[Arm], list[dict[str, Any]]]:
    """Arms, and the interventions that are listed below them, which join by name.

    In the section of groups, each arm is followed by its interventions, in the words of their own section; so it is
    known where one starts and ends. What is left of an arm is its label and its description.
    """
    blocks = _blocks(listed, groups)
    arms = _arms(groups, blocks)
    labels: dict[str, list[str]] = {}
    for arm in arms:
        for name in arm.get("interventionNames", ()):
            labels.setdefault(name, []).append(arm["label"])
    interventions = []
    for name, *description in blocks:
        one: dict[str, Any] = {"name": name}
        if description:
            one["description"] = "\n".join(description)
        interventions.append(one | ({"armGroupLabels": labels[name]} if name in labels else {}))
    return arms, interventions


def _blocks(lines: list[str], groups: list[str]) -> list[Block]:
    """The interventions of their own section: a name, then a description of any number of lines or none.

    A name is followed by its description in the arms too, and the end of an intervention by one thing or another:
    so a line starts a new one where the groups go on otherwise, or where it looks like a name after a description.
    """
    following: dict[str, set[str]] = {}
    for line, after in zip(groups, [*groups[1:], ""], strict=False):
        following.setdefault(line, set()).add(after)
    blocks: list[list[str]] = []
    for line in lines:
        last = blocks[-1] if blocks else []
        after = following.get(last[-1], {line}) if last else set()
        if len(last) == 1:
            starts = line not in after or (_is_short_name(line) and line != last[0])
        else:
            starts = after != {line} or _is_name(line)
        if starts:
            blocks.append([line])
        else:
            last.append(line)
    return [tuple(block) for block in blocks]


def _arms(lines: list[str], blocks: list[Block]) -> list[Arm]:
    arms: list[Arm] = []
    by_name: dict[str, list[Block]] = {}
    for block in dict.fromkeys(blocks):
        by_name.setdefault(block[0], []).append(block)
    at = 0
    while at < len(lines):
        line = lines[at]
        arm = arms[-1] if arms else None
        block = next((one for one in by_name.get(line, ()) if tuple(lines[at : at + len(one)]) == one), None)
        given = arm.get("interventionNames", []) if arm else []
        if arm is not None and block is not None and (len(block) > 1 or line not in given):
            arm["interventionNames"] = [*given, line]
            at += len(block)
            continue
        if arm is None or given or (("description" in arm) and _is_name(line)):
            arms.append({"label": line})
        elif _ARM_TYPE.fullmatch(line) and "type" not in arm:
            arm["type"] = line
        else:
            arm["description"] = f"{arm['description']}\n{line}" if "description" in arm else line
        at += 1
    return arms


def _is_name(line: str) -> bool:
    return len(line.split()) <= _LONGEST_NAME and not _SENTENCE_END.search(line) and not _BULLET.match(line)


def _is_short_name(line: str) -> bool:
    """A name even where a description would be: a few words with a capital, and no dose."""
    return _is_name(line) and len(line.split()) <= 4 and line[0].isupper() and not re.search(r"\d", line)
