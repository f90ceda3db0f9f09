"""The score of a perfect answer: what scores are measured by.

How many standard deviations a close trial lies above the average one depends on the collection and on the query: rare
words reach further than common ones. A record that says the same as the query sets the measure for both.
"""

import numpy as np

from .channels import Channels
from .query import Query
from .registered import nearest

_LEAST = 0.1
"""Floor, for queries that say next to nothing."""


def ideal_score(query: Query, channels: Channels, words: float) -> float:
    """The raw score of a record with the query's own sections, all its words, names and traits; above 0.

    Args:
        query: what is looked for.
        channels: of the index.
        words: the standing in words, as a standard score, of a record that tells each of the query's words often.
    """
    total = _own_meaning(query, channels) + query.words * words
    if query.topic_weight and len(query.topic.ids):
        mean, deviation = channels.lexical.topics.spread(query.topic.ids, query.topic.weights)
        total += query.topic_weight * (1 - mean) / deviation
    if query.text is not None and query.profile is not None:
        mean, deviation = channels.profiles.spread.standing(query.profile)
        total += 2 * query.text.meaning * (1 - mean) / deviation
    total += sum(query.concept_weights[kind] for kind, one in query.concepts.items() if len(one.ids))
    for kind, weight in query.concept_standing.items():
        if len(query.concepts[kind].ids):
            mean, deviation = channels.concepts[kind].spread(query.concepts[kind])
            total += weight * (1 - mean) / deviation
    total += query.class_weight if query.classes is not None and len(query.classes.ids) else 0.0
    total += sum(float(added.max()) for added in query.traits.values())
    total += query.design_weight if any(query.design) else 0.0
    total += query.sponsor_weight if query.sponsor is not None else 0.0
    total += query.registered_weight * nearest(channels.lexical.trials) if query.row is not None else 0.0
    return max(total, _LEAST)


def _own_meaning(query: Query, channels: Channels) -> float:
    """The standing in meaning of the query's own profile and sections."""
    spreads = [
        (weight, query.sections[section], channels.dense[section].spread)
        for section, weight in query.section_weights.items()
        if section in channels.dense
    ]
    if query.profile is not None:
        spreads.append((query.profile_weight, query.profile, channels.profiles.spread))
    total = 0.0
    for weight, vector, spread in spreads:
        if weight > 0:
            mean, deviation = spread.standing(vector)
            total += weight * (float(np.einsum("i,i->", vector, vector)) - mean) / deviation
    return total
