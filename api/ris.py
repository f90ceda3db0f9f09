"""Trials as references that citation managers import: RIS, one entry a trial.

Tags are those of the RIS specification of Research Information Systems (2001, with DATA of the 2011 version). Lines end
in CR LF, and the text is UTF-8.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import IO

from ..data import Trial
from ..index import Hit

STUDY_PAGE = "https://clinicaltrials.gov/study/"


@dataclass(frozen=True)
class Reference:
    """What a citation manager keeps of a trial.

    Attributes:
        sponsor: the lead sponsor, given as the author.
        date: the start of the study, of any precision.
        conditions: given as keywords.
        notes: free text, such as why it stands in a list.
    """

    nct_id: str
    title: str
    sponsor: str | None
    date: str | None
    conditions: tuple[str, ...]
    abstract: str | None = None
    notes: tuple[str, ...] = ()


def reference_of_hit(hit: Hit) -> Reference:
    """A hit's reference; the notes tell why it is there, and its rank and score."""
    place = f"Rank {hit.rank}, score {hit.score:.2f}."
    notes = (hit.why, place) if hit.why else (place,)
    return Reference(hit.nct_id, hit.title, hit.lead_sponsor, hit.start_date, hit.conditions, notes=notes)


def reference_of_trial(trial: Trial) -> Reference:
    """A record's reference, with its summary as the abstract."""
    sponsor = trial.lead_sponsor.name if trial.lead_sponsor else None
    date = trial.start_date.date if trial.start_date else None
    return Reference(trial.nct_id, trial.title, sponsor, date, trial.conditions, trial.brief_summary)


def write_ris(references: Iterable[Reference], about: str, out: IO[str]) -> None:
    """Write references, each with a note on where the answer comes from.

    Args:
        references: in the order in which they are written.
        about: index version and date of the data, one sentence.
        out: opened without translation of line ends.
    """
    for one in references:
        lines = ((tag, _line(text)) for tag, text in _tags(one, about))
        out.writelines(f"{tag}  - {line}\r\n" for tag, line in lines if line)
        out.write("ER  - \r\n\r\n")


def source_note(version: str, data_date: str | None) -> str:
    """The note that every reference carries."""
    return f"trialkin, index {version}, data of {data_date or 'unknown date'}."


def _tags(one: Reference, about: str) -> Iterator[tuple[str, str]]:
    yield "TY", "DATA"
    yield "AN", one.nct_id
    yield "TI", one.title
    if one.sponsor:
        # A comma parts family and given name; an organisation has neither.
        yield "AU", one.sponsor.replace(",", "")
    if one.date:
        year, month, day = [*one.date.split("-"), "", ""][:3]
        yield "PY", year
        yield "DA", f"{year}/{month}/{day}/"
    if one.abstract:
        yield "AB", one.abstract
    for condition in one.conditions:
        yield "KW", condition
    for note in (*one.notes, about):
        yield "N1", note
    yield "DB", "ClinicalTrials.gov"
    yield "PB", "ClinicalTrials.gov"
    yield "UR", f"{STUDY_PAGE}{one.nct_id}"


def _line(text: str) -> str:
    """On one line and without control characters, so that no text can start a tag of its own."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
