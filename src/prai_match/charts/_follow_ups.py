"""The graph of follow-ups: buffets at the left, the workshops that they lead to at the right.

The library draws no graphs: what stands here is placed in pixels, in columns with few crossings; the same graph always
stands alike.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any

from prai_match.charts._marks import layered, marks, plain, texts
from prai_match.charts._theme import (
    GREY,
    SMALL,
    TEXT,
    WHITE,
    balanced,
    colour,
    finished,
    ink_on,
    letter,
    library,
    shown,
    texts_of,
    width_of,
)
from prai_match.text import current_language, day, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import altair as alt
    import polars as pl

    from prai_match.charts._marks import Row
    from prai_match.errors import Lang
    from prai_match.recommend import Answered

_NODE, _HIGH, _GAP, _ROW, _TOP, _CHIP = 196.0, 50.0, 190.0, 74.0, 26.0, 22.0
_LINE = "#74818e"
_SAMPLES = 24  # points of a curve, from a column to the next
_TRIED = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.2, 0.8, 0.14, 0.86)

_SWEEPS = 12
_BEND = 0.55  # room that a passing edge takes, beside a session's 1

Edge = tuple[str, str]
Bend = tuple[str, str, int]
"""Where an edge passes a column between its ends."""
Item = str | Bend
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class _Way:
    """An edge as it is drawn: its points, in pixels, and what is said of it."""

    points: Sequence[tuple[float, float]]
    text: str
    told: str
    width: float
    observed: bool


def follow_ups(recs: Answered, lang: Lang | None = None) -> alt.LayerChart:
    """Draw the graph of follow-ups that the recommendations used, with the probability and the support of each edge.

    Args:
        recs: Answered.
        lang: Language of its texts.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme, charts
        >>> recs = Programme.example().recommend(on=dt.date(2007, 9, 3))
        >>> charts.follow_ups(recs).to_dict()["title"]["text"]
        'Quelle session mène à quelle autre'
    """
    lang = current_language(lang)
    words = texts_of("follow_ups", lang)
    answers = recs.answers
    used = answers.snapshot.follow_ups
    graph = used.graph
    order = [session for session in answers.names[lang] if session in graph]  # as in the catalogue
    names = {session: str(graph.nodes[session][f"name_{lang}"]) for session in order}
    buffets = [session for session in order if graph.nodes[session]["kind"] == "buffet"]
    workshops = [session for session in order if session not in set(buffets)]
    edges = used.edges()
    placed = _layers(buffets, workshops, edges.select("source", "target").rows())
    heads = [words["columns"][kind] for kind, those in (("buffet", buffets), ("workshop", workshops)) if those]
    drawing = _drawing(placed, names, list(_ways(placed, edges, names, words, lang)), heads)
    on = words["on"].format(day=day(answers.on, lang))
    return finished(drawing, words["title"], [on, words["reading"], words["source"]], lang)


def _at(placed: _Layers, item: Item) -> tuple[float, float]:
    """Return where the left of a session stands, in the middle of its height."""
    return placed.column[item] * (_NODE + _GAP), _TOP + placed.row[item] * _ROW


def _drawing(placed: _Layers, names: Mapping[str, str], ways: Sequence[_Way], heads: Sequence[str]) -> alt.LayerChart:
    boxes: list[Row] = []
    for place, (session, name) in enumerate(names.items()):
        x, y = _at(placed, session)
        fill, label = colour(place), balanced(name, _NODE - _CHIP - 10, SMALL, lines=3)
        box = {"x": x, "x2": x + _NODE, "y": y - _HIGH / 2, "y2": y + _HIGH / 2, "middle": y, "told": shown(name)}
        chip = {"chip": x + _CHIP, "fill": fill, "ink": ink_on(fill), "letter": letter(place)}
        boxes.append(box | chip | {"text": label})
    tags = _tags(ways, [(box["x"], box["y"], box["x2"], box["y2"]) for box in boxes])
    columns = [{"x": column * (_NODE + _GAP), "text": head} for column, head in enumerate(heads)]
    vega = library()
    x, y, middle = vega.X("x:Q", scale=None), vega.Y("y:Q", scale=None), vega.Y("middle:Q", scale=None)
    edge = {"x": x, "y": y, "x2": "x2:Q", "y2": "y2:Q", "tooltip": "told:N"}
    lines = [
        marks(_curve([way for way in ways if way.observed is observed]))
        .mark_line(color=_LINE, strokeDash=dash)
        .encode(x=x, y=y, **plain("strokeWidth"), detail="line:N", order="order:Q", tooltip="told:N")
        for observed, dash in ((True, [1, 0]), (False, [6, 4]))
    ]
    arrows = [{"x": way.points[-1][0], "y": way.points[-1][1], "size": 50 + 18 * way.width} for way in ways]
    strong: dict[str, Any] = {"fontWeight": "bold", "fontSize": TEXT}
    return layered(
        texts(columns, color=GREY, **strong).encode(x=x, y=8),
        *lines,
        marks(arrows).mark_point(shape="triangle-right", fill=_LINE, stroke=_LINE).encode(x=x, y=y, **plain("size")),
        marks(boxes).mark_rect(fill=WHITE, stroke="#8c8c8c", cornerRadius=3).encode(**edge),
        marks(boxes)
        .mark_rect(cornerRadiusTopLeft=3, cornerRadiusBottomLeft=3)
        .encode(**edge | {"x2": "chip:Q"}, **plain("fill")),
        texts(boxes, "letter", dx=_CHIP / 2, **strong, align="center").encode(x=x, y=middle, **plain(color="ink")),
        texts(boxes, dx=_CHIP + 8).encode(x=x, y=middle),
        marks(tags).mark_rect(fill=WHITE, opacity=0.92, cornerRadius=2).encode(**edge),
        texts(tags, dx=3).encode(x=x, y=middle),
        width=placed.columns * (_NODE + _GAP) - _GAP,
        height=_TOP + placed.height * _ROW + 6,
    )


def _ways(
    placed: _Layers, edges: pl.DataFrame, names: Mapping[str, str], words: Mapping[str, Any], lang: Lang
) -> Iterator[_Way]:
    leaving, coming = _ports(placed, edges, "source"), _ports(placed, edges, "target")
    for edge in edges.iter_rows(named=True):
        pair = source, target = edge["source"], edge["target"]
        observed = edge["support"] > 0
        said = {"share": number(100 * edge["probability"], 0, lang), "lag": number(edge["lag_days"], 0, lang)}
        said |= {count: number(edge[count], 0, lang) for count in ("count", "support")}
        text = words["edge" if observed else "declared"].format_map(said)
        (x, y), (x2, y2) = _at(placed, source), _at(placed, target)
        passed = [
            (at + along, down)
            for at, down in (_at(placed, bend) for bend in placed.bends[pair])
            for along in (0, _NODE)
        ]
        stops = [(x + _NODE, y + leaving[pair]), *passed, (x2 - 5, y2 + coming[pair])]
        ends = {"source": shown(names[source]), "target": shown(names[target])}
        told = words["told"].format(**ends, said=text, lag=said["lag"])
        yield _Way(_smooth(stops), text, told, 1 + 9 * edge["probability"], observed)


def _ports(placed: _Layers, edges: pl.DataFrame, own: str) -> dict[tuple[str, str], float]:
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


def _curve(ways: Sequence[_Way]) -> Iterator[Row]:
    for line, way in enumerate(ways):
        for order, (x, y) in enumerate(way.points):
            yield {"line": line, "order": order, "x": x, "y": y, "strokeWidth": way.width, "told": way.told}


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
        edges = dict(zip(("x", "y", "x2", "y2"), box, strict=True))
        tags.append(edges | {"middle": box[1] + 8, "text": way.text, "told": way.told})
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


@dataclass(frozen=True, slots=True)
class _Layers:
    """Where sessions and passing edges stand.

    Attributes:
        column: Of each session and bend, from 0.
        row: Of each, from 0 to `height`: its middle, where a session takes 1.
        columns: How many there are.
        height: Of the highest column.
        bends: Of each edge, from its source to its target; none for an edge to the next column, or backwards.
    """

    column: Mapping[Item, int]
    row: Mapping[Item, float]
    columns: int
    height: float
    bends: Mapping[Edge, tuple[Bend, ...]]


def _layers(first: Sequence[str], others: Sequence[str], edges: Sequence[Edge]) -> _Layers:
    """Lay a graph out.

    Args:
        first: Sessions of the first column.
        others: The other sessions: each stands after those that lead to it, save where they lead round in a circle.
        edges: What leads to what.
    """
    shift = 1 if first else 0
    column: dict[Item, int] = dict.fromkeys(first, 0)
    column |= {name: depth + shift for name, depth in _depths(others, edges).items()}
    bends = {(a, b): tuple((a, b, at) for at in range(column[a] + 1, column[b])) for a, b in edges}
    column |= {bend: bend[2] for passed in bends.values() for bend in passed}
    ways: list[list[Item]] = [[a, *passed, b] for (a, b), passed in bends.items()]
    steps = [step for way in ways for step in pairwise(way)]
    order = _uncrossed(
        [[item for item, at in column.items() if at == place] for place in range(max(column.values()) + 1)], steps
    )
    heights = [sum(map(_room, items)) for items in order]
    row: dict[Item, float] = {}
    for items, own in zip(order, heights, strict=True):
        gap, top = (max(heights) - own) / (len(items) + 1), 0.0
        for item in items:
            row[item] = top + gap + _room(item) / 2
            top += gap + _room(item)
    return _Layers(column, row, len(order), max(heights), bends)


def _room(item: Item) -> float:
    return 1.0 if isinstance(item, str) else _BEND


def _depths(names: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    """Return for each session the longest way to it from one that nothing precedes; circles stand together."""
    import networkx as nx  # noqa: PLC0415 - as long to import as all the rest

    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(names)
    graph.add_edges_from(edge for edge in edges if edge[0] in graph and edge[1] in graph)
    whole = nx.condensation(graph)
    depth: dict[int, int] = {}
    for part in nx.topological_sort(whole):
        depth[part] = 1 + max((depth[before] for before in whole.predecessors(part)), default=-1)
    return {name: depth[whole.graph["mapping"][name]] for name in names}


def _uncrossed(order: list[list[Item]], steps: Sequence[tuple[Item, Item]]) -> list[list[Item]]:
    """Sort columns by the mean place of their neighbours, forwards and back; return the order that crosses least."""
    near: dict[Item, list[Item]] = defaultdict(list)
    for a, b in steps:
        near[a].append(b)
        near[b].append(a)
    orders = [order]
    for sweep in range(_SWEEPS):
        order, back = [list(items) for items in order], sweep % 2
        for place in range(len(order) - 2, -1, -1) if back else range(1, len(order)):
            fixed, own = _places(order[place + (1 if back else -1)]), _places(order[place])
            means = {item: [fixed[other] for other in near[item] if other in fixed] or [own[item]] for item in own}
            keys = {item: (sum(mean) / len(mean), own[item]) for item, mean in means.items()}
            order[place] = sorted(own, key=keys.__getitem__)
        orders.append(order)
    return min(orders, key=lambda order: _crossings(order, steps))


def _places(items: Sequence[Item]) -> dict[Item, float]:
    return {item: (place + 0.5) / len(items) for place, item in enumerate(items)}


def _crossings(order: Sequence[Sequence[Item]], steps: Sequence[tuple[Item, Item]]) -> int:
    place = {item: (column, at) for column, items in enumerate(order) for at, item in enumerate(items)}
    spans = [(*place[a], place[b][1]) for a, b in steps if place[b][0] == place[a][0] + 1]
    return sum(a[0] == b[0] and (a[1] - b[1]) * (a[2] - b[2]) < 0 for a, b in combinations(spans, 2))
