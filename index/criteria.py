"""The text of eligibility, one criterion at a time.

Records write it as bullets under "Inclusion Criteria" and "Exclusion Criteria", as numbered lines, as lines that wrap,
as one paragraph with dashes in it, or under headings such as "PATIENT CHARACTERISTICS". Whatever the form, each
criterion is given as it stands in the text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .comparison import Criterion, CriterionKind

_KIND = re.compile(
    r"(?:^|(?<=[.;:)] ))[^\w\n]{0,6}(?:\w{1,3}[.)]\s)?(?:[A-Za-z/-]{2,15} ){0,4}(?P<kind>inclusion|exclusion)s?"
    r"(?: criteri(?:a|on|um|as))?[^\n:;.]{0,60}(?::|$)"
    r"|\b(?P<inline>inclusion|exclusion) criteria\s?:"
    r"|^[^\w\n]{0,6}(?P<other>(?:inclusion|exclusion)s?(?: criteri(?:a|on|um|as))?)[ \t]*(?:[:\-–—]|$)",
    re.IGNORECASE | re.MULTILINE,
)
_BULLET = re.compile(
    r"[ \t]*(?:[-–—•●·*▪○◦+✓➢]+|\(?\d{1,2}(?:\.\d{1,2}){0,2}[.):](?!\d)|[①-⑳]|\(?[a-zA-Z][.)]|\(?[ivx]{1,4}[.)])"
    r"(?:\s+|(?<=[①-⑳]))"
)
_INLINE_BULLET = re.compile(r"(?<=\S)\s[-–•*●]\s+(?=[A-Z≥≤<>\d])")
_INLINE_NUMBER = re.compile(r"(?<=\S)\s(?=\(?\d{1,2}[.)]\s+[A-Z])|(?=[①-⑳])")
_SENTENCE = re.compile(r"(?<=[a-z)\d\]][.;])\s+(?=[A-Z])|(?<=[a-z)\d%])\s(?=[A-Z][a-z]{2,15}(?: [a-z]{3,12})?:\s)")
_LINE = re.compile(r"[^\n]+")
_LONG = 240
"""Characters of a line without bullets from which on its sentences are taken for criteria of their own."""
_SHORT_HEADING = 6
"""Words of a line with a colon at its end that is only a heading; a longer one is a criterion, too."""
_SAYS_NOTHING = re.compile(
    r"\W*(?:not specified|see (?:disease|general|patient|prior)[\w ]*|none|n/?a|not applicable|and|or|and/or)?\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Line:
    start: int
    end: int
    bulleted: bool
    indent: int


def criteria(text: str | None) -> list[Criterion]:
    """The criteria in the order of the text; headings and lines that say nothing ("Not specified") are none."""
    out: list[Criterion] = []
    for kind, start, end in _parts(text or ""):
        out += _of_part(text or "", kind, start, end)
    return out


def _parts(text: str) -> Iterator[tuple[CriterionKind, int, int]]:
    """The stretches under each heading of inclusion or exclusion."""
    kind, start = CriterionKind.OTHER, 0
    for match in _KIND.finditer(text):
        yield kind, start, match.start()
        word = match["kind"] or match["inline"] or match["other"]
        kind = CriterionKind.INCLUSION if word.lower().startswith("inclusion") else CriterionKind.EXCLUSION
        start = match.end()
    yield kind, start, len(text)


def _of_part(text: str, kind: CriterionKind, start: int, end: int) -> Iterator[Criterion]:
    heading, level = None, (False, 0)
    for line in _joined(text, list(_lines(text, start, end))):
        words = text[line.start : line.end]
        if heading is not None and (line.bulleted, line.indent) <= level:
            heading = None
        is_heading = words.rstrip().endswith(":") or (words.isupper() and not line.bulleted and len(words.split()) > 1)
        says = not is_heading or len(words.split()) > _SHORT_HEADING
        if says and not _SAYS_NOTHING.fullmatch(words):
            yield Criterion(kind=kind, text=words, start=line.start, heading=heading)
        if is_heading:
            heading, level = words.strip().rstrip(":").strip() or None, (line.bulleted, line.indent)


def _lines(text: str, start: int, end: int) -> Iterator[_Line]:
    """Lines without their bullets and blanks; a line of several bullets or of many sentences is several."""
    for match in _LINE.finditer(text, start, end):
        for first, last in _cut(text, match.start(), match.end()):
            bullet = _BULLET.match(text, first, last)
            begin = bullet.end() if bullet else first
            words = text[begin:last]
            if stripped := words.strip():
                begin += len(words) - len(words.lstrip())
                indent = len(text[first:last]) - len(text[first:last].lstrip())
                yield _Line(begin, begin + len(stripped), bullet is not None, indent if bullet else 0)


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    line = text[start:end]
    at = [match.start() for match in _INLINE_BULLET.finditer(line)]
    if len(at) + bool(_BULLET.match(line)) < 2:
        at = [match.start() for match in _INLINE_NUMBER.finditer(line)]
        if not at or len(at) + bool(_BULLET.match(line)) < 2:
            at = [match.start() for match in _SENTENCE.finditer(line)] if _is_prose(line) else []
    for first, last in zip([0, *at], [*at, len(line)], strict=True):
        yield start + first, start + last


def _is_prose(line: str) -> bool:
    return len(line) > _LONG and not _BULLET.match(line)


def _joined(text: str, lines: list[_Line]) -> Iterator[_Line]:
    """Lines with those that go on with them: no bullet, a small letter, and no end before."""
    held: _Line | None = None
    for line in lines:
        if held is not None and not line.bulleted and text[line.start].islower() and text[held.end - 1] not in ".;:":
            held = _Line(held.start, line.end, held.bulleted, held.indent)
            continue
        if held is not None:
            yield held
        held = line
    if held is not None:
        yield held
