"""The words in which something is asked and that are not what is asked: *are there trials for*, *a woman of 45 with*.

Every record is of a trial, and hardly any speaks of a woman of 45. Such words, looked for like others, bring up records
that happen to use them, and a short text of which every word is meant loses those that do not. No pattern repeats
without end, so that no text takes long.
"""

import re
from collections.abc import Iterable, Iterator

_ASKS = (
    r"(?:(?:please|(?:can|could|would) you|what|which|where|are|is|there|find(?:ing)?|search(?:ing)?(?: for)?|show|"
    r"list|look(?:ing)? for|i(?= (?:am|want|need|would)\b)|we|am|want|need|would like|i['’]d like|to|"
    r"know|learn|join|enter|take part in|participate in|enroll? in|give|tell|me|us|about|interested in|"
    r"information (?:on|about)|do you know|i['’]m|we['’]re) ){0,8}"
)
_ADJECTIVES = (
    r"(?:(?:an?|the|any|all|some|other|new|recent|latest|ongoing|current|currently|open|active|actively|recruiting|"
    r"enrolling|completed|available|existing|published|similar|related|relevant|clinical|research|human) ){0,8}"
)
_STATE = (
    r"(?: (?:that|which|who|are|is|have been|being|currently|actively|still|now|there|recruiting|enrolling|available|"
    r"open|ongoing|underway|conducted|done|registered|near (?:me|us|here)|nearby|in my area)){0,8}"
)
_ABOUT = (
    r"(?: (?:on|of|about|for|in|into|with|involving|concerning|regarding|that|which|to|whether|compar(?:es?|ing)|"
    r"investigat(?:es?|ing)|test(?:s|ing)?|evaluat(?:es?|ing)|examin(?:es?|ing)|look(?:s|ing)? at|us(?:es?|ing))){0,8}"
)
_TRIALS = (
    rf"\b{_ASKS}{_ADJECTIVES}(?:trials?|study|studies|research(?= (?:is|on|into|about|being|in)\b)){_STATE}{_ABOUT}\b"
)
"""*Are there any ongoing trials of*."""
_BEGINNING = (
    r"(?:\A|(?<=[.?!] )|(?<=\n))(?:what|which|how|find|show|search for|(?:i am |we are |i['’]m )?looking for|please|"
    r"(?:can|could) you|i (?:want|need)|tell me about|information (?:on|about))\b"
    r"(?: (?:are|is|there|me|us|any|to|find|some|an?|the)){0,8}\b"
)
"""*What are the*, where a sentence begins."""
_ILL = r"(?:have|has|had|suffers? from|(?:am|is|was|been|were) diagnosed with|live[sd]? with)"
_AGE = (
    r"(?P<age>\d{1,3})"
    r"(?:[- ]?(?P<unit>years?|yrs?|months?|mo|weeks?|wk|days?|y)(?:[- ]old\b|(?= (?:man|woman|boy|girl)\b))|"
    r" ?(?:yo|y/o|y\.o\.)(?!\w)|"
    r" ?[MF](?= (?:with|who|hx|h/o|s/p|pt|patient|presents|presenting|admitted|has|had|is|was)\b))"
)
_PERSON = r"(?:man|woman|boy|girl|male|female|gentleman|lady|person|patient|pt|individual|[MF])"
_ONE_OF_AN_AGE = (
    r"(?<!\w)(?<!to )(?<!than )(?<!over )(?<!under )(?<!least )(?<!and )(?:(?:in |for )?(?:an?|the|this is an?) )?"
    rf"{_AGE}(?: (?:otherwise |previously )?(?:healthy )?{_PERSON}\b){{0,3}}"
    rf"(?! (?:and|or) (?:older|over|above|younger|under))(?: (?:with|who {_ILL}|having)\b)?"
)
"""*A 45-year-old woman with*, but not *adults over 65 years old*."""
_ONE_AGED = (
    rf"(?:\A|(?<!\w)(?:in |for )?(?:an?|the|this is an?) ){_PERSON}(?:,| of| aged) (?P<age>\d{{1,3}})"
    rf"(?: (?P<unit>years?|months?|weeks?|days?))?(?: old| of age)?,?(?: (?:with|who {_ILL}|having)\b|(?=[.;?!]|\Z))"
)
"""*A woman of 45 with*, *a man, 60 years old, who has*."""
_RELATIVE = r"(?:mother|father|mom|mum|dad|wife|husband|son|daughter|sister|brother|child|partner|friend|patient)"
_ONE_OF_OURS = rf"\b(?:i|(?:for )?my {_RELATIVE},?(?: who)?) {_ILL}(?: (?:an?|the)){{0,2}}\b"
"""*My father, who has*."""
_ANYONE = rf"\b(?:patients?|people|persons?|individuals?|subjects|someone|somebody) (?:with|having|who {_ILL})\b"
_NEWEST = (
    r"\b(?:new|novel|latest|newest|best|possible|potential)(?= (?:treatments?|therap(?:y|ies)|drugs?|medicines?)\b)"
)
_PRONOUNS = re.compile(
    r"\b(?:[Hh]e|[Ss]he|him|his|hers?|himself|herself|[Mm]y|mine|myself|"
    r"Hers?(?= [a-z])|His(?= (?!bundle)[a-z]))\b(?!-| \d)"
)
"""Not HE, hepatic encephalopathy, nor the bundle of His, nor her 2. I is a numeral, too, and one letter is no term."""
_OF_AN_AGE = tuple(re.compile(pattern, re.IGNORECASE) for pattern in (_ONE_OF_AN_AGE, _ONE_AGED))
_FRAMES = [
    *_OF_AN_AGE,
    *(re.compile(pattern, re.IGNORECASE) for pattern in (_TRIALS, _BEGINNING, _ONE_OF_OURS, _ANYONE, _NEWEST)),
]


def frames(text: str) -> Iterator[tuple[int, int]]:
    """Where a text only asks, or tells whom it asks for, as starts and ends, in no order; they may overlap."""
    for pattern in _FRAMES:
        for found in pattern.finditer(text):
            yield found.span()


def one_of_an_age(text: str) -> re.Match[str] | None:
    """The first who is told by age; groups ``age`` and ``unit``, which is None where years are meant."""
    found = filter(None, (pattern.search(text) for pattern in _OF_AN_AGE))
    return min(found, key=lambda one: one.start(), default=None)


def without(text: str, places: Iterable[tuple[int, int]]) -> str:
    """A text with line ends in some places, so that all else stands where it stood and sentences end there."""
    characters = list(text)
    for start, end in places:
        characters[start:end] = "\n" * (end - start)
    return "".join(characters)


def without_pronouns(text: str) -> str:
    """A text without the words that stand for someone: they are rare in records, and tell nothing of a trial."""
    return _PRONOUNS.sub(" ", text)
