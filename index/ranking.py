"""The weights of ranking, as they are by default."""

from ..embed import Section

TRIAL_WEIGHTS: dict[Section, float] = {
    Section.TITLE: 1.0,
    Section.SUMMARY: 1.0,
    Section.DESCRIPTION: 0.5,
    Section.CONDITIONS: 0.5,
    Section.INTERVENTIONS: 0.5,
    Section.ARMS: 0.25,
    Section.OUTCOMES: 0.25,
    Section.ELIGIBILITY: 0.5,
    Section.DESIGN: 0.25,
}
"""What each section counts between two trials that both have it."""

TEXT_WEIGHTS: dict[Section, float] = {
    Section.TITLE: 1.0,
    Section.SUMMARY: 1.0,
    Section.DESCRIPTION: 0.5,
}
"""What each section counts against a text."""

LEXICAL_WEIGHT = 1.0
"""What the lexical channel counts, beside 1 of the dense channel."""


def ranking_settings() -> dict[str, float]:
    """All of them by name, for the manifest."""
    return {
        **{f"trial.{section}": weight for section, weight in TRIAL_WEIGHTS.items()},
        **{f"text.{section}": weight for section, weight in TEXT_WEIGHTS.items()},
        "lexical": LEXICAL_WEIGHT,
    }
