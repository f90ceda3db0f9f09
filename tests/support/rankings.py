"""The ranking behind an answer."""

from trialkin.index.scoring import rank


def raw_ranking(index, asked, top, filters, weights):
    """Rows and raw scores behind an answer; `asked` is a text or ids to be like and unlike."""
    wanted = index._text(asked, weights) if isinstance(asked, str) else index._alike(*asked, weights)
    ranked = rank(wanted.wanted, index._channels, top, index._filters.allowed(filters), index._ranking.floor)
    return ranked.rows.tolist(), ranked.scores.tolist(), ranked.ideal
