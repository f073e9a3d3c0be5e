"""The graph of follow-ups: buffets at the left, the workshops that they lead to at the right.

The library draws no graphs: what stands here is placed in pixels, in columns with few crossings; the same graph always
stands alike.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from prai_match import _arguments as given
from prai_match.charts._marks import Key, Row, layers, look, marks, plain, texts
from prai_match.charts._programme import session_keys
from prai_match.charts._theme import GREY, SMALL, TEXT, WHITE, ChartWords, balance, library, safe, width_of, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import altair as alt
    import polars as pl

    from prai_match.errors import Lang
    from prai_match.recommend import Answered

_NODE, _HIGH, _GAP, _ROW, _TOP, _CHIP = 196.0, 50.0, 190.0, 74.0, 26.0, 22.0
_LINE = "#74818e"
_SAMPLES = 24  # points of a curve, from a column to the next
_SHARES = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74, 0.2, 0.8, 0.14, 0.86)
_SWEEPS = 12
_BEND = 0.55  # room that a passing edge takes, beside a session's 1

Edge = tuple[str, str]
Bend = tuple[str, str, int]  # where an edge passes a column between its ends
Item = str | Bend
Box = tuple[float, float, float, float]


class _Way(NamedTuple):
    """An edge as it is drawn: its points, in pixels, and what is said of it."""

    points: Sequence[tuple[float, float]]
    text: str
    hint: str
    width: float
    is_observed: bool


@given.takes()
def follow_ups(recs: Answered, lang: Lang | None = None) -> alt.LayerChart:
    """Draw the graph of follow-ups that the recommendations used, with the probability and the support of each edge.

    Example:
        >>> import datetime as dt
        >>> from prai_match import Programme, charts
        >>> recs = Programme.example().recommend(on=dt.date(2007, 9, 3))
        >>> charts.follow_ups(recs).to_dict()["title"]["text"]
        'Quelle session mène à quelle autre'
    """
    words, graph = words_of("follow_ups", lang), recs.answers.snapshot.follow_ups
    nodes = graph.graph.nodes
    keys = {name: key for name, key in session_keys(recs.answers.programme, words.lang).items() if name in nodes}
    buffets = [session for session in keys if nodes[session]["form"] == "buffet"]
    workshops = [session for session in keys if nodes[session]["form"] != "buffet"]
    edges = graph.edges()
    layout = _layout(buffets, workshops, edges.select("source", "target").rows())
    heads = [words["columns"][kind] for kind, own in (("buffet", buffets), ("workshop", workshops)) if own]
    drawing = _drawing(layout, keys, list(_ways(layout, edges, keys, words)), heads)
    return words.finish(drawing, words["title"], words("on", day=recs.answers.on), words["reading"], words["source"])


def _drawing(layout: _Layout, keys: Mapping[str, Key], ways: Sequence[_Way], heads: Sequence[str]) -> alt.LayerChart:
    boxes = [
        {"x": x, "x2": x + _NODE, "y": y - _HIGH / 2, "y2": y + _HIGH / 2, "middle": y, "chip": x + _CHIP}
        | {name: value for name, value in look(key).items() if name in {"fill", "ink", "letter"}}
        | {"told": safe(key.text), "text": balance(key.text, _NODE - _CHIP - 10, SMALL, lines=3)}
        for session, key in keys.items()
        for x, y in [layout.at(session)]
    ]
    tags = _tags(ways, [(box["x"], box["y"], box["x2"], box["y2"]) for box in boxes])
    columns = [{"x": column * (_NODE + _GAP), "text": head} for column, head in enumerate(heads)]
    vega = library()
    x, y, middle = vega.X("x:Q", scale=None), vega.Y("y:Q", scale=None), vega.Y("middle:Q", scale=None)
    edge = {"x": x, "y": y, "x2": "x2:Q", "y2": "y2:Q", "tooltip": "told:N"}
    lines = [
        marks(_curve([way for way in ways if way.is_observed is is_observed]))
        .mark_line(color=_LINE, strokeDash=dash)
        .encode(x=x, y=y, **plain("strokeWidth"), detail="line:N", order="order:Q", tooltip="told:N")
        for is_observed, dash in ((True, [1, 0]), (False, [6, 4]))
    ]
    arrows = [{"x": way.points[-1][0], "y": way.points[-1][1], "size": 50 + 18 * way.width} for way in ways]
    strong: dict[str, Any] = {"fontWeight": "bold", "fontSize": TEXT}
    return layers(
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
        width=layout.columns * (_NODE + _GAP) - _GAP,
        height=_TOP + layout.height * _ROW + 6,
    )


def _ways(layout: _Layout, edges: pl.DataFrame, keys: Mapping[str, Key], words: ChartWords) -> Iterator[_Way]:
    leaving, coming = _ports(layout, edges, "source"), _ports(layout, edges, "target")
    for edge in edges.iter_rows(named=True):
        pair = source, target = edge["source"], edge["target"]
        is_observed = edge["support"] > 0
        counts = {name: edge[name] for name in ("count", "support")} if is_observed else {}
        text = words("edge" if is_observed else "declared", share=100 * edge["probability"], **counts)
        (x, y), (x2, y2) = layout.at(source), layout.at(target)
        bends = [(at + along, down) for at, down in map(layout.at, layout.bends[pair]) for along in (0, _NODE)]
        stops = [(x + _NODE, y + leaving[pair]), *bends, (x2 - 5, y2 + coming[pair])]
        hint = words("told", source=keys[source].text, target=keys[target].text, said=text, lag=edge["lag_days"])
        yield _Way(_smooth(stops), text, hint, 1 + 9 * edge["probability"], is_observed)


def _ports(layout: _Layout, edges: pl.DataFrame, own: str) -> dict[Edge, float]:
    """Return how far from the middle of a session each of its edges touches it, in the order of where they go."""
    offsets = {}
    for (session,), group in edges.group_by(own, maintain_order=True):
        pairs = group.select("source", "target").rows()

        def height(pair: Edge, session: object = session) -> float:
            bends = layout.bends[pair]
            near = (bends[0] if own == "source" else bends[-1]) if bends else pair[pair[0] == session]
            return layout.row[near]

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
            yield {"line": line, "order": order, "x": x, "y": y, "strokeWidth": way.width, "told": way.hint}


def _tags(ways: Sequence[_Way], sessions: Sequence[Box]) -> list[Row]:
    """Return what is written on each edge: where it covers no session and no other text or, failing that, least."""
    obstacles, tags = list(sessions), []
    for way in sorted(ways, key=lambda way: (way.points[len(way.points) // 2][1], way.hint)):
        half = width_of(way.text, SMALL) / 2 + 3
        centres = [way.points[round(share * (len(way.points) - 1))] for share in _SHARES]
        boxes = [(x - half, y - 8, x + half, y + 8) for x, y in centres]
        others = [point for other in ways if other is not way for point in other.points]
        box = min(boxes, key=lambda box: _overlap(box, obstacles, others))
        obstacles.append(box)
        edges = dict(zip(("x", "y", "x2", "y2"), box, strict=True))
        tags.append(edges | {"middle": box[1] + 8, "text": way.text, "told": way.hint})
    return tags


def _overlap(box: Box, boxes: Sequence[Box], lines: Sequence[tuple[float, float]]) -> float:
    """Return how much a box covers: the area of other boxes first of all, then points of lines."""
    x, y, x2, y2 = box
    areas = (max(min(x2, c) - max(x, a), 0) * max(min(y2, d) - max(y, b), 0) for a, b, c, d in boxes)
    return 100 * sum(areas) + sum(x < a < x2 and y < b < y2 for a, b in lines)


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where sessions and passing edges stand.

    ``column`` and ``row`` are of each session and bend, from 0; a row is its middle, where a session takes 1, up to the
    ``height`` of the highest of all ``columns``. An edge to the next column, or backwards, has no ``bends``.
    """

    column: Mapping[Item, int]
    row: Mapping[Item, float]
    columns: int
    height: float
    bends: Mapping[Edge, tuple[Bend, ...]]

    def at(self, item: Item) -> tuple[float, float]:
        """Return where the left of a session stands, in the middle of its height."""
        return self.column[item] * (_NODE + _GAP), _TOP + self.row[item] * _ROW


