"""What is behind a map: outlines of the départements, in a Mercator projection fitted to what is shown.

Territories overseas have a map of their own, as on French official maps.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from prai_match import register
from prai_match.charts._canvas import LINE, rows, texts
from prai_match.charts._theme import GREY, library, width_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import altair as alt

Point = tuple[float, float]

_LAND, _NEAR, _BORDER = "#f4f1ea", "#fafafa", "#b5b0a5"
_PAD = 0.06  # of the width and of the height
_LEAST = 0.15  # degrees: the smallest view
_NAME, _GRID, _AIR = 10, 24, 8.0  # size of the names, places tried across and down, pixels around that are enough
_CROWDED = -13.0  # two corners of a name outside its département, and no more
_LONG = 10  # letters: such names take two lines
_HIGHEST = 85.0  # degrees of latitude that the projection can show


@cache
def _file() -> dict[str, Any]:
    text = files("prai_match.charts").joinpath("data", "outlines.json").read_text("utf-8")
    return dict(json.loads(text))


def attribution() -> str:
    """Return whom the outlines are credited to."""
    return str(_file()["about"]["attribution"])


def zone(departement: str) -> str:
    """Return which map shows a département: the one of the mainland and Corsica (empty), or its own overseas."""
    return departement if departement.startswith(("97", "98")) else ""


@dataclass(frozen=True, slots=True)
class View:
    """A Mercator projection fitted into a rectangle.

    Attributes:
        width: Pixels.
        height: Pixels.
        scale: Pixels of a radian at the equator.
        translate: Where longitude and latitude 0 stand, pixels.
    """

    width: float
    height: float
    scale: float
    translate: Point

    @classmethod
    def fitted(cls, points: Iterable[Point], width: float, highest: float) -> View:
        """Return the view of some longitudes and latitudes: so wide, and at most so high."""
        places = [_unscaled(*point) for point in points]
        (left, right), (top, bottom) = (_extent([place[axis] for place in places]) for axis in (0, 1))
        scale = min(width / (right - left), highest / (bottom - top))
        height = (bottom - top) * scale
        translate = (width / 2 - scale * (left + right) / 2, height / 2 - scale * (top + bottom) / 2)
        return cls(width, height, scale, translate)

    def place(self, longitude: float, latitude: float) -> Point:
        """Return where a point stands, in pixels from the top left."""
        x, y = _unscaled(longitude, latitude)
        return self.translate[0] + self.scale * x, self.translate[1] + self.scale * y

    def sees(self, ring: Sequence[Point]) -> bool:
        """Whether some of a ring can be in the view."""
        places = [self.place(*point) for point in ring]
        spans = ((self.width, [x for x, _ in places]), (self.height, [y for _, y in places]))
        return all(min(along) < size and max(along) > 0 for size, along in spans)


def _unscaled(longitude: float, latitude: float) -> Point:
    kept = math.radians(max(-_HIGHEST, min(_HIGHEST, latitude)))
    return math.radians(longitude), -math.log(math.tan(math.pi / 4 + kept / 2))


def _extent(values: Sequence[float]) -> Point:
    least, most = min(values), max(values)
    pad = max((most - least) * _PAD, (math.radians(_LEAST) - (most - least)) / 2)
    return least - pad, most + pad


def outlines(departements: Iterable[str]) -> list[Point]:
    """Return the points of the outlines of some départements; none for those without an outline."""
    known = _file()["departements"]
    return [(x, y) for code in sorted(set(departements)) for ring in known.get(code, ()) for x, y in ring]


def background(view: View, departements: Iterable[str], symbols: Sequence[Mapping[str, Any]]) -> list[alt.Chart]:
    """Draw the départements in view, those of the territories darker and with their names, aside from the symbols."""
    vega, own = library(), set(departements)
    seen = {code: rings for code, rings in _file()["departements"].items() if any(view.sees(ring) for ring in rings)}
    shapes = [
        {"type": "Feature", "fill": _LAND if code in own else _NEAR, "geometry": _geometry(view, rings)}
        for code, rings in sorted(seen.items(), key=lambda item: (item[0] in own, item[0]))
    ]
    names = [
        {"x": x, "y": y, "text": name, "tone": GREY}
        for code, rings in seen.items()
        if code in own
        for name in [_capitals(register.department(code))]
        for x, y in _free([view.place(*point) for point in rings[0]], name, symbols)
    ]
    land: alt.Chart = (
        vega.Chart(rows(shapes))
        .mark_geoshape(stroke=_BORDER, strokeWidth=0.8, clip=True)
        .encode(vega.Fill("fill:N", scale=None, legend=None))
        .project(type="identity", scale=1, translate=[0, 0])
    )
    return [land, texts(names, align="center", fontSize=_NAME)]


def _geometry(view: View, rings: Sequence[Sequence[Point]]) -> dict[str, Any]:
    """Return rings in pixels: Vega-Lite gives all maps of a chart the projection of the first."""
    placed = [[[round(along, 1) for along in view.place(*point)] for point in [*ring, ring[0]]] for ring in rings]
    return {"type": "MultiPolygon", "coordinates": [[ring] for ring in placed]}


def _capitals(name: str) -> str:
    r"""Return a name in capitals, on two lines where it is long."""
    ends = [place + 1 for place, sign in enumerate(name) if sign in "- "]
    if len(name) < _LONG or not ends:
        return name.upper()
    end = min(ends, key=lambda end: max(end, len(name) - end))
    return f"{name[:end].strip()}\n{name[end:]}".upper()


def _free(ring: Sequence[Point], name: str, symbols: Sequence[Mapping[str, Any]]) -> list[Point]:
    """Return where in a ring a name is farthest from symbols and the border, of places on a grid; none: no room."""
    (left, right), (top, bottom) = ((min(along), max(along)) for along in zip(*ring, strict=True))
    half, up = 0.65 * width_of(name, _NAME) + 3, (LINE * name.count("\n") + _NAME) / 2  # capitals are wide
    near = [
        (symbol["x"], symbol["y"], symbol["size"] ** 0.5 / 2)
        for symbol in symbols
        if left - half < symbol["x"] < right + half and top < symbol["y"] < bottom
    ]

    def gap(place: Point) -> float:
        gaps = (
            math.hypot(max(abs(x - place[0]) - half, 0), max(abs(y - place[1]) - up, 0)) - radius
            for x, y, radius in near
        )
        return float(min([_AIR, *gaps]))

    def outside(place: Point) -> int:
        corners = [(place[0] + side * half, place[1] + end) for side in (-1, 0, 1) for end in (-up, up)]
        return sum(not _inside(corner, ring) for corner in corners)

    steps = [step / _GRID for step in range(1, _GRID)]
    middle = ((left + right) / 2, (top + bottom) / 2)
    places = [(left + (right - left) * along, top + (bottom - top) * down) for down in steps for along in steps]
    airy = sorted(((gap(place), place) for place in places), key=lambda found: (-found[0], math.dist(found[1], middle)))
    best, most = [], _CROWDED
    for room, place in airy:
        if room <= most:
            break
        if (found := room - 6 * outside(place)) > most:
            best, most = [place], found
    return best


def _inside(point: Point, ring: Sequence[Point]) -> bool:
    """Whether a point is in a ring: a line from it to the right crosses the ring an odd number of times."""
    x, y = point
    crossed = (
        x < (bx - ax) * (y - ay) / (by - ay) + ax
        for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True)
        if (ay > y) != (by > y)
    )
    return sum(crossed) % 2 == 1
