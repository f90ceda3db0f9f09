"""What a user weighs, and what the sections weigh by default."""

from collections.abc import Mapping
from enum import StrEnum

from ..embed import Section
from ..errors import UsageError


class Aspect(StrEnum):
    """A side of a trial that a user can make count more or less."""

    CONDITION = "condition"
    INTERVENTION = "intervention"
    DESIGN = "design"
    POPULATION = "population"
    OUTCOME = "outcome"
    PERIOD = "period"
    TEXT = "text"


ASPECT_OF: Mapping[Section, Aspect] = {
    Section.TITLE: Aspect.TEXT,
    Section.SUMMARY: Aspect.TEXT,
    Section.DESCRIPTION: Aspect.TEXT,
    Section.CONDITIONS: Aspect.CONDITION,
    Section.INTERVENTIONS: Aspect.INTERVENTION,
    Section.ARMS: Aspect.INTERVENTION,
    Section.OUTCOMES: Aspect.OUTCOME,
    Section.ELIGIBILITY: Aspect.POPULATION,
    Section.DESIGN: Aspect.DESIGN,
}
"""The aspect that each section speaks of. The lexical channel counts as text; when a trial was registered, its
period, stands in no section."""

TRAIT_ASPECT: Mapping[str, Aspect] = {
    "comparison": Aspect.DESIGN,
    "line": Aspect.POPULATION,
    "people": Aspect.POPULATION,
}
"""The aspect that each trait speaks of."""

Weights = Mapping[Aspect, float]
"""A factor an aspect; one that is not named is 1."""

PRESETS: Mapping[str, Weights] = {
    "same-disease": {Aspect.CONDITION: 6.0, Aspect.INTERVENTION: 0.5, Aspect.TEXT: 0.25},
    "same-drug": {Aspect.INTERVENTION: 6.0, Aspect.CONDITION: 0.5, Aspect.TEXT: 0.25},
    "same-design": {Aspect.DESIGN: 6.0, Aspect.POPULATION: 3.0, Aspect.TEXT: 0.25},
}
"""Weights by what a list is for."""

_MOST = 100.0


def choose_weights(preset: str, weights: str) -> dict[Aspect, float]:
    """A preset's weights, and on top of them those named one by one; either may be empty.

    Raises:
        UsageError: as `parse_preset` and `parse_weights`.
    """
    return {**parse_preset(preset), **parse_weights(weights)}


def parse_preset(name: str) -> Weights:
    """The weights of a preset; none where the name is empty.

    Raises:
        UsageError: there is no such preset.
    """
    wanted = name.strip().lower()
    if wanted and wanted not in PRESETS:
        raise UsageError(f"There is no preset {name.strip()[:40]!r}.", f"Presets are {', '.join(PRESETS)}.")
    return PRESETS[wanted] if wanted else {}


def parse_weights(text: str) -> dict[Aspect, float]:
    """Read ``condition=2,intervention=0.5``.

    Raises:
        UsageError: an unknown aspect, or a value that is no number from 0 to 100; says which.
    """
    weights: dict[Aspect, float] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, _, value = part.partition("=")
        try:
            aspect = Aspect(name.strip().lower())
        except ValueError:
            raise UsageError(f"There is no aspect {name.strip()!r}.", f"Aspects are {', '.join(Aspect)}.") from None
        try:
            weights[aspect] = float(value)
        except ValueError:
            raise UsageError(f"The weight of {aspect} is {value!r}.", "Write for instance condition=2.") from None
        if not 0 <= weights[aspect] <= _MOST:
            raise UsageError(f"The weight of {aspect} is {value}.", f"Weights go from 0 to {_MOST:g}.")
    if weights and all(weights.get(aspect, 1.0) == 0 for aspect in Aspect):
        raise UsageError("Every aspect has weight 0.", "Leave at least one above 0.")
    return weights
