"""The numbers of a text with their comparators and units, as registry records write them.

Values of one dimension are brought to one unit, so that ``<30×10⁹/L``, ``less than 30,000/mm3`` and ``< 30 x 109/L``
(a superscript that was lost) are the same, and so are ``4 weeks`` and ``28 days``.
"""

import re
from dataclasses import dataclass

from .units import UNIT_PATTERN, unit_of

_PRE = {
    "ge": r"≥|≧|⩾|=\s?or\s?>|\\?>\s?\\?=|=\s?\\?>|>\s?or\s?=|>\s?or equal to+|"
    r"(?:greater|more|higher|larger) than or equal to|equal to or (?:greater|more|higher) than|at least|"
    r"(?:no|not) (?:less|fewer|lower|younger|shorter) than|(?:equal to or|at or) (?:above|over)|"
    r"(?:above|over) or equal to|\b(?:a )?minimum(?: of)?",
    "le": r"≤|≦|⩽|=\s?or\s?<|\\?<\s?\\?=|=\s?\\?<|<\s?or\s?=|<\s?or equal to+|"
    r"(?:less|lower|smaller|fewer) than or equal to|equal to or (?:less|lower) than|at most|up to|"
    r"(?:no|not) (?:more|greater|higher|older|longer|larger) than|(?:not|n't) exceed(?:ing)?|"
    r"(?:equal to or|at or) (?:below|under)|(?:below|under) or equal to|\b(?:a )?maximum(?: of)?|"
    r"within(?: the)?(?: (?:last|past|previous|prior|preceding))?|"
    r"(?:in|during|over) the (?:last|past|previous|prior|preceding)",
    "gt": r"\\?>|＞|(?:greater|more|higher|older|longer|larger) than|\bover|\babove|exceed(?:s|ing)|\bbeyond",
    "lt": r"\\?<|＜|(?:less|fewer|lower|younger|shorter|smaller) than|\bbelow|\bunder",
}
_MORE = r"(?:older|over|above|more|greater|higher|up|longer|beyond|elder)"
_LESS = r"(?:younger|under|below|less|lower|fewer|shorter)"
_POST = (
    rf"(?P<post_more>\+(?!\w)|,?\s?(?:of age\s|old\s)?\(?(?:or|and|&)\s{_MORE}\b\)?)"
    rf"|(?P<post_less>,?\s?(?:of age\s)?\(?(?:or|and|&)\s{_LESS}\b\)?)"
)
_DIGITS = r"\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,6})?(?![\d,])|\d{1,15}(?:[.,]\d{1,6})?|\.\d{1,6}"
_WORDS = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_EXPONENT = (
    r"\s?[x×X*∙·]\s?10\s?(?:(?:\\?\^|\*\*|[eE])\s?\(?(?P<{0}caret>\d{{1,2}})\)?|\((?P<{0}bracket>\d{{1,2}})\)"
    r"|(?P<{0}raised>[⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,2}})"
    r"|\s?(?P<{0}lost>[3-9]|1[0-2])(?=\s?(?:/|per\b|cells|plate|copies|CFU|PFU|vg\b)))"
)
_SPELT_AGAIN = r"(?:\s?\([a-z0-9]{1,8}\))?"


def _number(name: str) -> str:
    word = "|".join(_WORDS)
    return (
        rf"(?:(?:(?<=\s)(?P<{name}minus>[-−]))?(?P<{name}>{_DIGITS})(?:{_EXPONENT.format(name)}|(?P<{name}k>[kK])(?![a-zA-Z]))?"
        rf"|\b(?P<{name}word>{word})\b){_SPELT_AGAIN}"
    )


def _unit(name: str) -> str:
    return rf"(?:[\s-]?(?P<{name}>{UNIT_PATTERN}))?"


