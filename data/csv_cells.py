"""Cells of the registry's CSV downloads that hold more than one value, in the shape of the API v2."""

import re
from typing import Any

from ..errors import ReadError
from .spelled import code, masking

_TYPES = (
    r"behavioral|biological|combination[ _]product|device|diagnostic[ _]test|dietary[ _]supplement|drug|genetic"
    r"|other|procedure|radiation"
)
_TYPED = re.compile(rf"({_TYPES}):\s", re.IGNORECASE)
_NEXT_TYPED = re.compile(rf"\|(?=(?:{_TYPES}):\s)", re.IGNORECASE)
_DESIGN = {
    "Allocation": "allocation",
    "Intervention Model": "interventionModel",
    "Observational Model": "observationalModel",
    "Time Perspective": "timePerspective",
    "Primary Purpose": "primaryPurpose",
}
_AGE = r"(\d+(?:\.\d+)? (?:Year|Month|Week|Day|Hour|Minute)s?)"
_LIMITS = re.compile(rf"(?:{_AGE} and (?:older|over|up)|(?:up to|to) {_AGE}|{_AGE}(?: to |-){_AGE})", re.IGNORECASE)
_TIME = re.compile(
    r"(?:\d+(?:st|nd|rd|th)?\b|(?:up to|within|through|throughout|from|during|at|after|before|between|baseline|days?"
    r"|weeks?|months?|years?|hours?|visits?|cycles?|every|immediately|an average|approximately|about|over|until|since"
    r"|end of|screening|once|twice)\b)(?:[^.]|\.\d)*\.?",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?:The|A|An|This|Change|Number|Percentage|Proportion|To|Participants|Patients|Subjects)\b")


def items(text: str | None) -> list[str]:
    """The values of a list, which stand between bars."""
    return [item for part in (text or "").split("|") if (item := part.strip())]


def interventions(text: str | None) -> list[dict[str, str]]:
    """Interventions, ``DRUG: Gefitinib|OTHER: Diet`` or ``Drug: Gefitinib``; a bar inside a name does not part it."""
    found: list[dict[str, str]] = []
    for part in _NEXT_TYPED.split(text or ""):
        if typed := _TYPED.match(part):
            name = part[typed.end() :].strip()
            found += [{"type": code(typed[1]) or "OTHER", "name": name}] if name else []
        else:
            found += [{"name": name} for name in items(part)]
    return found


def design(text: str | None) -> dict[str, Any]:
    """The design, ``Allocation: RANDOMIZED|Masking: DOUBLE (PARTICIPANT, INVESTIGATOR)``, as a ``designInfo``.

    The newer download writes ``Observational Model: |Time Perspective: p`` for every observational study, whatever
    its design: a value of one letter is none.
    """
    info: dict[str, Any] = {}
    for item in items(text):
        name, _, value = (part.strip() for part in item.partition(":"))
        if name == "Masking" and value:
            info["maskingInfo"] = {"masking": masking(value)}
        elif name in _DESIGN and len(value) > 1:
            info[_DESIGN[name]] = code(value)
    return info


def ages(text: str | None) -> dict[str, Any]:
    """Limits and groups of age: ``18 Years to 65 Years (Adult, Older Adult)``, or groups alone, ``CHILD, ADULT``.

    Raises:
        ReadError: the limits are in no known form.
    """
    plain = " ".join((text or "").split())
    limits, _, groups = (part.strip(" )") for part in plain.partition("("))
    if not any(letter.isdigit() for letter in plain):
        limits, groups = "", plain.replace("(", ",").replace(")", "")
    found: dict[str, Any] = {"stdAges": [age for part in groups.split(",") if (age := code(part))]}
    if limits:
        match = _LIMITS.fullmatch(limits)
        if match is None:
            raise ReadError(f"Age is {plain[:80]!r}, which is no limit of age.")
        found |= {"minimumAge": match[1] or match[3], "maximumAge": match[2] or match[4]}
    return found


def outcomes(text: str | None) -> list[dict[str, str]]:
    """Outcomes, each ``measure, description, time frame`` of which the last two may be missing."""
    return [_outcome(item) for item in items(text)]


def _outcome(text: str) -> dict[str, str]:
    """An outcome, parted where it is certain, for its parts have commas of their own.

    A time frame stands after the last sentence, or after the only comma, and starts as times do: of some thousand
    outcomes whose parts are known, none was cut elsewhere. What is before it is parted only if it has one comma
    with a capital behind, or a sentence that starts after the first comma (99 in 100 right). Anything else stays
    together in the measure.
    """
    before, stop, time = text.rpartition("., ")
    if stop:
        before += "."
    elif text.count(", ") == 1:
        before, _, time = text.partition(", ")
    if not before or not _TIME.fullmatch(time) or not _balanced(time):
        return {"measure": text}
    measure, comma, description = before.partition(", ")
    one_comma = ", " not in description and description[:1].isupper()
    if comma and _balanced(measure) and (one_comma or _SENTENCE.match(description)):
        return {"measure": measure, "description": description, "timeFrame": time}
    return {"measure": before, "timeFrame": time}


def _balanced(text: str) -> bool:
    return text.count("(") == text.count(")") and text.count("[") == text.count("]")
