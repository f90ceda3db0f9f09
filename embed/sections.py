"""A trial as the texts of its sections."""

from collections.abc import Iterable
from enum import StrEnum

from ..data import Trial


class Section(StrEnum):
    """The parts of a record that are compared with each other, in the order of the index's columns."""

    TITLE = "title"
    SUMMARY = "summary"
    DESCRIPTION = "description"
    CONDITIONS = "conditions"
    INTERVENTIONS = "interventions"
    ARMS = "arms"
    OUTCOMES = "outcomes"
    ELIGIBILITY = "eligibility"
    DESIGN = "design"


def section_texts(trial: Trial) -> dict[Section, str]:
    """The text of every section that the record has; a section without text is absent."""
    texts = {
        Section.TITLE: _title(trial),
        Section.SUMMARY: trial.brief_summary or "",
        Section.DESCRIPTION: trial.detailed_description or "",
        Section.CONDITIONS: _join("; ", _distinct([*trial.conditions, *trial.keywords])),
        Section.INTERVENTIONS: _join(
            ". ",
            (_join(": ", [_join(", ", [one.name, *one.other_names]), one.description]) for one in trial.interventions),
        ),
        Section.ARMS: _join(". ", (_join(": ", [one.label, one.description]) for one in trial.arm_groups)),
        Section.OUTCOMES: _join(
            ". ",
            (
                _join(", ", [one.measure, one.time_frame])
                for one in (*trial.primary_outcomes, *trial.secondary_outcomes)
            ),
        ),
        Section.ELIGIBILITY: trial.eligibility_criteria or "",
        Section.DESIGN: _design(trial),
    }
    return {section: text for section, text in texts.items() if text}


def _title(trial: Trial) -> str:
    return _join(". ", _distinct([trial.brief_title, trial.official_title])) or (trial.acronym or "")


def _design(trial: Trial) -> str:
    """The coded design in words that a language model knows: ``PHASE2`` as "phase 2"."""
    codes = [
        *trial.phases,
        trial.study_type,
        trial.allocation,
        trial.intervention_model,
        trial.observational_model,
        trial.time_perspective,
        f"{trial.primary_purpose} purpose" if trial.primary_purpose else None,
        f"{trial.masking} masking" if trial.masking else None,
    ]
    words = _join(", ", (code for code in codes if code and code != "NA"))
    return words.replace("PHASE", "PHASE ").replace("_", " ").lower()


def _distinct(texts: Iterable[str | None]) -> list[str]:
    """The texts in order, without those that say the same in other letter case."""
    found: dict[str, str] = {}
    for text in texts:
        if text:
            found.setdefault(text.casefold(), text)
    return list(found.values())


def _join(separator: str, texts: Iterable[str | None]) -> str:
    return separator.join(text for text in texts if text)
