"""A trial's score: what each thing that it shares with the query adds to it.

Scores are in standard deviations above the average trial. A trial's standing in meaning is the standard score of the
cosine between its profile and that of the query. To it sections that both have, words, concepts and traits add what
they are worth, and how near in time the trial was registered.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..embed import Section
from .channels import Channels
from .dictionary import Kind
from .hits import ReasonCode
from .query import Query, TextParts
from .registered import nearness

Parts = dict[ReasonCode, NDArray[np.float64]]
"""What each reason adds: float64, shape (rows,)."""

_SECTION_REASON = {
    Section.CONDITIONS: ReasonCode.SAME_CONDITION,
    Section.INTERVENTIONS: ReasonCode.SAME_INTERVENTION,
    Section.ARMS: ReasonCode.SAME_INTERVENTION,
    Section.ELIGIBILITY: ReasonCode.SAME_POPULATION,
    Section.DESIGN: ReasonCode.SAME_DESIGN,
}
_TRAIT_REASON = {
    "comparison": ReasonCode.SAME_COMPARATOR_PATTERN,
    "line": ReasonCode.SAME_POPULATION,
    "people": ReasonCode.SAME_POPULATION,
}
_CONCEPT_REASON = {Kind.CONDITION: ReasonCode.SAME_CONDITION, Kind.INTERVENTION: ReasonCode.SAME_INTERVENTION}


def score(
    query: Query,
    channels: Channels,
    words: NDArray[np.float32],
    profile_with_feedback: NDArray[np.float32] | None,
    rows: NDArray[np.int32],
) -> Parts:
    """What each reason adds to the scores of some trials.

    Args:
        query: what is looked for.
        channels: of the index.
        words: standing of every trial in the query's words: float32, shape (trials,).
        profile_with_feedback: of a text, with what its best answers speak of.
        rows: int32, the trials.
    """
    parts: Parts = {code: np.zeros(len(rows)) for code in ReasonCode}
    _add_meaning(parts, query, channels, rows)
    text = parts[ReasonCode.SIMILAR_TEXT]
    text += query.words * words[rows]
    if query.topic_weight:
        mean, deviation = channels.lexical.topics.spread(query.topic.ids, query.topic.weights)
        cosines = channels.lexical.topics.products(query.topic.ids, query.topic.weights, rows)
        text += query.topic_weight * (cosines - mean) / deviation
    if query.crowding:
        text -= query.crowding * channels.profiles.crowding[rows]
    if query.text is not None:
        _add_profiles(text, query, query.text, profile_with_feedback, channels, rows)
    for kind, concepts in query.concepts.items():
        if weight := query.concept_weights[kind]:
            parts[_CONCEPT_REASON[kind]] += weight * channels.concepts[kind].cosines(concepts, rows)
    for kind, weight in query.concept_standing.items():
        concepts, table = query.concepts[kind], channels.concepts[kind]
        if weight and len(concepts.ids):
            mean, deviation = table.spread(concepts)
            parts[_CONCEPT_REASON[kind]] += weight * (table.cosines(concepts, rows) - mean) / deviation
    if query.classes is not None and query.class_weight:
        parts[ReasonCode.SAME_INTERVENTION_CLASS] += query.class_weight * channels.classes.cosines(query.classes, rows)
    for trait, added in query.traits.items():
        parts[_TRAIT_REASON[trait]] += added[channels.traits.column(trait, rows)]
    _add_circumstances(parts, query, channels, rows)
    return parts


def _add_meaning(parts: Parts, query: Query, channels: Channels, rows: NDArray[np.int32]) -> None:
    """Add the comparisons of profiles and of sections; a section that a trial lacks adds nothing."""
    if query.profile is not None and query.profile_weight > 0:
        (standing,) = _standings_of_profiles([query.profile], channels, rows)
        parts[ReasonCode.SIMILAR_TEXT] += query.profile_weight * standing
    for section, weight in query.section_weights.items():
        if weight > 0 and section in channels.dense:
            vector, dense = query.sections[section], channels.dense[section]
            mean, deviation = dense.spread.standing(vector)
            cosines = dense.similarities(vector[None], rows)[0].astype(np.float64)
            standing = np.nan_to_num((cosines - mean) / deviation, nan=0.0)
            parts[_SECTION_REASON.get(section, ReasonCode.SIMILAR_TEXT)] += weight * standing


def _add_circumstances(parts: Parts, query: Query, channels: Channels, rows: NDArray[np.int32]) -> None:
    """Add what is known of how, when and by whom a trial was made."""
    if query.design_weight:
        parts[ReasonCode.SAME_DESIGN] += query.design_weight * channels.designs.agreement(query.design, rows)
    if query.person is not None and query.person_weight:
        turned_away = channels.admitting.turns_away(query.person, rows)
        parts[ReasonCode.SAME_POPULATION] -= query.person_weight * turned_away
    if query.row is not None and query.registered_weight:
        near = nearness(query.row, rows, channels.lexical.trials)
        parts[ReasonCode.SAME_PERIOD] += query.registered_weight * near
    if query.sponsor is not None:
        parts[ReasonCode.SAME_SPONSOR] += query.sponsor_weight * (channels.sponsors[rows] == query.sponsor)


def _add_profiles(
    text: NDArray[np.float64],
    query: Query,
    parts: TextParts,
    with_feedback: NDArray[np.float32] | None,
    channels: Channels,
    rows: NDArray[np.int32],
) -> None:
    """Add a text's likeness to the trials' profiles, its own and with feedback."""
    profiles = [profile for profile in (query.profile, with_feedback) if profile is not None]
    for standing in _standings_of_profiles(profiles, channels, rows):
        text += parts.meaning * standing


def _standings_of_profiles(
    profiles: list[NDArray[np.float32]], channels: Channels, rows: NDArray[np.int32]
) -> Iterator[NDArray[np.float64]]:
    """Standard scores of some trials' cosines with each of some profiles: float64, shape (rows,)."""
    for profile, cosines in zip(profiles, channels.profiles.similarities(np.stack(profiles), rows), strict=True):
        mean, deviation = channels.profiles.spread.standing(profile)
        yield (cosines.astype(np.float64) - mean) / deviation
