"""The site's world map: land and borders of countries as one small SVG, from Natural Earth's 1:110m countries.

npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
python bench/world.py package/countries-110m.json > api/site/static/world.svg
"""

import json
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

STEPS = 10
"""Units of the picture a degree."""
EDGE = 180 * STEPS
SMALLEST = 30
"""Square units of an island at least."""
ANTARCTIC = 60 * STEPS
"""What lies south of it as a whole is left out; y goes down."""
Line = list[tuple[int, int]]


def main() -> None:
    """Print the SVG."""
    topology = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    arcs = [line(arc, topology["transform"]) for arc in topology["arcs"]]
    land = "".join(path(ring, closed=True) for ring in land_rings(topology, arcs))
    borders = "".join(path(arc, closed=False) for arc in shared(topology, arcs))
    attributes = 'vector-effect="non-scaling-stroke" stroke-width=".7" transform="scale(.1)"'
    print(f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="-180 -90 360 180">
<!-- Land and borders of countries: Natural Earth, 1:110m, version 4.1, public domain (naturalearthdata.com), by way of
world-atlas 2.0.2 (ISC licence). Equirectangular, in degrees, north up, rounded to a tenth. -->
<path id="land" {attributes} d="{land}"/>
<path id="borders" {attributes} d="{borders}"/>
</svg>""")


def line(arc: list[list[int]], transform: dict[str, list[float]]) -> Line:
    """The points of an arc of TopoJSON, which writes differences, without repeats."""
    x = y = 0
    out: Line = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        east, north = (
            value * scale + move
            for value, scale, move in zip((x, y), transform["scale"], transform["translate"], strict=True)
        )
        point = round(east * STEPS), round(-north * STEPS)
        if not out or out[-1] != point:
            out.append(point)
    return out


def rings(topology: dict[str, Any], name: str) -> Iterator[list[int]]:
    """The rings of all polygons of an object, as numbers of arcs; of one taken backwards the complement."""
    for geometry in topology["objects"][name]["geometries"]:
        for polygon in geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]:
            yield from polygon


def land_rings(topology: dict[str, Any], arcs: list[Line]) -> Iterator[Line]:
    """The coasts that are large enough to be seen."""
    for numbers in rings(topology, "land"):
        whole: Line = []
        for number in numbers:
            arc = arcs[number] if number >= 0 else arcs[~number][::-1]
            whole += arc[1:] if whole else arc
        for ring in cut(whole):
            if area(ring) > SMALLEST and min(y for _, y in ring) < ANTARCTIC:
                yield ring


def shared(topology: dict[str, Any], arcs: list[Line]) -> Iterator[Line]:
    """The arcs between two countries."""
    uses = Counter(number if number >= 0 else ~number for ring in rings(topology, "countries") for number in ring)
    for number, count in uses.items():
        if count > 1 and len(arcs[number]) > 1 and not all(abs(x) == EDGE for x, _ in arcs[number]):
            yield arcs[number]


def cut(ring: Line) -> list[Line]:
    """A ring, or its two parts where it goes over the antimeridian."""
    turn = 0
    out = ring[:1]
    for (before, _), (x, y) in pairwise(ring):
        turn += 2 * EDGE * ((x - before < -EDGE) - (x - before > EDGE))
        out.append((x + turn, y))
    if min(x for x, _ in out) < -EDGE:
        out = [(x + 2 * EDGE, y) for x, y in out]
    if max(x for x, _ in out) <= EDGE:
        return [out]
    return [tidy([(min(x, EDGE), y) for x, y in out]), tidy([(max(x, EDGE) - 2 * EDGE, y) for x, y in out])]


def tidy(ring: Line) -> Line:
    """A ring without the points between others on the antimeridian."""
    out: Line = []
    for point in ring:
        if len(out) > 1 and out[-1][0] == out[-2][0] == point[0] and abs(point[0]) == EDGE:
            out[-1] = point
        elif not out or out[-1] != point:
            out.append(point)
    return out


def area(ring: Line) -> float:
    """Square units, by the shoelace formula."""
    return abs(sum(a * d - c * b for (a, b), (c, d) in zip(ring, ring[1:] + ring[:1], strict=True))) / 2


def path(points: Line, *, closed: bool) -> str:
    """A line as path data, relative, without the points on a straight way between others."""
    kept = points[:1]
    for (x, y), (further_x, further_y) in pairwise(points[1:]):
        before_x, before_y = kept[-1]
        if (x - before_x) * (further_y - y) != (y - before_y) * (further_x - x):
            kept.append((x, y))
    kept.append(points[-1])
    if closed and kept[0] == kept[-1]:
        kept.pop()
    steps = [str(step) for (a, b), (c, d) in pairwise(kept) for step in (c - a, d - b)]
    data = steps[0] + "".join(step if step.startswith("-") else f" {step}" for step in steps[1:])
    return f"M{kept[0][0]} {kept[0][1]}l{data}{'z' if closed else ''}"


if __name__ == "__main__":
    main()
