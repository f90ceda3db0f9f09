"""The registry's Markdown, escapes and entities to plain text."""

import html
import re

# Lengths are bounded: what opens and never closes must not be looked for to the end of the text again and again.
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.{1,1000}?)(?<=\S)\1")
_BULLET = re.compile(r"^([ \t]*)[*+][ \t]+", re.MULTILINE)
_HEADING = re.compile(r"^#{1,6}[ \t]+", re.MULTILINE)
_LINK = re.compile(r"\[([^\]\n]{1,1000})\]\((https?://[^)\s]{1,2000})\)")
_BLANKS = re.compile(r"\n{3,}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff]")


def plain_text(text: str) -> str:
    r"""Return the text as a reader sees it: ``30×10\^9`` is ``30×10^9``, ``* item`` is ``- item``.

    Line breaks stay, because lists and paragraphs carry meaning; runs of blank lines become one.
    Structure is read before escapes are undone, so an escaped asterisk is never taken for a bullet.
    """
    text = _CONTROL.sub("", text.replace("\r\n", "\n"))
    text = _BULLET.sub(r"\1- ", text)
    text = _HEADING.sub("", text)
    text = _STRONG.sub(r"\2", text)
    text = _LINK.sub(r"\1 (\2)", text)
    text = _ESCAPE.sub(r"\1", text)
    text = html.unescape(text)
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return _BLANKS.sub("\n\n", text).strip()
