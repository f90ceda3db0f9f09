"""Sections of a copied trial page that list things of several lines each: sponsors, investigators, sites, ids."""

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from .sites import is_place_for_certain, place_from
from .spelled import code

Sections = Mapping[str, list[str]]
"""The lines of each section by its heading, blank ones among them."""
Found = tuple[dict[str, Any], set[str]]
"""Modules of a study, and the fields of a `Trial` that they carry."""

STATUS = re.compile(
    "ACTIVE_NOT_RECRUITING|COMPLETED|ENROLLING_BY_INVITATION|NOT_YET_RECRUITING|RECRUITING|SUSPENDED|TERMINATED"
    "|WITHDRAWN|AVAILABLE|NO_LONGER_AVAILABLE|TEMPORARILY_NOT_AVAILABLE|APPROVED_FOR_MARKETING|WITHHELD|UNKNOWN"
)
BLANK = frozenset({"", "-", "N/A", "NA"})
"""What stands for no value."""
_CLASS = re.compile("NIH|FED|OTHER_GOV|INDIV|INDUSTRY|NETWORK|AMBIG|OTHER|UNKNOWN")


def values(sections: Sections, heading: str) -> list[str]:
    """The lines of a section that are not blank."""
    return [line for line in sections.get(heading, ()) if line]


def sponsors(sections: Sections) -> Found:
    """The sponsors, each a name and its class. The one that leads stands last on the site's pages."""
    found: list[dict[str, str]] = []
    for line in values(sections, "Sponsors"):
        if _CLASS.fullmatch(line) and found and "class" not in found[-1]:
            found[-1]["class"] = line
        else:
            found.append({"name": line})
    if not found:
        return {}, set()
    module = {"leadSponsor": found[-1], "collaborators": found[:-1]}
    return {"sponsorCollaboratorsModule": module}, {"lead_sponsor", "collaborators"}


def officials(sections: Sections) -> Found:
    """The investigators: a name, ``Role: ...``, and where they belong."""
    lines = values(sections, "Principal Investigators")
    roles = [at for at, line in enumerate(lines) if at and line.startswith("Role:")]
    found = []
    for at, after in pairwise([*roles, len(lines) + 1]):
        belongs = ", ".join(lines[at + 1 : after - 1])
        one = {"name": lines[at - 1], "role": code(lines[at].removeprefix("Role:")), "affiliation": belongs or None}
        found.append({name: value for name, value in one.items() if value})
    if lines and not roles:
        found.append({"name": lines[0], **({"affiliation": ", ".join(lines[1:])} if lines[1:] else {})})
    return {"contactsLocationsModule": {"overallOfficials": found}}, {"overall_officials"} if found else set()


def locations(sections: Sections) -> Found:
    """The sites, a facility and a line ``City, State, Country`` each, and the countries that no site is in."""
    sites: list[dict[str, str]] = []
    for line in values(sections, "Locations"):
        place = place_from(line)
        waits = bool(sites) and "facility" in sites[-1] and "country" not in sites[-1]
        if place and (waits or is_place_for_certain(line)):
            sites[-1:] = [{**sites[-1], **place}] if waits else [*sites[-1:], place]
        elif waits and STATUS.fullmatch(code(line) or ""):
            sites[-1]["status"] = line
        else:
            sites.append({"facility": line})
    fields = {"locations", "countries"} if sites else set[str]()
    within = {site.get("country") for site in sites}
    countries = [line for line in values(sections, "Countries") if line not in within]
    fields |= {"countries"} if countries else set()
    sites += [{"country": country} for country in countries]
    return {"contactsLocationsModule": {"locations": sites}}, fields


def identifiers(sections: Sections) -> Found:
    """Other ids, each with a line for its type and one for its source."""
    found: list[dict[str, str]] = []
    for line in values(sections, "Other Identifiers"):
        name, colon, value = (part.strip() for part in line.partition(":"))
        key = {"Identifier Type": "type", "Identifier Source": "domain"}.get(name) if colon else None
        if key is None:
            found.append({"id": line})
        elif found and value not in BLANK:
            found[-1][key] = value
    own = [one["id"] for one in found if one.get("domain") == "org_study_id"]
    aliases = [one["id"] for one in found if one.get("domain") == "nct_alias"]
    others = [one for one in found if one.get("domain") not in {"org_study_id", "nct_alias"}]
    module: dict[str, Any] = {"orgStudyIdInfo": {"id": own[0] if own else None}, "nctIdAliases": aliases}
    module["secondaryIdInfos"] = [*({"id": one} for one in own[1:]), *others]
    named = (("org_study_id", own), ("nct_id_aliases", aliases), ("secondary_ids", module["secondaryIdInfos"]))
    return {"identificationModule": module} if found else {}, {field for field, value in named if value}