_COMPARATOR = "|".join(f"(?P<{name}>{words})" for name, words in _PRE.items())
_QUANTITY = re.compile(
    rf"(?:(?P<between>\bbetween|\bfrom)\s|(?:{_COMPARATOR})\s?(?:the age of\s)?)?"
    rf"(?<![A-Za-z0-9_.^])(?<![A-Za-z]-){_number('low')}{_unit('lowunit')}"
    rf"(?:\s?(?P<to>to|through|-|–|—|~|and(?=\s?[<≤])|(?(between)and|(?!)))\s?(?P<below>[<≤]\s?=?)?\s?{_number('high')}{_unit('highunit')})?"
    rf"(?:{_POST})?",
    re.IGNORECASE,
)
_SCORE = re.compile(
    r"\b(?:ecog|who|karnofsky|kps|lansky|zubrod|nyha|score|scores|grade|class|stage|status|ps|index|scale)\b[^.;\d]{0,25}$",
    re.IGNORECASE,
)
_COMPARATORS = {"ge": ">=", "le": "<=", "gt": ">", "lt": "<"}


@dataclass(frozen=True)
class Quantity:
    """A number in a text.

    Attributes:
        start, end: characters of the text that hold it with its comparator and unit.
        comparator: ``<``, ``<=``, ``>``, ``>=`` or empty.
        number: as it is written, powers of ten worked out.
        dimension: what its unit measures; empty without a unit.
        factor: what brings the number to the dimension's own unit.
    """

    start: int
    end: int
    comparator: str
    number: float
    dimension: str
    factor: float

    @property
    def value(self) -> float:
        """In the dimension's own unit."""
        return self.number * self.factor


def quantities(text: str) -> list[Quantity]:
    """The numbers that have a comparator or a unit, or that grade something, in order; a range gives both ends."""
    found: list[Quantity] = []
    for match in _QUANTITY.finditer(text):
        found += _read(text, match)
    return found


def _read(text: str, match: re.Match[str]) -> list[Quantity]:
    comparator = next((sign for name, sign in _COMPARATORS.items() if match[name]), "")
    if match["post_more"]:
        comparator = ">="
    elif match["post_less"]:
        comparator = "<="
    high = _value(match, "high") if match["to"] else None
    low = _value(match, "low")
    low_unit, high_unit = match["lowunit"], match["highunit"] if high is not None else None
    if _cannot_stand_alone(text, match, low_unit or high_unit, comparator):
        return []
    start = match.start(_name(match, "low")) if match["between"] else match.start()
    if high is None:
        return [_quantity(text, (start, match.end()), comparator, low, low_unit)]
    low_end = match.end("lowunit") if low_unit else match.start("to")
    high_start = match.start("below") if match["below"] else match.start(_name(match, "high"))
    below = "<" if match["below"] == "<" else "<="
    ends = [
        _quantity(text, (start, low_end), comparator or ">=", low, low_unit or high_unit),
        _quantity(text, (high_start, match.end()), below, high, high_unit or low_unit),
    ]
    return ends if low else ends[1:]  # "0 to 2" bounds nothing from below


def _quantity(text: str, span: tuple[int, int], comparator: str, number: float, unit: str | None) -> Quantity:
    dimension, factor = unit_of(unit) if unit else ("", 1.0)
    start, end = span
    return Quantity(start, start + len(text[start:end].rstrip()), comparator, number, dimension, factor)


def _cannot_stand_alone(text: str, match: re.Match[str], unit: str | None, comparator: str) -> bool:
    """Whether it is a mere number: the 2 of "type 2", the 1 of "visit 1", a word without a unit."""
    if unit:
        return False
    if match["lowword"]:
        return True
    end = match.end()
    if end < len(text) and text[end].isalnum():
        return True
    return not comparator and not _SCORE.search(text, max(0, match.start() - 60), match.start())


def _name(match: re.Match[str], name: str) -> str:
    return next(one for one in (f"{name}minus", name, f"{name}word") if match[one] is not None)


def _value(match: re.Match[str], name: str) -> float:
    if word := match[f"{name}word"]:
        return float(_WORDS.index(word.lower()) + 1)
    digits = match[name]
    grouped = re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", digits)
    number = float(digits.replace(",", "") if grouped else digits.replace(",", "."))
    exponent = next(
        (match[f"{name}{how}"] for how in ("caret", "bracket", "raised", "lost") if match[f"{name}{how}"]), None
    )
    if exponent:
        return number * 10.0 ** int(exponent.translate(_SUPERSCRIPTS))
    sign = -1 if match[f"{name}minus"] else 1
    return sign * number * (1000 if match[f"{name}k"] else 1)
