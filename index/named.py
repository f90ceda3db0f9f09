"""What two trials list by names: conditions, interventions and arms, side by side.

A name is compared in all its spellings: as a whole, without what stands in brackets, what stands there, an
intervention's other names, and the MeSH heading that the registry gave it.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..data import Trial
from ..data.trial import ArmGroup, Intervention, MeshTerm
from .aligning import make_pair, section
from .comparison import Pair, Relation, Section, Threshold
from .pairing import assigned
from .thresholds import thresholds
from .wording import Reader, Words, likenesses

T = TypeVar("T")
SameThing = Callable[[str, str], bool]
_LEAST_NAME = 0.5
_LEAST_ARM = 0.35
_SAME_HEADING = 0.9
_OTHER_TYPE = 0.9
_ROLE = 0.3
"""What being of one type counts in the likeness of two arms, beside their words."""
_DESCRIBED = 0.3
_IDENTICAL = 0.999
_BRACKETS = re.compile(r"\(([^()]{1,80})\)|\[([^\[\]]{1,80})\]")
_DASH = re.compile(r"\s[-–—:]\s")
_INACTIVE = re.compile(r"\b(placebo|sham|vehicle|dummy)\b", re.IGNORECASE)
_KIND_PREFIX = re.compile(r"^[A-Z][A-Za-z ]{2,22}: ")


@dataclass(frozen=True)
class _Named(Generic[T]):
    """An item with the words of each of its spellings, and its MeSH headings."""

    item: T
    name: str
    spellings: tuple[Words, ...]
    headings: frozenset[str]

    def __repr__(self) -> str:
        return repr(self.item)


def compare_conditions(first: Trial, second: Trial, read: Reader) -> Section[str]:
    """The conditions of two trials."""

    def named(trial: Trial) -> list[_Named[str]]:
        headings = _headings([(name,) for name in trial.conditions], trial.condition_meshes, read)
        return [
            _Named(name, name, _spellings((name,), read), found)
            for name, found in zip(trial.conditions, headings, strict=True)
        ]

    def pair(one: _Named[str], other: _Named[str], value: float) -> Pair[str]:
        return make_pair(one.item, other.item, value, [] if _is_same_name(one, other) else ["name"])

    return _section(named(first), named(second), _likeness, pair)


def called(texts: Sequence[str | None]) -> SameThing:
    """Tells whether a text says that one name is another: "everolimus (RAD001)"."""
    whole = "\n".join(" ".join(text.casefold().split()) for text in texts if text)

    def says(name: str, other: str) -> bool:
        one, two = name.casefold(), other.casefold()
        return f"{one} ({two})" in whole or f"{two} ({one})" in whole

    return says


def compare_interventions(first: Trial, second: Trial, read: Reader, same_thing: SameThing) -> Section[Intervention]:
    """The interventions of two trials; a placebo is paired with placebos alone.

    Args:
        first: one trial.
        second: the other.
        read: takes a name apart.
        same_thing: whether two names are said to mean the same.
    """

    def named(trial: Trial) -> list[_Named[Intervention]]:
        given = trial.interventions
        headings = _headings([(one.name, *one.other_names) for one in given], trial.intervention_meshes, read)
        return [
            _Named(one, one.name, _spellings((one.name, *one.other_names), read), found)
            for one, found in zip(given, headings, strict=True)
        ]

    def pair(one: _Named[Intervention], other: _Named[Intervention], value: float) -> Pair[Intervention]:
        ours, theirs = one.item, other.item
        found = [*thresholds("name", ours.name, theirs.name), *_of_both("description", ours, theirs)]
        differing = [] if _is_same_name(one, other) else ["name"]
        differing += ["type"] if ours.type != theirs.type else []
        differing += ["description"] if _changed(found, "description") else []
        return make_pair(ours, theirs, value, differing, found)

    def likeness(these: Sequence[_Named[Intervention]], those: Sequence[_Named[Intervention]]) -> NDArray[np.float64]:
        said = [[same_thing(one.name, other.name) for other in those] for one in these]
        return np.maximum(_likeness(these, those), _SAME_HEADING * np.asarray(said, np.float64))

    return _section(named(first), named(second), likeness, pair)


def compare_arms(first: Trial, second: Trial, read: Reader) -> Section[ArmGroup]:
    """The arms of two trials, by what is given in them and by their type."""

    def words(one: ArmGroup) -> Words:
        given = read(" ".join((one.label, *(_KIND_PREFIX.sub("", name) for name in one.intervention_names))))
        described = read(one.description or "")
        if max(given.values(), default=0.0) < 1.0:  # "Group 1" says nothing of its own
            return {**given, **described}
        return {word: weight * _DESCRIBED for word, weight in described.items()} | given

    def likeness(these: Sequence[ArmGroup], those: Sequence[ArmGroup]) -> NDArray[np.float64]:
        values = likenesses([words(one) for one in these], [words(one) for one in those])
        alone = [[_alone_of_type(one, arms) for one in arms] for arms in (these, those)]
        for row, one in enumerate(these):
            for column, other in enumerate(those):
                together = one.type is not None and one.type == other.type
                if not together and "PLACEBO_COMPARATOR" in (one.type, other.type):
                    values[row, column] = 0.0
                elif together and alone[0][row] and alone[1][column]:
                    values[row, column] = max(_LEAST_ARM, (1 - _ROLE) * values[row, column] + _ROLE)
                else:
                    values[row, column] = (1 - _ROLE) * values[row, column] + _ROLE * together * (
                        values[row, column] > 0.1
                    )
        return values

    def pair(one: ArmGroup, other: ArmGroup, value: float) -> Pair[ArmGroup]:
        found = _of_both("description", one, other)
        given = [{_plain(_KIND_PREFIX.sub("", name), read) for name in arm.intervention_names} for arm in (one, other)]
        differing = [] if _plain(one.label, read) == _plain(other.label, read) else ["label"]
        differing += ["type"] if one.type != other.type else []
        differing += ["interventionNames"] if given[0] != given[1] else []
        differing += ["description"] if _changed(found, "description") else []
        return make_pair(one, other, value, differing, found)

    return section(first.arm_groups, second.arm_groups, likeness, _LEAST_ARM, pair)


def is_inactive(name: str) -> bool:
    """Whether it is a placebo or a sham."""
    return _INACTIVE.search(name) is not None


def _section(
    first: Sequence[_Named[T]],
    second: Sequence[_Named[T]],
    likeness: Callable[[Sequence[_Named[T]], Sequence[_Named[T]]], NDArray[np.float64]],
    pair: Callable[[_Named[T], _Named[T], float], Pair[T]],
) -> Section[T]:
    found = assigned(first, second, likeness, _LEAST_NAME)
    ours, theirs = {i for i, _, _ in found}, {j for _, j, _ in found}
    return Section(
        pairs=tuple(pair(first[i], second[j], value) for i, j, value in found),
        first_only=tuple(one.item for i, one in enumerate(first) if i not in ours),
        second_only=tuple(one.item for j, one in enumerate(second) if j not in theirs),
    )


def _likeness(first: Sequence[_Named[T]], second: Sequence[_Named[T]]) -> NDArray[np.float64]:
    """Of each item's likest spelling with the other's."""
    all_ours = [words for one in first for words in one.spellings]
    all_theirs = [words for one in second for words in one.spellings]
    values = likenesses(all_ours, all_theirs)
    values = np.maximum.reduceat(values, _starts(first), axis=0)
    values = np.maximum.reduceat(values, _starts(second), axis=1)
    for row, one in enumerate(first):
        for column, other in enumerate(second):
            if is_inactive(one.name) != is_inactive(other.name):
                values[row, column] = 0.0
            elif one.headings & other.headings:
                values[row, column] = max(values[row, column], _SAME_HEADING)
            if getattr(one.item, "type", None) != getattr(other.item, "type", None):
                values[row, column] *= _OTHER_TYPE
    return values


def _starts(items: Sequence[_Named[T]]) -> list[int]:
    return np.cumsum([0, *(len(one.spellings) for one in items[:-1])]).tolist()


def _spellings(names: Iterable[str], read: Reader) -> tuple[Words, ...]:
    found: list[Words] = []
    for name in names:
        inside = [one for match in _BRACKETS.finditer(name) for one in match.groups() if one]
        outside = _BRACKETS.sub(" ", name)
        parts = _DASH.split(outside) if _DASH.search(outside) else ()
        for one in (name, outside, *inside, *parts):
            if (words := read(one)) and words not in found:
                found.append(words)
    return tuple(found) or ({},)


def _headings(names: Sequence[tuple[str, ...]], meshes: Sequence[MeshTerm], read: Reader) -> list[frozenset[str]]:
    """Which of the trial's MeSH headings belongs to which item: by words, else the one that is left to the one left."""
    words = [set().union(*(read(name) for name in given)) for given in names]
    found: list[set[str]] = [set() for _ in names]
    free = []
    for mesh in meshes:
        own = set(read(mesh.term))
        shared = [len(own & one) for one in words]
        if own and shared and 2 * max(shared) >= len(own):
            found[shared.index(max(shared))].add(mesh.term)
        else:
            free.append(mesh.term)
    without = [number for number, terms in enumerate(found) if not terms and not is_inactive(names[number][0])]
    if len(free) == 1 and len(without) == 1:
        found[without[0]].add(free[0])
    return [frozenset(one) for one in found]


def _is_same_name(one: _Named[T], other: _Named[T]) -> bool:
    return any(ours.keys() == theirs.keys() for ours in one.spellings for theirs in other.spellings)


def _plain(text: str, read: Reader) -> frozenset[str]:
    return frozenset(read(text)) or frozenset({text.casefold()})


def _alone_of_type(one: ArmGroup, arms: Sequence[ArmGroup]) -> bool:
    return sum(other.type == one.type for other in arms) == 1


def _of_both(part: str, one: object, other: object) -> list[Threshold]:
    """Numbers that both texts have: what only one of two long descriptions mentions is no difference."""
    found = thresholds(part, getattr(one, part), getattr(other, part))
    return [mark for mark in found if mark.first and mark.second]


def _changed(found: Sequence[Threshold], part: str) -> bool:
    return any(one.part == part and one.relation is not Relation.SAME for one in found)
