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
    r"(?:[- ]?(?P<unit>years?|yrs?|months?|mo|weeks?|wk|days?|y)[- ]old\b| ?(?:yo|y/o|y\.o\.)(?!\w)|"
    r" ?[MF](?= (?:with|who|hx|h/o|s/p|pt|patient|presents|presenting|admitted|has|had|is|was)\b))"
)
_PERSON = r"(?:man|woman|boy|girl|male|female|gentleman|lady|person|patient|pt|individual|[MF])"
_ONE_OF_AN_AGE = (
    r"(?<!\w)(?<!to )(?<!than )(?<!over )(?<!under )(?<!least )(?<!and )(?:(?:in |for )?(?:an?|the|this is an?) )?"
    rf"{_AGE}(?: (?:otherwise |previously )?(?:healthy )?{_PERSON}\b){{0,3}}"
    rf"(?! (?:and|or) (?:older|over|above|younger|under))(?: (?:with|who {_ILL}|having)\b)?"
)
"""*A 45-year-old woman with*, but not *adults over 65 years old*."""
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
_FRAMES = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (_TRIALS, _BEGINNING, _ONE_OF_AN_AGE, _ONE_OF_OURS, _ANYONE, _NEWEST)
]
_AGED = re.compile(_ONE_OF_AN_AGE, re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?]\s")
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_UNTIL = {"newborns": 29, "infants": 2 * 365, "children": 12 * 365, "adolescents": 18 * 365}
"""How old, in days, those are not yet whom trials call so."""


def frames(text: str) -> Iterator[tuple[int, int]]:
    """Where a text only asks, or tells whom it asks for, as starts and ends, in no order; they may overlap."""
    for pattern in _FRAMES:
        for found in pattern.finditer(text):
            yield found.span()


def without(text: str, places: Iterable[tuple[int, int]]) -> str:
    """A text with line ends in some places, so that all else stands where it stood and sentences end there."""
    characters = list(text)
    for start, end in places:
        characters[start:end] = "\n" * (end - start)
    return "".join(characters)


def young_people(text: str) -> str:
    """What trials call people of the age that the first sentence tells, such as ``children``; empty of adults."""
    end = _SENTENCE_END.search(text)
    found = _AGED.search(text, 0, end.start() if end else len(text))
    if not found:
        return ""
    days = int(found["age"]) * _DAYS[(found["unit"] or "years")[0].lower()]
    return next((name for name, until in _UNTIL.items() if days < until), "")


def without_pronouns(text: str) -> str:
    """A text without the words that stand for someone: they are rare in records, and tell nothing of a trial."""
    return _PRONOUNS.sub(" ", text)
