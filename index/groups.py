"""Names that tell some trials apart: the few conditions, or interventions, that most of them are about."""

from collections import Counter
from collections.abc import Callable, Sequence

LEAST = 2
"""Trials that a group has at least."""


def telling(
    trials: Sequence[frozenset[int]], rarity: Callable[[int], float], most: int = 6
) -> tuple[list[int], list[int | None]]:
    """The concepts that cover the most trials, each the most of what earlier ones leave (greedy set cover).

    Where two cover alike, the rarer one tells more; then the lower number decides.

    Args:
        trials: the concepts that each is about.
        rarity: of a concept, more where fewer trials of the index are about it.
        most: concepts at most.

    Returns:
        The concepts, and for each trial that of its group: the first that it is about, None if it is about none.
    """
    chosen: list[int] = []
    of_trial: list[int | None] = [None] * len(trials)
    while len(chosen) < most:
        left = Counter(
            concept for trial, group in zip(trials, of_trial, strict=True) if group is None for concept in trial
        )
        best = max(left, key=lambda one: (left[one], rarity(one), -one), default=None)
        if best is None or left[best] < LEAST:
            break
        chosen.append(best)
        of_trial = [
            best if group is None and best in trial else group for trial, group in zip(trials, of_trial, strict=True)
        ]
    return chosen, of_trial
