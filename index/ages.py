"""How a text tells someone's age and sex: *a 45-year-old woman with*, *my daughter is 7 and has*, *Age: 45, sex: F*.

No pattern repeats without end, so that no text takes long.
"""

import re
from collections.abc import Iterator

ILL = r"(?:have|has|had|suffers? from|(?:am|is|was|been|were) diagnosed with|live[sd]? with)"
RELATIVE = r"(?:mother|father|mom|mum|dad|wife|husband|son|daughter|sister|brother|child|partner|friend|patient)"
_PERSON = r"(?:man|woman|boy|girl|male|female|gentleman|lady|person|patient|pt|individual|child|infant|[MF])"
_UNIT = r"(?P<unit>years?|yrs?|months?|mo|weeks?|wk|days?|y)"
_IN_TIME = r"(?: (?P<unit>years?|months?|weeks?|days?))?(?: old| of age)?"
_NO_RANGE = (
    r"\b(?!(?: (?:years?|months?|weeks?|days?))?(?: old| of age)?"
    r"(?: ?[-–/%+]| (?:to|(?:and|or) (?:older|over|above|more|up|younger|under))\b))"
)
"""Not *6 to 12*, nor *18 years and older*."""
OF_ITS_OWN = r"(?:\A|(?<=[.;,|\n(])\s{0,8})"
"""Before what begins a text, a line or a part of a sentence."""
SEX = rf"{OF_ITS_OWN}(?:sex|gender) ?[:=] ?(?:(?P<male>male|man|m)|female|woman|f)\b"
"""*Sex: female*."""
_OF_A_SEX = r"(?:[,;]? (?:fe)?male\b)?"
_AND_IS_ILL = rf"(?:,?(?: and)?(?: (?:i|he|she))? (?:with|having|(?:who )?{ILL})\b)?"
_OLD = (
    r"(?<!\w)(?<!to )(?<!than )(?<!over )(?<!under )(?<!least )(?<!and )(?:(?:in |for )?(?:an?|the|this is an?) )?"
    rf"(?P<age>\d{{1,3}})(?:[- ]?{_UNIT}(?:[- ]old\b|(?= (?:man|woman|boy|girl)\b))|"
    r" ?(?:yo|y/o|y\.o\.)(?!\w)|"
    r" ?[MF](?= (?:with|who|hx|h/o|s/p|pt|patient|presents|presenting|admitted|has|had|is|was)\b))"
    rf"(?: (?:otherwise |previously )?(?:healthy )?{_PERSON}\b){{0,3}}{_OF_A_SEX}"
    rf"(?! (?:and|or) (?:older|over|above|younger|under))(?: (?:with|who {ILL}|having)\b)?"
)
"""*A 45-year-old woman with*, but not *adults over 65 years old*."""
_AGED = (
    rf"(?:\A|(?<!\w)(?:in |for )?(?:an?|the|this is an?) ){_PERSON}(?:,| of| aged) (?P<age>\d{{1,3}}){_NO_RANGE}"
    rf"{_IN_TIME},?(?: (?:with|who {ILL}|having)\b|(?=[.;?!]|\Z)|(?<=,))"
)
"""*A woman of 45 with*, *a man, 60 years old, who has*; where a text begins *child, 7,*."""
_IS_OF_AGE = (
    rf"\b(?:i am|i['’]m|(?:my {RELATIVE}|he|she|(?:the|this) {_PERSON}|patient|pt) is) (?P<age>\d{{1,3}}){_NO_RANGE}"
    rf"{_IN_TIME}(?=[,.;?!]| and\b| with\b| who\b|\Z){_AND_IS_ILL}"
)
"""*My daughter is 7 and has*."""
_AGE = rf"{OF_ITS_OWN}(?:patient )?aged? ?[:=]? ?(?P<age>\d{{1,3}}){_NO_RANGE}{_IN_TIME}{_OF_A_SEX}"
"""*Age: 45*, but not *gestational age 32 weeks*."""
_SLASHED = rf"{OF_ITS_OWN}(?P<age>\d{{1,3}}) ?/ ?[MF]\b(?!-)", rf"{OF_ITS_OWN}[MF] ?/ ?(?P<age>\d{{1,3}})\b(?!-)"
_AT_FIRST = r"\A(?!18 ?F)(?P<age>\d{2}) ?[MF]\b(?![-/])"
"""*45F*, but not fluorine-18."""
_PATTERNS = tuple(re.compile(one, re.IGNORECASE) for one in (_OLD, _AGED, _IS_OF_AGE, _AGE, *_SLASHED, _AT_FIRST))


def ages_told(text: str) -> Iterator[re.Match[str]]:
    """Where a text tells someone's age, in no order; they may overlap.

    Groups ``age`` and ``unit``, which is None where years are meant, or no group at all.
    """
    for pattern in _PATTERNS:
        yield from pattern.finditer(text)
