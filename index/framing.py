"""The words in which something is asked and that are not what is asked: *are there trials for*, *a woman of 45 with*.

Every record is of a trial, and hardly any speaks of a woman of 45. Such words, looked for like others, bring up records
that happen to use them, and a short text of which every word is meant loses those that do not. No pattern repeats
without end, so that no text takes long.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from .ages import ILL, OF_ITS_OWN, RELATIVE, SEX, ages_told

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
_GREETING = r"\A(?:hi|hello|hey|dear \w{1,20}|good (?:morning|afternoon|evening))(?: (?:there|all|everyone|team))?[,.!]"
_BEGINNING = (
    r"(?:\A|(?<=[.?!] )|(?<=\n))(?:what|which|how|find|show|search for|(?:i am |we are |i['’]m )?looking for|please|"
    r"(?:can|could) you|i (?:want|need)|tell me about|information (?:on|about))\b"
    r"(?: (?:are|is|there|me|us|any|to|find|some|an?|the)){0,8}\b"
)
"""*What are the*, where a sentence begins."""
_LABEL = (
    r"(?:(?:(?:patient|study|target|medical|primary|main|chief|present|presenting|trial|definitive|final) )?"
    r"(?:diagnos[ei]s|diseases?|disorders?|conditions?|indications?|problems?|complaints?|genes?|variants?|mutations?|"
    r"biomarkers?|demographics?|gender|sex|age|populations?|patients?|interventions?|treatments?|therap(?:y|ies)|drugs?|"
    r"exposures?|comparators?|comparisons?|controls?|outcomes?|end ?points?|title|summary|topic|keywords?|key words|"
    r"question|query|history|notes?|case(?: report)?))"
)
_LABELLED = rf"(?:{OF_ITS_OWN}|(?<=[-*•] )){_LABEL} ?:(?!\w)"
"""*Disease: ... Gene: ...*, as forms and registries ask."""
_TREATMENTS = (
    r"\A(?:(?:the|any|all|some|possible|available|current|other) ){0,4}"
    r"(?:treatments?|therap(?:y|ies)|treatment options) (?:of|for)\b(?: (?:an?|the)\b)?"
)
"""*Treatment options for*: trials are of treatments."""
_TESTED = (
    r"\b(?:(?:genetic|genomic|molecular|tumou?r|biomarker|mutation|next[- ]generation|germline) ){1,3}"
    r"(?:tests?|testing|sequencing|profiling|analysis)(?: results?)? (?:has |have )?"
    r"(?:found|finds|shows?|showed|shown|reveals?|revealed|identif(?:ies|ied)|detect(?:s|ed)|demonstrate[sd]|confirm(?:s|ed)|"
    r"(?:is|was|were|came back) positive for)(?: (?:an?|the))?\b"
)
"""*Genetic testing revealed a*."""
_MAY_JOIN = (
    r"\b(?:can|could|would|might|may|should|is|are) (?:i|we|he|she|they|(?:this|the|my|such an?) "
    r"(?:patient|person|man|woman|child|boy|girl|mother|father|wife|husband|son|daughter|sister|brother)) "
    r"(?:join|enter|(?:be )?eligible(?: for)?|qualify(?: for)?|(?:be )?enroll?(?:ed)?(?: in| into)?|take part(?: in)?|"
    r"participate(?: in)?)\b"
)
"""*Which trials could this patient join*."""
_ONE_OF_OURS = rf"\b(?:i|(?:for )?my {RELATIVE},?(?: who)?) {ILL}(?: (?:an?|the)){{0,2}}\b"
"""*My father, who has*."""
_ANYONE = rf"\b(?:patients?|people|persons?|individuals?|subjects|someone|somebody) (?:with|having|who {ILL})\b"
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
    for pattern in (
        *(_LABELLED, SEX, _TESTED, _MAY_JOIN, _GREETING, _TRIALS, _BEGINNING, _TREATMENTS),
        *(_ONE_OF_OURS, _ANYONE, _NEWEST),
    )
]


def frames(text: str) -> Iterator[tuple[int, int]]:
    """Where a text only asks, or tells whom it asks for, as starts and ends, in no order; they may overlap."""
    for found in chain(ages_told(text), *(pattern.finditer(text) for pattern in _FRAMES)):
        yield found.span()


def without(text: str, places: Iterable[tuple[int, int]]) -> str:
    """A text with line ends in some places, so that all else stands where it stood and sentences end there."""
    characters = list(text)
    for start, end in places:
        characters[start:end] = "\n" * (end - start)
    return "".join(characters)


def without_pronouns(text: str) -> str:
    """A text without the words that stand for someone: they are rare in records, and tell nothing of a trial."""
    return _PRONOUNS.sub(" ", text)