def _layout(first: Sequence[str], others: Sequence[str], edges: Sequence[Edge]) -> _Layout:
    """Lay a graph out: after the first column each session stands after those that lead to it, save in a circle."""
    shift = 1 if first else 0
    column: dict[Item, int] = dict.fromkeys(first, 0)
    depths = _depths(others, edges)
    column |= {name: depths[name] + shift for name in others}
    bends = {(a, b): tuple((a, b, at) for at in range(column[a] + 1, column[b])) for a, b in edges}
    column |= {bend: bend[2] for way in bends.values() for bend in way}
    ways: list[list[Item]] = [[a, *way, b] for (a, b), way in bends.items()]
    steps = [step for way in ways for step in pairwise(way)]
    order = _order(
        [[item for item, at in column.items() if at == place] for place in range(max(column.values()) + 1)], steps
    )
    heights = [sum(map(_room, items)) for items in order]
    row: dict[Item, float] = {}
    for items, own in zip(order, heights, strict=True):
        gap, top = (max(heights) - own) / (len(items) + 1), 0.0
        for item in items:
            row[item] = top + gap + _room(item) / 2
            top += gap + _room(item)
    return _Layout(column, row, len(order), max(heights), bends)


def _room(item: Item) -> float:
    return 1.0 if isinstance(item, str) else _BEND


def _depths(names: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    """Return for each session the longest way to it from one that nothing precedes; circles stand together."""
    import networkx as nx  # noqa: PLC0415 - as long to import as all the rest

    graph: nx.DiGraph[str] = nx.DiGraph(edge for edge in edges if {*edge}.issubset(names))
    graph.add_nodes_from(names)
    whole = nx.condensation(graph)
    return {
        name: depth
        for depth, parts in enumerate(nx.topological_generations(whole))
        for part in parts
        for name in whole.nodes[part]["members"]
    }


def _order(order: list[list[Item]], steps: Sequence[tuple[Item, Item]]) -> list[list[Item]]:
    """Sort columns by the mean place of their neighbours, forwards and back; return the order that crosses least."""
    near: dict[Item, list[Item]] = defaultdict(list)
    for a, b in steps:
        near[a].append(b)
        near[b].append(a)
    orders = [order]
    for sweep in range(_SWEEPS):
        order, back = [list(items) for items in order], sweep % 2
        for place in range(len(order) - 2, -1, -1) if back else range(1, len(order)):
            beside, own = _places(order[place + (1 if back else -1)]), _places(order[place])
            means = {item: [beside[other] for other in near[item] if other in beside] or [own[item]] for item in own}
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
