"""Words of a command line."""

_MOST_SHOWN = 60


def joined(words: list[str] | None) -> str:
    """The words of a command line as one text; bytes that are not UTF-8 are replaced."""
    return " ".join(words or []).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def shortened(text: str) -> str:
    """As much of a text as stands in a heading, on one line."""
    line = " ".join(text[:1000].split())
    return line if len(line) <= _MOST_SHOWN else f"{line[: _MOST_SHOWN - 3]}..."
