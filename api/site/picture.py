"""A neighbourhood of trials as marks of an SVG: where each lies in the picture, its shape, size and group."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...index import Hit
from ...index.neighbourhood import Neighbourhood, Place

WIDTH, HEIGHT = 640, 460
"""Units of the picture, which is as wide as the page allows."""
_MARGIN = 34
_GAP = 19.0
"""Units between the middles of two marks at least, so that each can be seen and touched."""
_PUSHES = 40
_RINGS = 3
_RING_NAMES = 5
"""Trials whose rank is written beside them."""

SHAPES = (
    "M0-1A1 1 0 1 1 0 1 1 1 0 1 1 0-1z",  # a disc
    "M-.9-.9H.9V.9H-.9z",  # a square
    "M0-1.15L1.1.8H-1.1z",  # a triangle
    "M0-1.25L1.1 0 0 1.25-1.1 0z",  # a diamond
    "M-.4-1.1H.4V-.4H1.1V.4H.4V1.1H-.4V.4H-1.1V-.4H-.4z",  # a cross
    "M0 1.15L1.1-.8H-1.1z",  # a triangle on its tip
)
"""Of the groups, in their order; paths about the origin, of about radius 1."""
OTHER = "M0-.8A.8.8 0 1 1 0 .8.8.8 0 1 1 0-.8z"
"""Of trials in no group: a small ring."""
STAR = "M0-1.3L.34-.46 1.24-.4.54.17.76 1.05 0 .57-.76 1.05-.54.17-1.24-.4-.34-.46z"
"""Of what the map is about."""


@dataclass(frozen=True)
class Mark:
    """One trial, or the text that was asked, in the picture.

    Attributes:
        x, y, size: in units of the picture.
        group: its number, -1 for none.
        hit: the trial; None for what the map is about.
        named: whether its rank is written beside it.
    """

    x: float
    y: float
    size: float
    group: int
    hit: Hit | None
    named: bool

    @property
    def shape(self) -> str:
        """The path, about the origin."""
        return STAR if self.hit is None else OTHER if self.group < 0 else SHAPES[self.group]


@dataclass(frozen=True)
class Group:
    """One entry of the legend: its number (-1 for the trials in no group), name and how many trials it has."""

    number: int
    name: str
    count: int

    @property
    def shape(self) -> str:
        """The path, about the origin."""
        return OTHER if self.number < 0 else SHAPES[self.number]


@dataclass(frozen=True)
class Picture:
    """Everything that is drawn.

    Attributes:
        marks: the centre first, then by rank.
        groups: of the legend.
        rings: radii about the centre, in units.
    """

    marks: Sequence[Mark]
    groups: Sequence[Group]
    rings: Sequence[float]

    @property
    def centre(self) -> Mark:
        """What the map is about."""
        return self.marks[0]

    def name(self, mark: Mark) -> str:
        """The name of a mark's group."""
        return next((group.name for group in self.groups if group.number == mark.group), "")


def picture(laid: Neighbourhood, hits: Mapping[str, Hit], colour: str) -> Picture:
    """Draw a neighbourhood.

    Args:
        laid: the centre first.
        hits: every trial but the centre, by its id.
        colour: ``condition`` or ``intervention``: what the groups are of.
    """
    names = list(laid.conditions if colour == "condition" else laid.interventions)[: len(SHAPES)]
    points, scale = _fitted(np.asarray([(one.x, -one.y) for one in laid.places]))
    points = _apart(points)
    marks = [
        _mark(place, x, y, names, hits, colour) for place, (x, y) in zip(laid.places, points.tolist(), strict=True)
    ]
    marks[1:] = sorted(marks[1:], key=lambda mark: mark.hit.rank if mark.hit else 0)
    counts = [sum(mark.group == number and mark.hit is not None for mark in marks) for number in range(len(names))]
    groups = [Group(number, name, counts[number]) for number, name in enumerate(names)]
    if left := sum(mark.group < 0 and mark.hit is not None for mark in marks):
        groups.append(Group(-1, "Other", left))
    return Picture(marks, groups, [scale * (ring + 1) / _RINGS for ring in range(_RINGS)])


def _mark(place: Place, x: float, y: float, names: list[str], hits: Mapping[str, Hit], colour: str) -> Mark:
    name = place.condition if colour == "condition" else place.intervention
    group = names.index(name) if name in names else -1
    hit = hits.get(place.nct_id or "")
    if hit is None:
        return Mark(round(x, 1), round(y, 1), 13.0, group, None, named=False)
    size = 5.0 + 1.2 * math.log10(1 + (hit.enrollment_count or 0))
    return Mark(round(x, 1), round(y, 1), round(min(size, 10.0), 1), group, hit, named=hit.rank <= _RING_NAMES)


def _fitted(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """The points as large as the picture allows, in its middle; and how many units 1 became."""
    low, high = points.min(axis=0), points.max(axis=0)
    room = np.asarray([WIDTH, HEIGHT]) - 2.0 * _MARGIN
    scale = float((room / np.maximum(high - low, 1e-3)).min())
    scale = min(scale, float(room.max()))
    return (points - (low + high) / 2) * scale + np.asarray([WIDTH, HEIGHT]) / 2, scale


def _apart(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """The points pushed apart where they lie closer than `_GAP`, within the picture; the first stays."""
    points = points.copy()
    first, second = np.triu_indices(len(points), 1)
    turn = np.stack([np.cos(2.4 * first), np.sin(2.4 * first)], axis=1)  # for points in one place: any two directions
    for _ in range(_PUSHES):
        offsets = points[second] - points[first]
        distances = np.hypot(*offsets.T)
        close = distances < _GAP
        if not close.any():
            break
        unit = np.where(
            distances[close, None] > 1e-6, offsets[close] / np.maximum(distances[close, None], 1e-6), turn[close]
        )
        push = unit * (_GAP - distances[close, None]) / 2
        np.add.at(points, first[close], -np.where(first[close, None] == 0, 0.0, push))
        np.add.at(points, second[close], push)
        points[1:] = np.clip(points[1:], 12.0, np.asarray([WIDTH, HEIGHT]) - 12.0)
    return points
