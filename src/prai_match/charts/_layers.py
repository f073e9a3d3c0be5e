"""A graph laid out in columns, from left to right, with few crossings; the same graph always stands alike."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Edge = tuple[str, str]
Bend = tuple[str, str, int]
"""Where an edge passes a column between its ends."""
Item = str | Bend

_SWEEPS = 12
_BEND = 0.55  # room that a passing edge takes, beside a session's 1


@dataclass(frozen=True, slots=True)
class Layers:
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


def layers(first: Sequence[str], others: Sequence[str], edges: Sequence[Edge]) -> Layers:
    """Lay a graph out.

    Args:
        first: Sessions of the first column.
        others: The other sessions: each stands after those that lead to it, save where they lead round in a circle.
        edges: What leads to what.
    """
    depths = _depths(others, edges)
    shift = 1 if first else 0
    column: dict[Item, int] = {**dict.fromkeys(first, 0), **{name: depths[name] + shift for name in others}}
    bends = {
        (source, target): tuple((source, target, at) for at in range(column[source] + 1, column[target]))
        for source, target in edges
    }
    column |= {bend: bend[2] for passed in bends.values() for bend in passed}
    beside = _beside(bends)
    order = [[item for item, at in column.items() if at == place] for place in range(max(column.values()) + 1)]
    order = _uncrossed(order, beside)
    heights = [sum(map(_room, items)) for items in order]
    height = max(heights)
    row: dict[Item, float] = {}
    for items, own in zip(order, heights, strict=True):
        gap, top = (height - own) / (len(items) + 1), 0.0
        for item in items:
            row[item] = top + gap + _room(item) / 2
            top += gap + _room(item)
    return Layers(column, row, len(order), height, bends)


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
    return {name: depth[part] for name, part in whole.graph["mapping"].items()}


def _beside(bends: Mapping[Edge, Sequence[Bend]]) -> list[tuple[Item, Item]]:
    """Return the steps of all edges, from a column to the next."""
    ways: list[list[Item]] = [[source, *passed, target] for (source, target), passed in bends.items()]
    return [step for way in ways for step in pairwise(way)]


def _uncrossed(order: list[list[Item]], steps: Sequence[tuple[Item, Item]]) -> list[list[Item]]:
    """Sort columns by the mean place of their neighbours, forwards and back, and keep the order that crosses least."""
    best, fewest = order, _crossings(order, steps)
    for sweep in range(_SWEEPS):
        order = [list(items) for items in order]
        forwards, backwards = range(1, len(order)), range(len(order) - 2, -1, -1)
        for place in backwards if sweep % 2 else forwards:
            fixed = _places(order[place + 1 if sweep % 2 else place - 1])
            order[place] = _sorted(order[place], fixed, steps)
        crossed = _crossings(order, steps)
        if crossed < fewest:
            best, fewest = order, crossed
    return best


def _sorted(items: Sequence[Item], fixed: Mapping[Item, float], steps: Sequence[tuple[Item, Item]]) -> list[Item]:
    own = _places(items)

    def mean(item: Item) -> float:
        near = [
            fixed[a if b == item else b] for a, b in steps if (b == item and a in fixed) or (a == item and b in fixed)
        ]
        return sum(near) / len(near) if near else own[item]

    return sorted(items, key=lambda item: (mean(item), own[item]))


def _places(items: Sequence[Item]) -> dict[Item, float]:
    return {item: (place + 0.5) / len(items) for place, item in enumerate(items)}


def _crossings(order: Sequence[Sequence[Item]], steps: Sequence[tuple[Item, Item]]) -> int:
    place = {item: at for items in order for at, item in enumerate(items)}
    column = {item: at for at, items in enumerate(order) for item in items}
    spans = [(column[a], place[a], place[b]) for a, b in steps if column[b] == column[a] + 1]
    return sum(
        a[0] == b[0] and (a[1] - b[1]) * (a[2] - b[2]) < 0 for at, a in enumerate(spans) for b in spans[at + 1 :]
    )
