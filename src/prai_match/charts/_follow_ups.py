"""The graph of follow-ups: buffets at the left, the workshops that they lead to at the right."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from prai_match.charts._canvas import Row, canvas, curves, points, rects, texts
from prai_match.charts._layers import layers
from prai_match.charts._theme import (
    GREY,
    SMALL,
    balanced,
    colour,
    finished,
    ink_on,
    letter,
    lines_of,
    shown,
    texts_of,
    width_of,
)
from prai_match.text import day, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import altair as alt
    import polars as pl

    from prai_match.charts._layers import Item, Layers
    from prai_match.errors import Lang
    from prai_match.recommend import Answered

_NODE, _HIGH, _GAP, _ROW, _TOP, _CHIP = 196.0, 50.0, 190.0, 74.0, 26.0, 22.0
_LINE = "#74818e"
_SAMPLES = 24  # points of a curve, from a column to the next
_TRIED = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.2, 0.8, 0.14, 0.86)

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Way:
    """An edge as it is drawn: its points, in pixels, and what is said of it."""

    points: Sequence[tuple[float, float]]
    text: str
    told: str
    width: float
    observed: bool


def follow_ups(recs: Answered, lang: Lang = "fr") -> alt.LayerChart:
    """Draw the graph of follow-ups that the recommendations used, with the probability and the support of each edge.

    Args:
        recs: Answered.
        lang: Language of its texts.

    Raises:
        PraiError: The extra ``viz`` is not installed.
        UnknownCodeError: The language is neither ``fr`` nor ``en``.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme, charts
        >>> recs = Programme.example().recommend(on=dt.date(2007, 9, 3))
        >>> charts.follow_ups(recs).to_dict()["title"]["text"]
        'Quelle session mène à quelle autre'
    """
    words = texts_of("follow_ups", lang)
    answers = recs.answers
    used = answers.snapshot.follow_ups
    graph = used.graph
    order = [session for session in answers.names[lang] if session in graph]  # as in the catalogue
    names = {session: str(graph.nodes[session][f"name_{lang}"]) for session in order}
    buffets = [session for session in order if graph.nodes[session]["kind"] == "buffet"]
    workshops = [session for session in order if session not in set(buffets)]
    edges = used.edges()
    placed = layers(buffets, workshops, edges.select("source", "target").rows())
    subtitle = [
        words["on"].format(day=day(answers.on, lang)),
        *lines_of([words["reading"], words["source"]], _width(placed)),
    ]
    drawing = _drawing(placed, names, len(buffets), list(_ways(placed, edges, names, words, lang)), words)
    return finished(drawing, words["title"], subtitle, lang)


def _width(placed: Layers) -> float:
    return placed.columns * (_NODE + _GAP) - _GAP


def _x(placed: Layers, item: Item) -> float:
    return placed.column[item] * (_NODE + _GAP)


def _y(placed: Layers, item: Item) -> float:
    return _TOP + placed.row[item] * _ROW


def _drawing(
    placed: Layers, names: Mapping[str, str], buffets: int, ways: Sequence[_Way], words: Mapping[str, Any]
) -> alt.LayerChart:
    boxes: list[Row] = []
    chips: list[Row] = []
    letters: list[Row] = []
    labels: list[Row] = []
    for place, (session, name) in enumerate(names.items()):
        x, y = _x(placed, session), _y(placed, session)
        edge: Row = {"x": x, "x2": x + _NODE, "y": y - _HIGH / 2, "y2": y + _HIGH / 2, "told": shown(name)}
        boxes.append(edge | {"fill": "#ffffff"})
        chips.append(edge | {"x2": x + _CHIP, "fill": colour(place)})
        letters.append({"x": x + _CHIP / 2, "y": y, "text": letter(place), "tone": ink_on(colour(place))})
        labels.append({"x": x + _CHIP + 8, "y": y, "text": balanced(name, _NODE - _CHIP - 10, SMALL, lines=3)})
    heads = [(0, "buffet")] if buffets else []
    heads += [(1 if buffets else 0, "workshop")] if len(names) > buffets else []
    columns = [{"x": at * (_NODE + _GAP), "y": 8, "text": words["columns"][kind], "tone": GREY} for at, kind in heads]
    tags = _tags(ways, [(box["x"], box["y"], box["x2"], box["y2"]) for box in boxes])
    return canvas(
        _width(placed),
        _TOP + placed.height * _ROW + 6,
        texts(columns, fontWeight="bold"),
        curves(_curve(way for way in ways if way.observed), color=_LINE),
        curves(_curve(way for way in ways if not way.observed), color=_LINE, strokeDash=[6, 4]),
        points(list(_heads(ways)), told=False),
        rects(boxes, stroke="#8c8c8c", strokeWidth=1, cornerRadius=3),
        rects(chips, cornerRadiusTopLeft=3, cornerRadiusBottomLeft=3),
        texts(letters, align="center", fontWeight="bold"),
        texts(labels, fontSize=SMALL),
        rects([tag | {"fill": "#ffffff"} for tag in tags], opacity=0.92, cornerRadius=2),
        texts(
            [tag | {"x": (tag["x"] + tag["x2"]) / 2, "y": (tag["y"] + tag["y2"]) / 2} for tag in tags],
            align="center",
            fontSize=SMALL,
            told=True,
        ),
    )


def _ways(
    placed: Layers, edges: pl.DataFrame, names: Mapping[str, str], words: Mapping[str, Any], lang: Lang
) -> Iterator[_Way]:
    leaving = _ports(placed, edges, "source")
    coming = _ports(placed, edges, "target")
    for edge in edges.iter_rows(named=True):
        pair = edge["source"], edge["target"]
        observed = edge["support"] > 0
        said = {"share": number(100 * edge["probability"], 0, lang), "lag": number(edge["lag_days"], 0, lang)}
        said |= {count: number(edge[count], 0, lang) for count in ("count", "support")}
        text = words["edge" if observed else "declared"].format_map(said)
        ends = {"source": shown(names[pair[0]]), "target": shown(names[pair[1]])}
        stops = [
            (_x(placed, pair[0]) + _NODE, _y(placed, pair[0]) + leaving[pair]),
            *((_x(placed, bend) + along, _y(placed, bend)) for bend in placed.bends[pair] for along in (0, _NODE)),
            (_x(placed, pair[1]) - 5, _y(placed, pair[1]) + coming[pair]),
        ]
        told = words["told"].format(**ends, said=text, lag=said["lag"])
        yield _Way(_smooth(stops), text, told, 1 + 9 * edge["probability"], observed)


def _ports(placed: Layers, edges: pl.DataFrame, own: str) -> dict[tuple[str, str], float]:
    """Return how far from the middle of a session each of its edges touches it, in the order of where they go."""
    offsets = {}
    for (session,), group in edges.group_by(own, maintain_order=True):
        pairs = group.select("source", "target").rows()

        def height(pair: tuple[str, str], session: object = session) -> float:
            bends = placed.bends[pair]
            near = (bends[0] if own == "source" else bends[-1]) if bends else pair[pair[0] == session]
            return placed.row[near]

        step = min(13.0, (_HIGH - 12) / len(pairs))
        for place, pair in enumerate(sorted(pairs, key=height)):
            offsets[pair] = (place - (len(pairs) - 1) / 2) * step
    return offsets


def _smooth(stops: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return points of a curve through all stops that is level at each of them."""
    curve = [stops[0]]
    for (x, y), (x2, y2) in pairwise(stops):
        shares = [step / _SAMPLES for step in range(1, _SAMPLES + 1)]
        curve += [(x + (x2 - x) * share, y + (y2 - y) * share**2 * (3 - 2 * share)) for share in shares]
    return curve


