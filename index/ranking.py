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

TEXT_WEIGHTS: dict[Section, float] = {Section.TITLE: 1.0, Section.SUMMARY: 1.0}
"""What each section counts against a text."""

TRIAL_LEXICAL_WEIGHT = 0.25
"""What shared words count between two trials, beside 1 of their meaning: two long records share many by chance."""

TEXT_LEXICAL_WEIGHT = 1.0
"""What shared words count against a text: who types a gene or a drug means that word."""

TRAIT_WEIGHTS: dict[str, float] = {"comparison": 0.2, "line": 0.2, "people": 0.1}
"""What a shared trait of design or population adds, in standard deviations each."""


def ranking_settings() -> dict[str, float]:
    """All of them by name, for the manifest."""
    return {
        **{f"trial.{section}": weight for section, weight in TRIAL_WEIGHTS.items()},
        **{f"text.{section}": weight for section, weight in TEXT_WEIGHTS.items()},
        **{f"trait.{trait}": weight for trait, weight in TRAIT_WEIGHTS.items()},
        "trial.words": TRIAL_LEXICAL_WEIGHT,
        "text.words": TEXT_LEXICAL_WEIGHT,
    }
