"""What counts how much in a score.

The weights were chosen on weak signals that the registry itself gives: trials that share rare MeSH headings of
condition and of intervention, and trials that name each other's NCT id. docs/quality.md tells how, and what others'
judgements say of the outcome.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from ..embed import Section
from .dictionary import Kind

SECTIONS: Mapping[Section, float] = {
    Section.CONDITIONS: 0.1,
    Section.INTERVENTIONS: 0.1,
    Section.ARMS: 0.05,
    Section.OUTCOMES: 0.05,
    Section.ELIGIBILITY: 0.1,
    Section.DESIGN: 0.05,
}
"""What the comparison of a section with its like counts, in standard deviations each. Title, summary and description
make up the profile, which counts 1; few records have any of these others, and what few have must not move many."""


@dataclass(frozen=True)
class Calibration:
    """A score as a probability: ``1 / (1 + (middle / part) ** power)``, Platt's logistic (1999) of a logarithm.

    Attributes:
        middle: the part of a perfect answer's raw score that stands for 0.5.
        power: how fast the probability rises there.
    """

    middle: float
    power: float

    def probability(self, part: float) -> float:
        """0 to 1; 0 for a part that is not above 0."""
        return 1 / (1 + (self.middle / part) ** self.power) if part > 0 else 0.0


@dataclass(frozen=True)
class Ranking:
    """All weights; raw scores are in standard deviations above the average trial.

    Attributes:
        sections: of comparisons of sections, beside that of profiles, which counts 1.
        topic, words: of shared words between two trials: cosine of what they are about, BM25 of all they say.
        crowding: against trials that are near to everything.
        concepts: of shared conditions and interventions, for a cosine of 1.
        classes: of shared classes of interventions.
        traits: of a shared trait, in standard deviations each.
        design: of agreement in study type, purpose, phases and allocation, from -1 to 1.
        sponsor: of the same lead sponsor.
        registered: of how near in time two trials were registered, in standard deviations.
        text_words: of the words of key words and stories, half of it for their own words and half with feedback.
        text_meaning_short, text_meaning_long: of a text's meaning, its own and with feedback each.
        text_says_little, text_says_much: words of a text up to which it is key words, and from which on a description.
        description_words, description_meaning, description_topic: of a description's words, meaning, and topic.
        text_short: terms that a short text has at most: key words, of which every one is meant.
        text_coverage: power of the share of a short text that a trial speaks of.
        text_connecting: of the words of a short text that only connect others.
        text_design: of agreement in the design that a short text names, such as its phase.
        text_genes: of other names of a gene that a text names.
        text_names_short, text_names_long: of other names of a condition or a part of the body that a text names; the
            first also of a drug.
        text_drugs_long: of other names of a drug that a long text names.
        text_classes: of the members of a class of drugs that a short text names.
        text_conditions: of how a trial stands to the conditions that a long text names, in standard deviations.
        text_person: against trials that do not take the person whom a text asks for.
        feedback: best answers that tell what else to look for.
        trial_scale, text_scale: parts of a perfect score as probabilities.
        floor: part of a perfect score that a hit has at least; what is below is no kin and is not listed.
    """

    sections: Mapping[Section, float] = field(default_factory=lambda: dict(SECTIONS))
    topic: float = 0.15
    words: float = 0.15
    crowding: float = 0.2
    concepts: Mapping[Kind, float] = field(default_factory=lambda: {Kind.CONDITION: 0.45, Kind.INTERVENTION: 0.45})
    classes: float = 0.2
    traits: Mapping[str, float] = field(default_factory=lambda: {"comparison": 0.3, "line": 0.3, "people": 0.15})
    design: float = 0.75
    sponsor: float = 0.1
    registered: float = 0.25
    text_words: float = 1.0
    text_meaning_short: float = 0.25
    text_meaning_long: float = 0.75
    text_says_little: float = 4.0
    text_says_much: float = 8.0
    description_words: float = 0.4
    description_meaning: float = 1.0
    description_topic: float = 0.15
    text_short: int = 12
    text_coverage: float = 0.5
    text_connecting: float = 0.25
    text_design: float = 3.75
    text_genes: float = 0.5
    text_names_short: float = 1.0
    text_names_long: float = 0.5
    text_drugs_long: float = 0.25
    text_classes: float = 1.0
    text_conditions: float = 0.25
    text_person: float = 4.0
    feedback: int = 5
    trial_scale: Calibration = Calibration(0.41, 4.41)
    text_scale: Calibration = Calibration(0.70, 2.26)
    floor: float = 0.02

    def settings(self) -> dict[str, float]:
        """All of them by name, for the manifest."""
        out: dict[str, float] = {}
        for name, value in asdict(self).items():
            if isinstance(value, dict):
                for key, one in value.items():
                    out[f"{name}.{key}"] = one
            else:
                out[name] = value
        return out


DEFAULT_RANKING = Ranking()
