"""Values as older downloads spell them out ("Phase 2/Phase 3", "June 24, 2005"), in the registry's codes of today."""

import re
from datetime import datetime

_NOT_CODED = re.compile(r"[^A-Z0-9]+")
_OTHERWISE = {
    "N_A": "NA",
    "UNKNOWN_STATUS": "UNKNOWN",
    "NO_LONGER_RECRUITING": "ACTIVE_NOT_RECRUITING",
    "ANTICIPATED": "ESTIMATED",
    "ESTIMATE": "ESTIMATED",
    "BOTH": "ALL",
    "U_S_FED": "FED",
    "EDUCATIONAL_COUNSELING_TRAINING": "ECT",
    "DEVICE_FEASIBILITY_STUDY": "DEVICE_FEASIBILITY",
    "CASE_CONTROL_STUDY": "CASE_CONTROL",
    "DEFINED_POPULATION": "OTHER",
    "NATURAL_HISTORY": "OTHER",
}
"""Spellings that are more than the code in small letters."""
_KINDS = re.compile(r" ?(Assignment|\[Patient Registry\])$", re.IGNORECASE)
_MASKING = {"OPEN": "NONE", "NO": "NONE", "NONE": "NONE"}
_DATES = ("%B %d, %Y", "%b %d, %Y", "%Y-%m-%d", "%Y/%m/%d", "%m/%d/%Y", "%m/%d/%y", "%d-%b-%y")
_MONTHS = ("%B %Y", "%b %Y", "%Y-%m", "%y-%b", "%b-%y")
_SHORT_YEAR = re.compile(r"[0-9]-[A-Za-z]{3}")
"""Of the first years of this century a spreadsheet leaves one digit: "4-Apr" is April 2004."""
_ISO = re.compile(r"[0-9]{4}(-[0-9]{2}){0,2}")
_FLAGS = {
    **dict.fromkeys(("t", "true", "yes", "y", "1", "accepts healthy volunteers"), True),
    **dict.fromkeys(("f", "false", "no", "n", "0"), False),
}


def code(text: str | None) -> str | None:
    """A value as a code: "Active, not recruiting" is ACTIVE_NOT_RECRUITING; a code stays as it is; None for nothing."""
    plain = _NOT_CODED.sub("_", _KINDS.sub("", " ".join((text or "").split())).upper()).strip("_")
    return _OTHERWISE.get(plain, plain) or None


def phases(text: str | None) -> list[str]:
    """Phases: "Phase 2/Phase 3" is PHASE2 and PHASE3, "N/A" is NA, "Early Phase 1" and "Phase 0" are EARLY_PHASE1."""
    found = []
    for part in re.split(r"[/|]", re.sub(r"\bN/A\b", "NA", text or "", flags=re.IGNORECASE)):
        plain = (code(part) or "").replace("PHASE_", "PHASE").replace("PHASE0", "EARLY_PHASE1")
        if plain:
            found.append({"NOT_APPLICABLE": "NA"}.get(plain, plain))
    return found


def masking(text: str | None) -> str | None:
    """How many do not know who gets what: "Double (Participant, Investigator)" is DOUBLE, "Open Label" is NONE."""
    first = re.split(r"[\s(,-]+", (text or "").strip(), maxsplit=1)[0].upper()
    return _MASKING.get(first, first) or None


def date(text: str | None) -> str | None:
    """A date of day or month precision as YYYY-MM-DD or YYYY-MM, a year as it is; None for nothing.

    What is no date in any known spelling is returned as it stands, for the record to be refused by it.
    """
    plain = " ".join((text or "").split())
    if not plain or _ISO.fullmatch(plain):
        return plain or None
    if _SHORT_YEAR.fullmatch(plain):
        plain = f"0{plain}"
    for precise, spellings in (("%Y-%m-%d", _DATES), ("%Y-%m", _MONTHS)):
        for spelling in spellings:
            try:
                return datetime.strptime(plain, spelling).strftime(precise)
            except ValueError:
                continue
    return plain


def flag(text: str | None) -> bool | str | None:
    """Yes or no: "t", "TRUE" and "Accepts Healthy Volunteers" are True, "f", "FALSE" and "No" False; None for nothing.

    What is neither is returned as it stands, for the record to be refused by it.
    """
    plain = (text or "").strip()
    return _FLAGS.get(plain.lower(), plain) if plain else None
