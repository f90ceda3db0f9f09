"""Why trials were stopped early, in coarse classes read from the sponsors' own words."""

import re
from enum import StrEnum


class StopClass(StrEnum):
    """What a stated reason is mostly about."""

    SLOW_ENROLMENT = "SLOW_ENROLMENT"
    SAFETY = "SAFETY"
    FUTILITY = "FUTILITY"
    EFFICACY = "EFFICACY"
    FUNDING = "FUNDING"
    PANDEMIC = "PANDEMIC"
    SUPPLY = "SUPPLY"
    STAFF = "STAFF"
    REGULATORY = "REGULATORY"
    BUSINESS = "BUSINESS"
    OTHER = "OTHER"


_ENROLLING = r"(?:enrol\w*|recruit\w*|accru\w*|inclusion|inclu(?:de|ding))"
_ENDED = r"(?:terminat\w*|discontinu\w*|cancel\w*|stopp\w*|halt\w*|withdr[ae]w\w*)"
_PATTERNS: dict[StopClass, tuple[str, ...]] = {
    StopClass.PANDEMIC: (r"covid", r"corona ?virus", r"sars-cov", r"pandemic"),
    StopClass.SLOW_ENROLMENT: (
        r"\b(?:slow\w*|low|poor|lack|insufficient|inadequate|difficult\w*|problems?|challeng\w*|under|unable|fail\w*|"
        r"inability|no|not|few\w*|limited|delay\w*|did not|could(?: not|n't)|cannot|never|lower)\b[^.;]{0,50}"
        + _ENROLLING,
        _ENROLLING + r"\b[^.;]{0,40}\b(?:slow\w*|low\w*|poor\w*|difficult\w*|insufficient|inadequate|problems?|"
        r"challeng\w*|issues?|fail\w*|rate|goals?|target|too|not (?:met|reached|feasible|possible))",
        r"\b(?:no|zero|not enough|lack of|few|too few|insufficient(?: number of)?|finding|find)\b[^.;]{0,20}"
        r"(?:participants?|patients?|subjects?|volunteers?)\b",
    ),
    StopClass.SAFETY: (
        r"\bsafety\b(?! and efficacy of)",
        r"toxic",
        r"adverse",
        r"side effects?",
        r"\bdeaths?\b",
        r"mortality",
        r"\bharm",
        r"risk[ /-]+benefit|benefit[ /-]+risk",
        r"intolera|tolerability",
    ),
    StopClass.FUTILITY: (
        r"futil",
        r"\b(?:lack|absence|insufficient|no|limited|low|poor|inadequate)\b[^.;]{0,25}"
        r"\b(?:efficacy|effective\w*|benefit|activity|response|effect|superiority)\b",
        r"not effective|ineffective|inefficac",
        r"fail\w*\b[^.;]{0,40}\b(?:endpoints?|efficacy|primary|benefit)",
        r"\b(?:did|does|do|would) not (?:meet|show|demonstrate|reach)",
        r"negative (?:results?|interim)",
        r"(?:endpoints?|objectives?) (?:was |were )?not (?:met|reached)",
        r"unlikely to (?:meet|show|demonstrate)",
    ),
    StopClass.EFFICACY: (
        r"\b(?:efficacy|benefit|superiority)\b[^.;]{0,30}\b(?:shown|demonstrated|established|proven|met|reached)",
        r"\b(?:overwhelming|early|clear|positive|significant|proven) (?:efficacy|benefit|superiority)",
        r"(?:endpoints?|objectives?) (?:was |were |has been |have been )?(?:met|reached|achieved)",
        r"positive (?:interim|results?)",
    ),
    StopClass.FUNDING: (r"\bfund", r"\bfinanc", r"\bbudget", r"\bgrant\b", r"\bmoney\b", r"sponsorship", r"\beconomic"),
    StopClass.SUPPLY: (
        r"\b(?:drugs?|products?|devices?|medications?|vaccines?|suppl(?:y|ies)|stock|manufactur\w*|agents?|kits?)\b"
        r"[^.;]{0,40}(?:unavailab\w*|not available|shortage|suppl(?:y|ies)|discontinu\w*|expir\w*|issues?|problems?)",
        r"\b(?:lack|shortage|unavailability|availability|supply) of\b[^.;]{0,30}"
        r"\b(?:drugs?|products?|devices?|medications?|vaccines?|suppl(?:y|ies)|agents?)",
        r"no longer (?:manufactured|available|produced|supplied)",
    ),
    StopClass.STAFF: (
        r"\b(?:pi|investigators?|staff\w*|personnel|researchers?|coordinators?|study team|physicians?)\b[^.;]{0,40}"
        r"\b(?:left|leav\w*|mov(?:ed|ing)|relocat\w*|depart\w*|retire\w*|resign\w*|chang\w*|transfer\w*|died|lack|"
        r"shortage|no longer|turnover|unavailab\w*)",
        r"\b(?:lack|shortage) of (?:human |study )?(?:staff\w*|personnel|time|resources|manpower)",
        r"staffing",
    ),
    StopClass.REGULATORY: (
        r"\b(?:fda|ema|irb|regulat\w*|ethic\w*|health authorit\w*|competent authorit\w*|ministry|approval|"
        r"clinical hold|institutional review|authori[sz]ation)\b",
    ),
    StopClass.BUSINESS: (
        r"business|strateg|commercial|portfolio|\bcompany|corporate|priorit|management decision|marketing",
        r"\bsponsor(?:'s|s)?\b[^.;]{0,30}(?:deci\w*|request|discretion|" + _ENDED + ")",
        r"\b(?:decision|decided|request|" + _ENDED + r")\b[^.;]{0,20}\bsponsor",
        r"\b(?:program\w*|development|project)\b[^.;]{0,30}" + _ENDED,
        _ENDED + r"[^.;]{0,30}\b(?:program\w*|development|project)\b",
    ),
}
"""Patterns of each class, those first that decide where a reason names several."""
_COMPILED = {kind: re.compile("|".join(patterns), re.IGNORECASE) for kind, patterns in _PATTERNS.items()}
_DENIED = re.compile(
    r"\b(?:(?:not|no|unrelated|without)\b[^.;]{0,40}\b(?:safety|toxicit\w*|adverse)"
    r"|(?:not|un)\s?(?:related|due|because|based)\b[^.;]{0,30}\befficacy)\b[^.;]{0,40}",
    re.IGNORECASE,
)


def stop_class(reason: str) -> StopClass:
    """The class of a stated reason, the first that fits; "not because of safety" is no reason of safety."""
    told = _DENIED.sub(" ", reason)
    return next((kind for kind, pattern in _COMPILED.items() if pattern.search(told)), StopClass.OTHER)
