"""The background of maps: outlines of the départements, in a Mercator projection fitted to what is shown.

Overseas territories have separate maps, as on French official maps.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from prai_match import register
from prai_match.charts._marks import Row, beside, layers, marks, sentence, texts
from prai_match.charts._theme import BORDER, FREE, GREY, LAND, LINE, alt, room, width_of
from prai_match.model import Territory

Point = tuple[float, float]  # a longitude and a latitude, or a place in pixels

_MAIN, _INSET = (600.0, 680.0), (190.0, 190.0)  # widest and highest
_SMALL_MAIN, _SMALL_INSET = (310.0, 400.0), (149.0, 149.0)  # on a phone
_PAD, _LEAST = 0.06, 0.15  # around, of the width and of the height; degrees of the smallest view
_NAME, _GRID, _AIR = 10, 24, 8.0  # size of names, places tried across and down, pixels around that are enough
_CROWDED, _OUTSIDE = -13.0, 6.0  # two corners of a name outside its département, and no more; what one counts
_LONG = 10  # letters: such names take two lines
_HIGHEST = 85.0  # degrees of latitude that the projection can show
_FEW = 6  # territories that are never too close


@cache
def _file() -> dict[str, Any]:
    return dict(json.loads(files("prai_match.charts").joinpath("data", "outlines.json").read_text("utf-8")))


def attribution() -> str:
    return str(_file()["about"]["attribution"])


@dataclass(frozen=True, slots=True)
class View:
    """A Mercator projection fitted into a rectangle, and the territories in it.

    ``width`` and ``height`` are in pixels, ``scale`` in pixels per radian at the equator, ``centre`` in radians.
    """

    places: Sequence[Territory]
    width: float
    height: float
    scale: float
    centre: Point

    @classmethod
    def of(cls, places: Sequence[Territory], wide: float, high: float) -> View:
        """Return the view of some territories and their départements, of limited width and height."""
        points = [(place.longitude, place.latitude) for place in places]
        points += [point for code in {place.departement for place in places} for point in _ring(code)]
        (left, right), (top, bottom) = map(_extent, zip(*(_mercator(*point) for point in points), strict=True))
        scale = min(wide / (right - left), high / (bottom - top))
        return cls(places, wide, (bottom - top) * scale, scale, ((left + right) / 2, (top + bottom) / 2))

    def projection(self) -> dict[str, Any]:
        """Return the projection for the drawing library, which distinguishes several maps by their centre."""
        longitude, latitude = self.centre[0], 2 * math.atan(math.exp(-self.centre[1])) - math.pi / 2
        centre, middle = [math.degrees(longitude), math.degrees(latitude)], [self.width / 2, self.height / 2]
        return {"type": "mercator", "scale": self.scale, "center": centre, "translate": middle}

    def place(self, longitude: float, latitude: float) -> Point:
        """Return the position of a point, in pixels from the top left."""
        x, y = _mercator(longitude, latitude)
        middle_x, middle_y = self.centre
        return self.width / 2 + self.scale * (x - middle_x), self.height / 2 + self.scale * (y - middle_y)

    def beside(self, place: Territory, across: float, down: float) -> Row:
        """Return the ``longitude`` and ``latitude`` of a point so many pixels right of a territory and below it."""
        pixel = math.degrees(1 / self.scale)
        latitude = place.latitude - down * pixel * math.cos(math.radians(place.latitude))
        return {"longitude": place.longitude + across * pixel, "latitude": latitude}

    def apart(self) -> float:
        """Return about how far apart territories are, in pixels, in the département where they are closest."""
        counts = Counter(place.departement for place in self.places).items()
        boxes = ((*self.box(ring), max(count, _FEW)) for code, count in counts if (ring := _ring(code)))
        distances = (math.sqrt((right - left) * (low - high) / many) for left, right, high, low, many in boxes)
        return min(distances, default=math.inf)

    def shows(self, ring: Sequence[Point]) -> bool:
        left, right, top, bottom = self.box(ring)
        return left < self.width and right > 0 and top < self.height and bottom > 0

    def box(self, points: Iterable[Point]) -> tuple[float, float, float, float]:
        across, down = zip(*(self.place(*point) for point in points), strict=True)
        return min(across), max(across), min(down), max(down)


def _ring(code: str) -> list[Point]:
    return [(x, y) for ring in _file()["departements"].get(code, ()) for x, y in ring]


def _mercator(longitude: float, latitude: float) -> Point:
    angle = math.radians(max(-_HIGHEST, min(_HIGHEST, latitude)))
    return math.radians(longitude), -math.log(math.tan(math.pi / 4 + angle / 2))


def _extent(values: Sequence[float]) -> Point:
    least, most = min(values), max(values)
    pad = max((most - least) * _PAD, (math.radians(_LEAST) - (most - least)) / 2)
    return least - pad, most + pad


def views(places: Iterable[Territory]) -> list[View]:
    """Return the view of the mainland and Corsica, if it has territories, then one per overseas département."""
    zones: dict[str, list[Territory]] = {}
    for place in places:
        zones.setdefault(place.departement if place.departement.startswith(("97", "98")) else "", []).append(place)
    main, inset = room((_MAIN, _INSET), (_SMALL_MAIN, _SMALL_INSET))
    return [View.of(zones[code], *(inset if number else main)) for number, code in enumerate(sorted(zones))]


AT = {"longitude": "longitude:Q", "latitude": "latitude:Q"}  # the channels of a place

# Of a view: lines, which names are written on, symbols, and those of them (``longitude``, ``latitude``, ``size``) that
# no name covers.
Drawing = tuple["list[alt.Chart]", "list[alt.Chart]", "list[Row]"]


def maps(frames: Sequence[View], empty: str, draw: Callable[[View], Drawing], keys: alt.LayerChart) -> alt.HConcatChart:
    """Draw each view on the outlines, or say that there is none: others below the first, the legend at the side."""
    main, *others = [_map(view, *draw(view)) for view in frames] or [sentence(empty)]
    return beside(
        alt.vconcat(main, alt.concat(*others, columns=room(3, 2), spacing=12), spacing=12) if others else main, keys
    )


def _map(view: View, lines: list[alt.Chart], symbols: list[alt.Chart], rows: list[Row]) -> alt.LayerChart:
    own = {place.departement for place in view.places}
    near = {code: rings for code, rings in _file()["departements"].items() if any(map(view.shows, rings))}
    order = sorted(near, key=lambda code: (code in own, code))
    land = outlines({code: {"fill": LAND if code in own else FREE} for code in order})
    land = land.mark_geoshape(stroke=BORDER, strokeWidth=0.8, clip=True)
    names = [
        {"x": point[0], "y": point[1], "text": name}
        for code in near
        if code in own
        for name in [_capitals(register.department(code))]
        for point in _free(view, near[code][0], name, rows)
    ]
    x, y = alt.X("x:Q", scale=None, axis=None), alt.Y("y:Q", scale=None, axis=None)
    return layers(
        land.encode(alt.Fill("fill:N", scale=None)),
        *lines,
        texts(names, fontSize=_NAME, color=GREY, align="center").encode(x=x, y=y),
        *symbols,
        width=view.width,
        height=view.height,
    ).project(**view.projection())


def outlines(rows: Mapping[str, Row]) -> Any:  # noqa: ANN401 - of a module that is loaded late
    """Return a chart without a mark, with one row for the outline of each given département."""
    every = _file()["departements"]
    return marks(
        {"type": "Feature", **row}
        | {"geometry": {"type": "MultiPolygon", "coordinates": [[[*ring, ring[0]]] for ring in every.get(code, ())]}}
        for code, row in rows.items()
    )


def _capitals(name: str) -> str:
    if len(name) < _LONG or not (ends := [place + 1 for place, sign in enumerate(name) if sign in "- "]):
        return name.upper()
    end = min(ends, key=lambda end: max(end, len(name) - end))
    return f"{name[:end].strip()}\n{name[end:]}".upper()


def _free(view: View, outline: Sequence[Point], name: str, rows: Sequence[Row]) -> list[Point]:
    """Return where in an outline a name is farthest from symbols and the border, on a grid; empty if no room."""
    ring, (left, right, top, bottom) = [view.place(*point) for point in outline], view.box(outline)
    half, up = 0.65 * width_of(name, _NAME) + 3, (LINE * name.count("\n") + _NAME) / 2  # capitals are wide
    symbols = [(*view.place(row["longitude"], row["latitude"]), math.sqrt(row["size"]) / 2) for row in rows]
    near = [(x, y, radius) for x, y, radius in symbols if left - half < x < right + half and top < y < bottom]

    def gap(place: Point) -> float:
        aside = ((max(abs(x - place[0]) - half, 0), max(abs(y - place[1]) - up, 0), radius) for x, y, radius in near)
        return min([_AIR, *(math.hypot(across, down) - radius for across, down, radius in aside)])

    def outside(place: Point) -> int:
        corners = ((place[0] + side * half, place[1] + end) for side in (-1, 0, 1) for end in (-up, up))
        return sum(not _is_inside(corner, ring) for corner in corners)

    steps, middle = [step / _GRID for step in range(1, _GRID)], ((left + right) / 2, (top + bottom) / 2)
    places = [(left + (right - left) * along, top + (bottom - top) * down) for down in steps for along in steps]
    best, most, rooms = [], room(_CROWDED, -1.0), ((gap(place), place) for place in places)
    for free, place in sorted(rooms, key=lambda at: (-at[0], math.dist(at[1], middle))):
        if free <= most:
            break
        if (merit := free - _OUTSIDE * outside(place)) > most:
            best, most = [place], merit
    return best


def _is_inside(point: Point, ring: Sequence[Point]) -> bool:
    """Whether a point is in a ring: a line from it to the right crosses the ring an odd number of times."""
    x, y = point
    crossings = (
        x < (bx - ax) * (y - ay) / (by - ay) + ax
        for (ax, ay), (bx, by) in zip(ring, [*ring[1:], ring[0]], strict=True)
        if (ay > y) != (by > y)
    )
    return sum(crossings) % 2 == 1
