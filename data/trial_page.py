"""The text that a person copies from a page of a trial site, one page or several after one another, to records."""

import io
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import BinaryIO

from .nct_id import is_nct_id
from .page_study import Page, study_and_fields
from .records import Read, Rejection, read_study

HEADINGS = (
    "Study Results",
    "Basic Information",
    "Brief Summary",
    "Related Clinical Trials",
    "Detailed Description",
    "Conditions",
    "Study Design",
    "Study Groups",
    "Interventions",
    "Eligibility Criteria",
    "Sponsors",
    "Responsible Party",
    "Principal Investigators",
    "Locations",
    "Countries",
    "Central Contacts",
    "Other Identifiers",
    "More Related Trials",
)
"""The headings of a page, each in a line of its own."""
_LIMIT = 1 << 20
"""The longest page that is held in memory, in characters; a page of a thousand sites has a tenth."""
_ID = re.compile(r"NCT ID:\s*(.*)", re.IGNORECASE)
_UPDATED = re.compile(r"Last Updated:\s*(.*)", re.IGNORECASE)
_EXPLANATION = re.compile(
    r"(?:Get|Review|Explore|Dive|See|Understand|Learn|Check|Meet|Identify|Reach|Discover|Find|View|Browse|Additional)\b"
    r".*[.!]$"
)
"""The sentence below a heading, which tells the reader of the site what to do with the section."""


def is_trial_page(head: bytes) -> bool:
    """Whether a file that starts with these bytes is a copied page: ``NCT ID: ...``, then another of its lines."""
    lines = [line.strip() for line in head.decode("utf-8-sig", errors="replace").splitlines()]
    return _id_line([line for line in lines if line]) is not None


def read_page(stream: BinaryIO, name: str) -> Iterator[Read]:
    """Read the pages of a file, one page in memory at a time.

    The fields that a record is said to carry are those of the sections that hold something: a heading with nothing
    below says that the copy lost it. A page without an NCT id, or longer than 1 MiB, comes as a `Rejection`. Bytes
    that are no UTF-8 are replaced.

    Args:
        stream: the file, which stays open.
        name: of the file, for the report of a rejection.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace")
    try:
        for number, lines in _pages(text):
            yield _record(lines, name, f"line {number}")
    finally:
        text.detach()


def _record(lines: list[str] | None, file: str, position: str) -> Read:
    if lines is None:
        return Rejection(file, position, None, "the page is longer than 1 MiB")
    filled = [line for line in lines if line]
    at = _id_line(filled)
    if at is None:
        return Rejection(file, position, None, "there is no line 'NCT ID: NCT...', as a page of a trial has")
    start = lines.index(filled[at])
    found = _ID.fullmatch(filled[at])
    number = found[1].strip() if found else ""
    if not is_nct_id(number):
        return Rejection(file, position, number[:80] or None, f"its NCT ID is {number[:80]!r}, which is no NCT id")
    updated = next((match[1] for line in lines[start + 1 :] if (match := _UPDATED.fullmatch(line))), None)
    page = Page(filled[at - 1] if at else None, number, updated, _sections(lines[start + 1 :]))
    study, fields = study_and_fields(page)
    return read_study(study, file, position, fields)


def _pages(text: io.TextIOWrapper) -> Iterator[tuple[int, list[str] | None]]:
    """Each page as the number of its first line and its lines without blanks around; None for one that is too long.

    A page starts with its title, which is the line before ``NCT ID:``; that it is the start is known by the line after.
    """
    first, number, size, ids = 1, 0, 0, 0
    lines: list[str] = []
    while piece := text.readline(_LIMIT):
        number += 1
        line = piece.strip("\ufeff \t\r\n\f\v\xa0")
        before = _last_filled(lines) if _follows_id(line) else None
        if before is not None and _ID.fullmatch(lines[before]):
            title = _last_filled(lines[:before])
            start = before if title is None else title
            if ids:
                yield first, None if size >= _LIMIT else lines[:start]
                first, size = number - len(lines) + start, 0
                lines = lines[start:]
            ids += 1
        lines.append(line)
        size += len(piece)
        if size >= _LIMIT:
            del lines[:-20]  # enough for a title and an id
    if any(lines):
        yield first, None if size >= _LIMIT else lines


def _id_line(filled: list[str]) -> int | None:
    """Where the first ``NCT ID:`` stands that the next line of a page follows, or is the last of all."""
    return next(
        (
            at
            for at, line in enumerate(filled)
            if _ID.fullmatch(line) and (at + 1 == len(filled) > 1 or _follows_id("".join(filled[at + 1 : at + 2])))
        ),
        None,
    )


def _follows_id(line: str) -> bool:
    return line in HEADINGS or _UPDATED.fullmatch(line) is not None


def _last_filled(lines: list[str]) -> int | None:
    return next((at for at in range(len(lines) - 1, -1, -1) if lines[at]), None)


def _sections(lines: list[str]) -> dict[str, list[str]]:
    """The lines below each heading, without the sentence that explains it.

    A text may hold a line such as "Conditions" itself, so that only those count which are explained; on a page without
    any explanation, the first of each.
    """
    explained: dict[str, int] = {}
    bare: dict[str, int] = {}
    for at, line in enumerate(lines):
        if line in HEADINGS:
            bare.setdefault(line, at)
            if _EXPLANATION.match(_next_filled(lines, at)) or (line == "Study Results" and at == bare[line]):
                explained.setdefault(line, at)
    chosen = explained if explained.keys() - {"Study Results"} else bare
    starts = sorted(chosen.values())
    sections = {}
    for at, end in pairwise([*starts, len(lines)]):
        below = lines[at + 1 : end]
        filled = _last_filled(below[::-1])
        if filled is not None:
            text = len(below) - 1 - filled
            sections[lines[at]] = below[text + 1 :] if _EXPLANATION.match(below[text]) else below[text:]
    return sections


def _next_filled(lines: list[str], at: int) -> str:
    return next((line for line in lines[at + 1 : at + 10] if line), "")
