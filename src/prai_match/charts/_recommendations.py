"""Charts that explain recommendations: points as a waterfall, or the refuting conditions; the follow-up graph.

In the graph, buffets are at the left, the workshops that they lead to at the right. Altair draws no graphs: sessions
are arranged in columns with few crossings, and the text of an edge is written where it starts, so that nothing covers
it. The layout is deterministic.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from statistics import fmean
from typing import Any, NamedTuple

import polars as pl

from prai_match import _arguments as given, explain
from prai_match.charts import _theme
from prai_match.charts._marks import Key, Row, layers, legend, lines, look, marks, plain, symbols, texts
from prai_match.charts._programme import session_keys
from prai_match.charts._theme import GREY, SHADES, SMALL, TEXT, WAY, ChartWords, alt, balance, is_narrow, room, words_of
from prai_match.errors import Lang
from prai_match.recommend import Answered, AnsweredOne

_NAMES, _BARS, _ROW, _WIDE = 370, 320, 36, 850
_SMALL_NAMES, _SMALL_WIDE = 310, 326  # on a phone
_FILLS = dict(zip(("session", "place", "partner", "trainer"), SHADES[-2::-1], strict=False))
_MARKS = {"satisfied": ("✓", GREY), "refuted": ("✗", _theme.INK), "unknown": ("?", GREY)}


@given.takes()
def contributions(rec: AnsweredOne, lang: Lang | None = None) -> alt.LayerChart:
    """Draw how the score of a recommendation is made up: the points of each preference, added up to the total.

    In a blackout, it is the score of what can be held next, and the subtitle says so. If nothing can be offered, the
    chart lists the conditions that don't hold.

    Example:
        >>> from prai_match import Programme, charts
        >>> rec = Programme.example().recommend(on="2007-09-03")["200066231"]
        >>> charts.contributions(rec).to_dict()["title"]["text"]
        'Ce qui fait le score de la recommandation'
    """
    words = words_of("contributions", lang)
    why, on = explain.why(rec.answers, rec.territory, words.lang), words("on", day=rec.answers.on)
    if rec.answers.choice(rec.territory).next is None:
        return words.finish(_obstacles(why.conditions, words), words["none_title"], why.title, on, words["marks"])
    return words.finish(_waterfall(why.details, words), words["title"], why.title, on, names=room(_NAMES, 0))


def _waterfall(details: Sequence[explain.Contribution], words: ChartWords) -> alt.LayerChart:
    small = is_narrow()
    bars = [
        step
        | {"place": place, "next": place + 1}
        # The last line stands just above the bar.
        | ({"aside": 34 - 7 * step["label"].count("\n")} if small else {})
        for place, step in enumerate(_steps(details, words))
    ]
    y, aside = lines(len(bars)), plain(yOffset="aside") if small else {}
    down, above = (18, {"align": "left"}) if small else (0, {"align": "right"})
    ends = [0.0, 10.0, *(bar[end] for bar in bars for end in ("from", "to"))]
    axis = alt.Axis(titleAnchor="start", labelFontSize=TEXT, tickCount=5)
    x = alt.X("from:Q", title=words["points"], scale=alt.Scale(domain=[min(ends), max(ends)], nice=False), axis=axis)
    return layers(
        *([] if small else [marks(bars[:-1]).mark_rule(color=GREY).encode(x="to:Q", y=y, y2="next:O")]),
        marks(bars)
        .mark_bar(size=room(20, 12), cornerRadius=1, yOffset=down)
        .encode(x=x, x2="to:Q", y=y, **plain("fill"), tooltip="told:N"),
        *[
            mark
            for rows, look in ((bars[:-1], {"fontSize": TEXT}), (bars[-1:], {"fontSize": TEXT, "fontWeight": "bold"}))
            for mark in (
                texts(rows, "label", **look | above).encode(x=room(-16, 0), y=y, **aside),
                texts(rows, "value", dx=7, yOffset=down, **look).encode(x="high:Q", y=y),
            )
        ],
        width=room(_BARS, 210),
        height=room(_ROW, 62) * len(bars),
    )


def _steps(details: Sequence[explain.Contribution], words: ChartWords) -> Iterator[Row]:
    """Yield the bars in order: begin and end in points, the amount written next to them, and the hover text."""

    def bar(start: float, end: float, fill: str, hint: str) -> Row:
        return {"from": start, "to": end, "high": max(start, end), "fill": fill, "told": hint}

    points, giving = 0.0, [detail for detail in details if detail.points]
    for detail in giving:
        amount = f"{'+' if detail.points > 0 else ''}{words.number(detail.points, 1)}"
        stage, sentence = words["stage"][detail.stage], _theme.safe(detail.sentence)
        of = words("of", points=amount, most=words.number(detail.out_of, 1))
        row = bar(points, points + detail.points, _FILLS[detail.stage], f"{sentence} {of} ({stage})")
        yield row | {
            "label": balance(detail.sentence, room(_NAMES, _SMALL_NAMES), lines=room(2, 3)),
            "value": f"{amount} ({stage})",
        }
        points += detail.points
    if silent := len(details) - len(giving):
        label = words.count("nothing", silent)
        yield bar(points, points, GREY, label) | {"label": label, "value": "0"}
    total = words.number(points, 1)
    yield bar(0.0, points, _theme.INK, total) | {"label": words["total"], "value": total}


def _obstacles(conditions: Sequence[explain.Condition], words: ChartWords) -> alt.LayerChart:
    rows = [
        {
            "place": place,
            "mark": mark,
            "ink": ink,
            "text": _theme.wrap(condition.sentence, room(_WIDE, _SMALL_WIDE) - 40, lines=room(2, 6)),
        }
        | {"told": words["state"][condition.state]}
        for place, condition in enumerate(conditions)
        for mark, ink in [_MARKS[condition.state]]
    ]
    y = lines(len(rows))
    return layers(
        texts(rows, "mark", align="center", fontSize=16, fontWeight="bold").encode(x=10, y=y, **plain(color="ink")),
        texts(rows, fontSize=TEXT).encode(x=28, y=y),
        width=room(_WIDE, _SMALL_WIDE),
        height=room(_ROW, 66) * max(1, len(rows)),
    )


_SIZES, _SMALL_SIZES = (196.0, 250.0, 112.0), (26.0, 122.0, 34.0)  # see `_sizes`, and those on a phone
_HIGH, _AIR, _TOP, _CHIP, _ARROW = 50.0, 24.0, 26.0, 26.0, 18.0
_APART = 15.0  # from an edge to the next, where they leave or reach a session
_SWEEPS = 6  # an even number, as every other one goes from right to left
_BEND = 0.55  # room that a passing edge takes, beside a session's 1

Edge = tuple[str, str]
_Way = tuple[Row, list[tuple[float, float]]]
Item = str | tuple[str, str, int]  # a session, or where an edge passes a column between its ends


@given.takes()
def follow_ups(recs: Answered, lang: Lang | None = None) -> alt.LayerChart:
    """Draw the graph of follow-ups that the recommendations used, with the probability and the support of each edge.

    Example:
        >>> from prai_match import Programme, charts
        >>> recs = Programme.example().recommend(on="2007-09-03")
        >>> charts.follow_ups(recs).to_dict()["title"]["text"]
        'Quelle session mène à quelle autre'
    """
    words, graph = words_of("follow_ups", lang), recs.answers.snapshot.follow_ups
    nodes, edges = graph.sessions, graph.edges()
    keys = {name: key for name, key in session_keys(recs.answers.programme, words.lang).items() if name in nodes}
    buffets = [session for session in keys if nodes[session]["form"] == "buffet"]
    workshops = [session for session in keys if nodes[session]["form"] != "buffet"]
    layout = _layout(buffets, workshops, edges.select("source", "target").rows())
    heads = [words["columns"][kind] for kind, own in (("buffet", buffets), ("workshop", workshops)) if own]
    drawing = _drawing(layout, keys, list(_ways(layout, edges, keys, words)), heads)
    on = words("on", day=recs.answers.on, horizon=graph.horizon_days)
    return words.finish(
        drawing, words["title"], on, "" if is_narrow() else words["reading"], words["thick"], words["source"]
    )


def _drawing(layout: _Layout, keys: Mapping[str, Key], ways: Sequence[_Way], heads: Sequence[str]) -> alt.LayerChart:
    node, gap, _ = _sizes()
    boxes = [
        {"x": x, "x2": x + node, "y": y - layout.high / 2, "y2": y + layout.high / 2, "middle": y}
        | look(key)
        | {"chip": x + _CHIP / 2, "told": _theme.safe(key.text)}
        | {"text": "" if is_narrow() else balance(key.text, node - _CHIP - 10, SMALL, lines=3)}
        for session, key in keys.items()
        for x, y in [layout.at(session)]
    ]
    steps = [edge | {"x": x, "y": y, "order": order} for edge, way in ways for order, (x, y) in enumerate(way)]
    arrows = [{"x": way[-1][0], "y": way[-1][1], "size": 50 + 18 * edge["strokeWidth"]} for edge, way in ways]
    columns = [{"x": column * (node + gap), "text": head} for column, head in enumerate(heads)]
    x, y, middle = alt.X("x:Q", scale=None), alt.Y("y:Q", scale=None), alt.Y("middle:Q", scale=None)
    corners = {"x": x, "y": y, "x2": "x2:Q", "y2": "y2:Q", "tooltip": "told:N"}
    dash = alt.StrokeDash("is_observed:N", scale=alt.Scale(domain=[True, False], range=[[1, 0], [6, 4]]), legend=None)
    strong: dict[str, Any] = {"fontWeight": "bold", "fontSize": TEXT}
    return layers(
        texts(columns, color=GREY, **strong).encode(x=x, y=8),
        marks(steps)
        .mark_line(color=WAY, interpolate="monotone")
        .encode(dash, x=x, y=y, **plain("strokeWidth"), detail="line:N", order="order:Q", tooltip="told:N"),
        marks(arrows).mark_point(shape="triangle-right", fill=WAY, stroke=WAY).encode(x=x, y=y, **plain("size")),
        marks(boxes).mark_rect(fill=_theme.WHITE, stroke=_theme.DOT, cornerRadius=3).encode(**corners),
        *symbols(boxes, x=alt.X("chip:Q", scale=None), y=middle),
        texts(boxes, dx=_CHIP + 4).encode(x=x, y=middle),
        texts(edge for edge, _ in ways).encode(x=x, y=y),
        *([legend({"": list(keys.values())}, orient="bottom")] if is_narrow() else []),
        width=(len(layout.columns) - 1) * (node + gap) + node,
        height=_TOP + layout.height * (layout.high + _AIR) + 6,
    )


def _ways(layout: _Layout, edges: pl.DataFrame, keys: Mapping[str, Key], words: ChartWords) -> Iterator[_Way]:
    """Give each edge as a row, at the place of what is said of it, with the points that it passes, level at each."""
    node, _, tag = _sizes()
    for line, edge in enumerate(edges.iter_rows(named=True)):
        pair = source, target = edge["source"], edge["target"]
        is_observed = edge["support"] > 0
        counts = {name: edge[name] for name in ("count", "support")} if is_observed else {}
        text = words("edge" if is_observed else "declared", share=100 * edge["probability"], **counts)
        told = {"source": keys[source].text, "target": keys[target].text, "lag": edge["lag_days"]}
        hint = words("told", said=text, low=100 * edge["low"], high=100 * edge["high"], **told)
        text = words("share", share=100 * edge["probability"]) if is_narrow() else text
        (first, y), *bends, (last, y2) = map(layout.at, layout.ways[pair])
        start, leaving, coming = first + node + 6, y + layout.leaving[pair], y2 + layout.coming[pair]
        said = _theme.width_of(text, SMALL) + room(0, 6)
        # No edge bends beside a session, where something is said of others; one that goes back passes behind sessions.
        begin = [(start + said, leaving), (start + max(said, tag), leaving)] if last > first else [(start, leaving)]
        passing = [(x + along, down) for x, down in bends for along in (0, node + tag)]
        about = {"line": line, "strokeWidth": 1 + 9 * edge["probability"], "is_observed": is_observed}
        row = {"x": start, "y": leaving, "text": text, "told": hint} | about
        yield row, [*begin, *passing, (last - _ARROW, coming), (last - 5, coming)]


def _sizes() -> tuple[float, float, float]:
    """Return how wide a session is, the gap to the next column, and what is said of an edge in it."""
    return room(_SIZES, _SMALL_SIZES)


class _Layout(NamedTuple):
    """The positions of sessions and passing edges.

    ``columns`` list them from top to bottom; ``row`` is the middle of each, with sessions 1 high in units of
    ``height``, which is ``high`` pixels. ``ways`` lists what each edge touches, from source to target; ``leaving`` and
    ``coming`` are its offsets below the middle of source and target, in pixels.
    """

    columns: Sequence[Sequence[Item]]
    row: Mapping[Item, float]
    height: float
    high: float
    ways: Mapping[Edge, Sequence[Item]]
    leaving: Mapping[Edge, float]
    coming: Mapping[Edge, float]

    def at(self, item: Item) -> tuple[float, float]:
        """Return the position of the left edge of a session, at half its height, in pixels."""
        column = next(place for place, items in enumerate(self.columns) if item in items)
        node, gap, _ = _sizes()
        return column * (node + gap), _TOP + self.row[item] * (self.high + _AIR)


def _layout(first: Sequence[str], others: Sequence[str], edges: Sequence[Edge]) -> _Layout:
    """Lay a graph out: after the first column, sessions follow those that lead to them, except in cycles."""
    column = dict.fromkeys(first, 0)
    column |= {name: depth + bool(first) for name, depth in _depths(others, edges).items()}
    ways: dict[Edge, list[Item]] = {
        (a, b): [a, *((a, b, at) for at in range(column[a] + 1, column[b])), b] for a, b in edges
    }
    places = range(max(column.values()) + 1)
    columns: list[list[Item]] = [[name for name, place in column.items() if place == at] for at in places]
    for (source, _), (_, *bends, _) in ways.items():
        for place, bend in enumerate(bends, column[source] + 1):
            columns[place].append(bend)
    columns = _order(columns, [step for way in ways.values() for step in pairwise(way)])
    rooms = [[1.0 if isinstance(item, str) else _BEND for item in items] for items in columns]
    height = max(map(sum, rooms))
    row: dict[Item, float] = {}
    for items, own in zip(columns, rooms, strict=True):
        gap = (height - sum(own)) / (len(items) + 1)
        row |= {item: sum(own[:place]) + own[place] / 2 + gap * (place + 1) for place, item in enumerate(items)}
    leaving, coming = (_ports(ways, row, end) for end in (0, -1))
    high = max(_HIGH, 2 * max((*leaving.values(), *coming.values()), default=0) + _APART)
    return _Layout(columns, row, height, high, ways, leaving, coming)


def _ports(ways: Mapping[Edge, Sequence[Item]], row: Mapping[Item, float], end: int) -> dict[Edge, float]:
    """Return how far from the middle of a session each of its edges touches it, in the order of their other ends."""
    offsets: dict[Edge, float] = {}
    for session in {edge[end] for edge in ways}:
        own = [edge for edge in ways if edge[end] == session]
        order = sorted(own, key=lambda edge: row[ways[edge][1 if end == 0 else -2]])
        offsets |= {edge: (place - (len(own) - 1) / 2) * _APART for place, edge in enumerate(order)}
    return offsets


def _depths(names: Sequence[str], edges: Sequence[Edge]) -> dict[str, int]:
    """Return the longest path to each session from one without predecessors; cycles stay together."""
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


def _order(columns: list[list[Item]], steps: Sequence[tuple[Item, Item]]) -> list[list[Item]]:
    """Sort columns by the mean position of targets, then of sources, so that few edges cross."""
    for _ in range(_SWEEPS):
        place: dict[Item, float] = {}
        order: list[list[Item]] = []
        for items in reversed(columns):
            near = {
                item: [place[other] for step in steps for other in step if item in step and other in place]
                for item in items
            }
            means = {item: fmean(near[item] or [(at + 0.5) / len(items)]) for at, item in enumerate(items)}
            order.append(sorted(items, key=means.__getitem__))
            place = {item: (at + 0.5) / len(items) for at, item in enumerate(order[-1])}
        columns = order
    return columns
