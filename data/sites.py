"""Places where a study runs, written on one line: ``Facility, City, State, Zip, Country``."""

import re

_STATE = re.compile(
    r"Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|District of Columbia|Florida"
    r"|Georgia|Hawaii|Idaho|Illinois|Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan"
    r"|Minnesota|Mississippi|Missouri|Montana|Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York"
    r"|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|Pennsylvania|Rhode Island|South Carolina|South Dakota"
    r"|Tennessee|Texas|Utah|Vermont|Virginia|Washington|West Virginia|Wisconsin|Wyoming|Alberta|British Columbia"
    r"|Manitoba|New Brunswick|Newfoundland and Labrador|Nova Scotia|Ontario|Prince Edward Island|Quebec"
    r"|Saskatchewan|Australian Capital Territory|New South Wales|Northern Territory|Queensland|South Australia"
    r"|Tasmania|Victoria|Western Australia"
)
"""States of the countries whose sites always name one."""
_FEDERAL = frozenset({"United States", "Canada", "Australia"})
_COUNTRY = re.compile(
    r",\s*([^,]+,\s*(?:"
    r"(?:(?:The|Islamic|United|Bolivarian|Plurinational|Federated|Democratic|People's|Former|Yugoslav) )*"
    r"(?:Republic|States?) of(?: the)?|Province of China|Occupied))$",
    re.IGNORECASE,
)
"""A country whose name has a comma, such as ``Korea, Republic of``."""
_ZIP = re.compile(r"(?=[^a-z]*\d)[A-Z0-9][A-Z0-9 .-]{2,11}|\d{4,6} \D+")
"""A postal code, alone or before the place that it stands for: ``LS9 7TF``, ``2020 Antwerpen``."""
_INSTITUTION = re.compile(
    r"universit|hospital|h[oô]pital|nemocnic|clini|klini|instit|college|school|facult|department|cent(?:er|re|r[ou]m?)\b"
    r"|\bunit\b|recherche|medicin|surgery|health|research|ology|ologie|\b(?:ltd|inc|llc|a\.s|s\.r\.o|gmbh)\b|.{31}",
    re.IGNORECASE,
)
"""What is a part of a facility's name rather than a city: a word of such names, or a length that cities lack."""


def site_from(text: str) -> dict[str, str]:
    """A site as the registry's downloads write it, each part left out where the site has none, joined by commas.

    The last part is the country, before it stands a postal code if there is one. Of what is left, the state is known
    where the country's states are; elsewhere three parts are read as facility, city and state, unless the second
    names an institution and so belongs to the facility. A part more makes the facility longer. Two parts are
    facility and city, one is the city, for no site is without.
    """
    rest, country = _split_country(text)
    site = {"country": country} if country else {}
    parts = [part.strip() for part in rest.split(", ") if part.strip()]
    if len(parts) > 1 and _ZIP.fullmatch(parts[-1]):
        site["zip"] = parts.pop()
    if _ends_in_state(parts, country):
        site["state"] = parts.pop()
    if parts:
        site["city"] = parts.pop()
    if parts:
        site["facility"] = ", ".join(parts)
    return site


def _ends_in_state(parts: list[str], country: str) -> bool:
    if country in _FEDERAL:
        known = bool(parts) and _STATE.fullmatch(parts[-1]) is not None
        if country == "United States" or not known:
            return known
    return len(parts) > (1 if country in _FEDERAL else 2) and not _INSTITUTION.search(parts[-2])


def place_from(text: str) -> dict[str, str] | None:
    """A place of three parts, ``City, State, Country``, of which the state may be empty; None if it is no such line."""
    rest, country = _split_country(text)
    city, comma, state = (part.strip() for part in rest.rpartition(","))
    if not (comma and city and country):
        return None
    return {name: part for name, part in (("city", city), ("state", state), ("country", country)) if part}


def is_place_for_certain(text: str) -> bool:
    """Whether a line can only be a place: its state is empty, or is one of those that are known."""
    place = place_from(text)
    if place is None:
        return False
    return "state" not in place or (place["country"] in _FEDERAL and _STATE.fullmatch(place["state"]) is not None)


def _split_country(text: str) -> tuple[str, str]:
    """What stands before the country, and the country."""
    text = text.strip().strip(",").strip()
    if found := _COUNTRY.search(f", {text}"):
        return text[: max(found.start() - 2, 0)], found[1].strip()
    rest, _, country = text.rpartition(",")
    return rest, country.strip()
