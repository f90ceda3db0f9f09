"""The sites of a trial on a small map of the world, near enough to tell them apart."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ...data.trial import Site

_NORTH, _SOUTH = 84.0, -57.0
"""What is shown of the world: nobody runs trials nearer to the poles."""
_LEAST = 26.0
"""Degrees from south to north at least, so that something of the land is seen."""
_SHAPE = 2.0
"""Width of the picture for a height of 1."""
_EDGE = 0.12
"""Of the picture on each side kept free of sites."""
_WHOLE = 110.0
"""Degrees from south to north from which on the whole world is shown."""
_DOT, _LARGEST = 0.012, 0.026
"""Radius of a dot for one site and at most, in widths of the picture."""


@dataclass(frozen=True)
class Dot:
    """The sites in one place.

    Attributes:
        x, y: in the picture's units: degrees, those of longitude shrunk as they are on the ground.
        size: radius, likewise.
        name: of the place, and how many sites are there.
    """

    x: float
    y: float
    size: float
    name: str


@dataclass(frozen=True)
class SitesPicture:
    """What is drawn, and said in its place.

    Attributes:
        view: left, top, width and height of what is seen, in the picture's units.
        shrink: what a degree of longitude is of one of latitude in the middle of the picture.
        dots: the fullest places first, so that small ones are drawn upon them.
        countries: their names and how many sites each has, most first; ``""`` where a site names none.
        unplaced: sites without coordinates.
    """

    view: tuple[float, float, float, float]
    shrink: float
    dots: Sequence[Dot]
    countries: Sequence[tuple[str, int]]
    unplaced: int


def sites_picture(locations: Sequence[Site]) -> SitesPicture:
    """The picture of some sites; without dots where none has coordinates."""
    placed = [(site, site.lat, site.lon) for site in locations if site.lat is not None and site.lon is not None]
    view, shrink = _view([lat for _, lat, _ in placed], [lon for _, _, lon in placed])
    counts = Counter((round(lat, 2), round(lon, 2)) for _, lat, lon in placed)
    names = {(round(lat, 2), round(lon, 2)): _name(site) for site, lat, lon in placed}
    dots = [
        Dot(
            round(lon * shrink, 2),
            -lat,
            round(view[2] * min(_DOT * math.sqrt(count), _LARGEST), 3),
            names[lat, lon] + (f": {count} sites" if count > 1 else ""),
        )
        for (lat, lon), count in counts.most_common()
    ]
    countries = sorted(Counter(site.country or "" for site in locations).items(), key=lambda one: (-one[1], one[0]))
    return SitesPicture(view, shrink, dots, countries, len(locations) - len(placed))


def _name(site: Site) -> str:
    return ", ".join(part for part in (site.city, site.country) if part) or "A site"


def _view(latitudes: Sequence[float], longitudes: Sequence[float]) -> tuple[tuple[float, float, float, float], float]:
    """What is seen of the world, and how degrees of longitude shrink in its middle."""
    world = (-179.5, -_NORTH, 359.0, _NORTH - _SOUTH), 1.0
    if not latitudes:
        return world
    north, south = max(latitudes), min(latitudes)
    shrink = round(max(math.cos(math.radians((north + south) / 2)), 0.35), 3)
    east, west = max(longitudes) * shrink, min(longitudes) * shrink
    height = max(north - south, (east - west) / _SHAPE, _LEAST * (1 - 2 * _EDGE)) / (1 - 2 * _EDGE)
    if height > _WHOLE or height * _SHAPE > 360 * shrink:
        return world
    width = height * _SHAPE
    left, top = (east + west - width) / 2, -(north + south + height) / 2
    return (round(left, 2), round(top, 2), round(width, 2), round(height, 2)), shrink