def _curve(ways: Iterator[_Way]) -> Iterator[Row]:
    for number_, way in enumerate(ways):
        for order, (x, y) in enumerate(way.points):
            yield {"line": number_, "order": order, "x": x, "y": y, "width": way.width, "told": way.told}


def _heads(ways: Sequence[_Way]) -> Iterator[Row]:
    for way in ways:
        x, y = way.points[-1]
        size = 50 + 18 * way.width
        yield {"x": x, "y": y, "shape": "triangle-right", "fill": _LINE, "stroke": _LINE, "size": size}


def _tags(ways: Sequence[_Way], taken: Sequence[Box]) -> list[Row]:
    """Return what is written on each edge: where it covers no session and no other text or, failing that, least."""
    placed, tags = list(taken), []
    for way in sorted(ways, key=lambda way: (way.points[len(way.points) // 2][1], way.told)):
        half = width_of(way.text, SMALL) / 2 + 3
        tried = [way.points[round(share * (len(way.points) - 1))] for share in _TRIED]
        boxes = [(x - half, y - 8, x + half, y + 8) for x, y in tried]
        others = [point for other in ways if other is not way for point in other.points]
        box = min(boxes, key=lambda box: _covered(box, placed, others))
        placed.append(box)
        tags.append(dict(zip(("x", "y", "x2", "y2"), box, strict=True)) | {"text": way.text, "told": way.told})
    return tags


def _covered(box: Box, boxes: Sequence[Box], lines: Sequence[tuple[float, float]]) -> float:
    """Return how much a box covers: other boxes first of all, then points of lines."""
    x, y, x2, y2 = box
    return 100 * sum(_common(box, other) for other in boxes) + sum(x < a < x2 and y < b < y2 for a, b in lines)


def _common(one: Box, other: Box) -> float:
    """Return the area that two boxes have in common."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    down = min(one[3], other[3]) - max(one[1], other[1])
    return max(across, 0) * max(down, 0)
