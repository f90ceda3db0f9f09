"""The person whom a text asks for: how old, of which sex, and whether it speaks of a pregnancy.

A patient's story begins with them, *a 45-year-old man*. No trial says that, but many say whom they take.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from math import isclose

from .ages import RELATIVE, SEX, ages_told

_SENTENCE_END = re.compile(r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bPt)(?<!\bpt)[.!?]\s")
_UNITS = {"year": 1.0, "month": 1 / 12, "week": 7 / 365, "day": 1 / 365}
"""In which ages are told, in years."""
_UNTIL = {"newborns": 29 / 365, "infants": 2, "children": 12, "adolescents": 18}
"""How old, in years, those are not yet whom trials call so."""
_NAMED = re.compile(r"(?<![a-z'’])(?:(?P<male>man|boy|male|gentleman|m)|woman|girl|female|lady|f)\b", re.IGNORECASE)
_LABELLED = re.compile(SEX, re.IGNORECASE)
_OURS = re.compile(
    r"\b(?:(?P<male>Mr|[Ff]ather|[Dd]ad|[Hh]usband|[Ss]on|[Bb]rother)|"
    r"Mrs|Ms|[Mm]other|[Mm][ou]m|[Ww]ife|[Dd]aughter|[Ss]ister)\b"
)
"""Whose age it may be; MS is multiple sclerosis, and MR magnetic resonance."""
_PRONOUN = re.compile(r"\b(?:(?P<male>[Hh]e|[Hh]is)|[Ss]he|[Hh]er)\b")
_TOLD = (
    r"(?:is|was|has|had|does|did|also|denie[sd]|report(?:s|ed)|present(?:s|ed)|complain(?:s|ed)|underwent|takes|took)"
)
_SOMEONE = re.compile(
    rf"(?<!\bor )\b(?:[Hh]e|[Ss]he) {_TOLD}\b|"
    r"\b(?:[Pp]atient|[Pp]t\.?) (?:is an?|was (?:found|noted|admitted|brought|diagnosed|referred|seen|transferred)|"
    r"presents?|presented|denie[sd]|reports?|reported|complain(?:s|ed)|underwent)\b|"
    r"\bdenie[sd]\b|(?<!\w)(?:s/p|h/o|c/o|PMHx?|y/o)(?!\w)|"
    rf"\b(?:I (?:am|have|was|had)|I['’]m|[Mm]y (?:doctor|tumou?r|cancer|{RELATIVE}))\b"
)
"""What stories of patients say of them, and descriptions of trials do not."""
_OBSTETRIC = re.compile(
    r"\b(?:pregnan\w*|gestation\w*|\w*partum|(?:pre)?eclamp\w*|trimester|(?:ante|pre|peri)natal|obstetric\w*|"
    r"c(?:a)?esarean|f(?:o)?et(?:us|al)|miscarriage|lactat\w*|breast-?feeding|labou?r|g\d ?p\d\w*|gravida \d)\b",
    re.IGNORECASE,
)


class Sex(StrEnum):
    """As the registry writes it."""

    FEMALE = "FEMALE"
    MALE = "MALE"


@dataclass(frozen=True)
class Person:
    """Someone whom a trial may or may not take.

    Attributes:
        age: in years.
        sex: None where the text does not tell it.
        pregnant: whether it speaks of a pregnancy, a birth or a child at the breast; False of men.
    """

    age: float
    sex: Sex | None = None
    pregnant: bool = False

    @property
    def called(self) -> str:
        """What trials call the young, such as ``children``; empty of adults."""
        return next((name for name, until in _UNTIL.items() if self.age < until), "")

    def __str__(self) -> str:
        grown = self.age >= 18
        names = {Sex.FEMALE: ("girl", "woman"), Sex.MALE: ("boy", "man"), None: ("child", "person")}
        return f"a {names[self.sex][grown]} of {_told(self.age)}"


def person_of(text: str, affirmed: str) -> Person | None:
    """Whom the first sentence that says something asks for, by their age; None where it tells none.

    Args:
        text: what is asked.
        affirmed: the same without what it denies, such as a pregnancy, and without what only asks; all else stands
            where it stood.
    """
    found = min(ages_told(text), key=re.Match.start, default=None)
    if not found or _says_something_before(found.start(), text, affirmed):
        return None
    until, after = text[: found.end()], text[found.end() :]
    sex = _sex(_LABELLED, text) or _sex(_NAMED, found[0]) or _sex(_OURS, until) or _sex(_PRONOUN, after)
    told_in = (found.groupdict().get("unit") or "years")[0].lower()
    age = int(found["age"]) * next(years for unit, years in _UNITS.items() if unit.startswith(told_in))
    return Person(age, sex, sex is not Sex.MALE and _OBSTETRIC.search(affirmed) is not None)


def speaks_of_someone(text: str) -> bool:
    """Whether a text tells of one person, *she was admitted*, *my father*, and not of the people of a trial."""
    return _SOMEONE.search(text) is not None


def _says_something_before(place: int, text: str, affirmed: str) -> bool:
    """Whether a sentence that ends before a place says more than what only asks, *which trials could she join?*."""
    ends = [found.start() for found in _SENTENCE_END.finditer(text, 0, place)]
    return bool(ends) and any(map(str.isalnum, affirmed[: ends[-1]]))


def _sex(told_by: re.Pattern[str], text: str) -> Sex | None:
    found = told_by.search(text)
    return found and (Sex.MALE if found["male"] else Sex.FEMALE)


def _told(years: float) -> str:
    """An age in the largest unit of which it is several: 18 months is no year, and no two."""
    count, unit = 0, ""
    for unit, one in _UNITS.items():  # noqa: B007 - days, if nothing larger will do
        count = round(years / one)
        if count > 1 and isclose(count * one, years):
            break
    return str(count) if unit == "year" else f"{count} {unit}{'' if count == 1 else 's'}"
