"""Families of trials: extensions, substudies, records of one study in two registries, near-duplicates of one another.

Two trials are of one family if

- one lists the other's NCT id among its own ids, or both have the same id in another registry;
- one mentions the other's NCT id in its texts, and their lead sponsor is the same;
- they share another id of their own, and their lead sponsor is the same;
- their lead sponsor is the same, and so are their titles but for numbering, for words that every title has ("study",
  "efficacy", "patients"), and for words that say that a trial goes on from another ("extension", "rollover", "long-term
  follow-up").

A record that mentions more than `MOST_MENTIONED` others speaks of a whole programme, and is of no family by that. Ids
of grants are no ids of a study. Two records that tell no sponsor may have the same; their titles must then say more.
"""

import re
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from .hits import Hit
from .links import links_of

MOST_MENTIONED = 3
_FEWEST_WORDS = 2
_FEWEST_WORDS_WITHOUT_SPONSOR = 5
"""Telling words of a title that two trials may have by chance no more."""

_WORD = re.compile(r"[^\W_]+(?:\.\d+)?")
_ABBREVIATION = re.compile(r"\(([^\W_]*[A-Z][^\W_]*[A-Z][\w-]*)\)")
_NUMBERING = re.compile(
    r"\b(?:(?:extension|follow-?up|long-?term) )?(?:sub-?study|study|trial|part|cohort|protocol|no\.?|number|#)"
    r" (?:\d{1,3}|[ivx]{1,4}|[a-d])\b"
    r"|(?<!phase) (?:\d{1,2}|i{1,3}|iv|v)$"
)
_GOING_ON = re.compile(
    r"\blong[- ]?term\b|\bfollow(?:ed)?[- ]?up\b|\broll(?:ed|ing)?[- ]?over\b|\bopen[- ]label\b|\bextended[- ]access\b"
    r"|\bsub[- ]?(?:study|studies|protocol|trial)s?\b"
)
_SAYS_NOTHING = re.compile(
    r"an?|and|as|at|by|for|from|in|into|is|of|on|or|that|the|their|this|to|up|with|who|whose|versus|vs"
    r"|clinical|combination|multicentre|multicenter|observational|protocol|randomi[sz]ed|stud(?:y|ies)|trials?"
    r"|adults?|participants?|participat(?:ed|ing)|patients?|people|persons|subjects?|treated|enrolled|us(?:e|ing)"
    r"|effects?|effective(?:ness)?|efficacy|outcomes?|safety|tolerability|tolerance"
    r"|assess(?:ing|ment)?|compar(?:ed?|ing|ison)|determine|evaluat(?:ed?|ing|ion)|examine|investigat(?:e|ing|ion)"
    r"|complet(?:ed|ing)|continu(?:ed?|ing|ation)|exten(?:d(?:ed|ing)?|sion)|previous(?:ly)?|prior|subsequent"
)
"""Words that titles have in common whatever they are about, and those by which a trial goes on from another."""


@dataclass(frozen=True)
class Member:
    """What tells the family of one trial.

    Attributes:
        nct_id: the trial.
        sponsor: its lead sponsor, None if unknown.
        titles: brief and official, as far as there are.
        links: its row of `LINK_SCHEMA`.
    """

    nct_id: str
    sponsor: str | None
    titles: Sequence[str]
    links: Mapping[str, Sequence[str]]

    def keys(self) -> tuple[set[Hashable], set[Hashable]]:
        """What it is known by, and what a trial of its family is known by; they meet if two are of one family."""
        sponsor = self.sponsor.casefold().strip() if self.sponsor else None
        shared: set[Hashable] = {("id", one) for one in self.links["registered"]}
        shared |= {("id", one, sponsor) for one in self.links["numbered"] if sponsor is not None}
        fewest = _FEWEST_WORDS_WITHOUT_SPONSOR if sponsor is None else _FEWEST_WORDS
        words = (telling_words(title) for title in self.titles)
        shared |= {("title", one, sponsor) for one in words if len(one) >= fewest}
        mentioned = self.links["mentioned"] if len(self.links["mentioned"]) <= MOST_MENTIONED else ()
        names = {("trial", one) for one in self.links["listed"]} | {("trial", one, sponsor) for one in mentioned}
        itself = {("trial", self.nct_id), ("trial", self.nct_id, sponsor)}
        known_by = shared | itself | {("named", *name) for name in names}
        return known_by, shared | names | {("named", *name) for name in itself}


def telling_words(title: str) -> frozenset[str]:
    """The words of a title that tell its study from others, in lower case; plain plurals as singulars."""
    text = _ABBREVIATION.sub(" ", title).casefold()
    text = _GOING_ON.sub(" ", _NUMBERING.sub(" ", text.strip(" .")))
    return frozenset(_singular(word) for word in _WORD.findall(text) if not _SAYS_NOTHING.fullmatch(word))


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "is", "us")) else word


def heads(members: Iterable[Member]) -> list[int]:
    """For each trial of a list, best first, the place of the one that stands for its family: the first that is its kin.

    Everyone in a family is a direct kin of the one that stands for it, so a chain of trials does not become one family.
    """
    first: dict[Hashable, int] = {}
    out: list[int] = []
    for place, member in enumerate(members):
        known_by, sought = member.keys()
        head = min((first[key] for key in sought if key in first), default=place)
        if head == place:
            for key in known_by:
                first.setdefault(key, place)
        out.append(head)
    return out


def collapsed(hits: Sequence[Hit], members: Iterable[Member]) -> list[Hit]:
    """One hit a family: its first, which names the others; ranks stay."""
    others: dict[int, list[str]] = {}
    for place, head in enumerate(heads(members)):
        family = others.setdefault(head, [])
        if place != head:
            family.append(hits[place].nct_id)
    return [hits[head].model_copy(update={"family": tuple(family)}) for head, family in others.items()]


def members_of(
    hits: Sequence[Hit], links: pa.Table, facts: Sequence[Mapping[str, str | None]], rows: NDArray[np.int32]
) -> list[Member]:
    """What tells the families of hits, from their rows of the index and their facts."""
    return [
        Member(
            hit.nct_id,
            hit.lead_sponsor,
            [title for name in ("briefTitle", "officialTitle") if (title := fact[name])],
            link,
        )
        for hit, fact, link in zip(hits, facts, links_of(links, rows), strict=True)
    ]
