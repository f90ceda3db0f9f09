"""What a text says is not so, or is so of someone else: *no history of diabetes*, *her mother had breast cancer*.

A word that denies reaches up to the next word that ends its reach (NegEx, Chapman et al. 2001), and what relatives have
the patient has not (ConText, Harkema et al. 2009). Only conditions are denied so. A treatment that someone does without
tells what is asked (appendicitis without surgery), and so does a marker (no EGFR mutation): trials speak of both.
"""

import re
from collections.abc import Callable, Iterator

Find = Callable[[str], Iterator[tuple[int, int]]]
"""Where a text names conditions."""

_LIGHT = (
    r"(?:(?:an?|any|the|known|other|prior|previous|past|recent|recently|active|current|currently|clinical|clear|"
    r"significant|underlying|documented|suspected|personal|family|medical|had|have|has|been|diagnosed|with|history|"
    r"histories|evidence|signs?|symptoms?|diagnos[ei]s|presence|complaints?|concerns?|episodes?|suspicion|of|for|or) )"
    r"{0,8}"
)
"""Words between one that denies and what it denies."""
_DENIES = re.compile(
    r"(?<![\w/-])(?<!or )(?:"
    r"(?P<wide>(?<!with and )without|(?-i:[Nn]o)"
    r"(?! (?:longer|more|less|later|doubt|matter|change|increase|response)\b)|"
    r"den(?:y|ies|ied|ying)|absence of|neither|nor|excluding|except(?: for)?|other than)|"
    r"(?:not|(?:do|does|did|has|have|had|is|was|are|were)(?: not|n['’]t))"
    r"(?: (?:due to|caused by|because of|related to|associated with))?|never (?:had|diagnosed with)"
    rf") {_LIGHT}",
    re.IGNORECASE,
)
"""Words that deny all that they reach, or what stands right behind them: not pregnant, but *not resectable* cancer."""
_ENDS = re.compile(
    r"[.;:!?()\n]|,(?! (?:[\w'’/-]+ ?){1,4}(?:,|,? (?:or|nor)\b))|"
    r"\b(?:with|for|in|on|at|to|of|from|by|after|before|during|while|when|since|because|due|but|however|although|though|"
    r"except|who|which|that|than|as|and (?:is|was|has|had|have|are|he|she|his|her|they|it|the|presents?|presented|with|"
    r"without|no|not))\b",
    re.IGNORECASE,
)
"""What ends the reach; a comma does not if "or" follows: no fever, chills, or cough."""
_FARTHEST = 200
"""Characters that a word reaches at most."""
_MARKER = re.compile(
    r"\b(?:mutat\w*|mutant|express\w*|amplif\w*|fusions?|rearrang\w*|translocat\w*|delet\w*|alterations?|receptors?|"
    r"markers?|antibod\w*|lymphocytes|infiltrat\w*|positiv\w*|negativ\w*|status|detectable|wild)\b|"
    r"(?-i:\b(?!COVID|HIV|HTLV)[A-Z]{2,}-?[A-Z]?\d)",
    re.IGNORECASE,
)
"""What is tested for, not suffered from: PD-L1, a mutation."""
_STATE = re.compile(
    r"\b(?:smok\w*|tobacco|alcohol\w*|drink\w*|illicit|pregnan\w*|breast-?feeding|lactating|allerg\w*|metasta\w+)\b",
    re.IGNORECASE,
)
"""What is denied like a condition and listed as one by too few records to be known."""
_RELATIVE = (
    r"(?:mother|father|brother|sister|parent|sibling|uncle|aunt|grandfather|grandmother|cousin|husband|wife|partner|son|"
    r"daughter)s?"
)
_OF_RELATIVES = re.compile(
    rf"\W*(?:[\w'’-]+\W+){{0,4}}?(?:famil(?:y|ial) history\b|{_RELATIVE}\b(?:\W+[\w'’-]+){{0,3}}?\W+"
    r"(?:(?:has|have|had)(?! (?:\w+ )?(?:\w+ed|brought|found|seen)\b)|died|suffer\w*|"
    r"(?:was|were|is|are) (?:\w+ )?diagnosed)\b)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"\S(?:[^.!?;\n]|[.!?;](?!\s))*[.!?;]?")


def denied(text: str, conditions: Find) -> Iterator[tuple[int, int]]:
    """Where a text denies conditions or tells those of relatives, as starts and ends, in order.

    The first sentence says who is asked for: *women with a family history of breast cancer*.
    """
    for number, sentence in enumerate(_SENTENCE.finditer(text)):
        said, start = sentence[0], sentence.start()
        if number and _OF_RELATIVES.match(said):
            yield sentence.span()
            continue
        free = 0
        for found in _DENIES.finditer(said):
            if found.start() < free:
                continue
            free = end = _reach(said, found.end())
            if _is_condition(said[found.end() : end], conditions, at_once=found["wide"] is None):
                yield start + found.start(), start + end


def _reach(said: str, start: int) -> int:
    """Where the reach ends of a word that denies."""
    farthest = min(start + _FARTHEST, len(said))
    ends = _ENDS.search(said, start, farthest)
    end = ends.start() if ends else farthest
    return start + len(said[start:end].rstrip())


def _is_condition(words: str, conditions: Find, *, at_once: bool) -> bool:
    """Whether words name a condition, as their first words where these must be meant, and no marker."""
    if _MARKER.search(words):
        return False
    places = [*conditions(words), *(found.span() for found in _STATE.finditer(words))]
    return any(start == 0 or not at_once for start, _ in places)
