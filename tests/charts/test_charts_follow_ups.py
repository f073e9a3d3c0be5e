"""The graph shows each edge with its probability and its support, from left to right, without overlap."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Any

import made
from prai_match import Recommendations, charts


def _boxes(chart: Any, rows_of: Any) -> list[dict[str, Any]]:
    return list({row["letter"]: row for row in rows_of(chart, "x2", "told", "letter")}.values())


def _tags(chart: Any, rows_of: Any) -> list[dict[str, Any]]:
    """What is said of each edge, on a line of its own."""
    tags = {row["told"]: row for row in rows_of(chart, "line", "told", "text") if "order" not in row}
    return [{**row, "x2": row["x"] + 6.5 * len(row["text"]), "y2": row["y"] + 14} for row in tags.values()]


def _overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return bool(
        min(one["x2"], other["x2"]) > max(one["x"], other["x"])
        and min(one["y2"], other["y2"]) > max(one["y"], other["y"])
    )


def test_every_edge_says_its_probability_and_its_support(recs: Recommendations, rows_of: Any) -> None:
    tags = {row["text"] for row in _tags(charts.follow_ups(recs), rows_of)}
    edges = recs.follow_ups.edges().rows(named=True)
    assert tags == {f"{edge['probability']:.0%}"[:-1] + f" % ({edge['count']} sur {edge['support']})" for edge in edges}
    widths = {row["strokeWidth"] for row in rows_of(charts.follow_ups(recs), "line", "strokeWidth")}
    assert len(widths) == len({edge["probability"] for edge in edges})


def test_names_stand_in_the_boxes_and_nothing_overlaps(recs: Recommendations, rows_of: Any) -> None:
    for lang in ("fr", "en"):
        chart = charts.follow_ups(recs, lang)
        boxes, tags = _boxes(chart, rows_of), _tags(chart, rows_of)
        graph = recs.follow_ups.graph
        assert {row["told"] for row in boxes} == {graph.nodes[node][f"name_{lang}"] for node in graph}
        assert not any(_overlap(one, other) for one, other in combinations([*boxes, *tags], 2))


def test_no_edge_passes_what_is_said_of_another(recs: Recommendations, rows_of: Any) -> None:
    chart = charts.follow_ups(recs)
    points = sorted(rows_of(chart, "line", "order"), key=lambda row: (row["line"], row["order"]))
    pieces = [(one, other) for one, other in pairwise(points) if one["line"] == other["line"]]
    for tag in _tags(chart, rows_of):
        beside = [piece for piece in pieces if piece[0]["x"] < tag["x2"] and piece[1]["x"] > tag["x"]]
        assert not any(
            one["line"] != tag["line"] and min(one["y"], other["y"]) - 7 < tag["y"] < max(one["y"], other["y"]) + 7
            for one, other in beside
        )


def test_buffets_stand_at_the_left_and_edges_go_to_the_right(recs: Recommendations, rows_of: Any) -> None:
    graph = recs.follow_ups.graph
    at = {row["told"]: row["x"] for row in _boxes(charts.follow_ups(recs), rows_of)}
    place = {node: at[graph.nodes[node]["name_fr"]] for node in graph}
    assert {place[node] for node in graph if graph.nodes[node]["kind"] == "buffet"} == {0}
    assert all(place[source] < place[target] for source, target in graph.edges)


def test_what_was_declared_only_is_dashed_and_says_so(rows_of: Any) -> None:
    chart = charts.follow_ups(made.programme(attendances=[], sessions=[]).recommend(on=made.ON))
    assert {row["text"] for row in _tags(chart, rows_of)} == {f"{share} % (déclaré)" for share in (37, 12, 24, 15)}
    spec = chart.to_dict(validate=False)
    (line,) = (layer for layer in spec["layer"] if layer["mark"]["type"] == "line")
    assert line["encoding"]["strokeDash"]["scale"] == {"domain": [True, False], "range": [[1, 0], [6, 4]]}
    assert {row["is_observed"] for row in rows_of(chart, "line", "order")} == {False}


def test_circles_and_edges_back_to_a_buffet_are_drawn(rows_of: Any) -> None:
    catalogue = made.small()["catalogue"]
    catalogue["follow_ups"] += [
        {"source": "teleservices", "target": "site_internet", "prior": 0.1},
        {"source": "sig", "target": "b_web", "prior": 0.1},
    ]
    chart = charts.follow_ups(made.programme(catalogue=catalogue).recommend(on=made.ON))
    assert len(_tags(chart, rows_of)) == 6
    assert not any(_overlap(one, other) for one, other in combinations(_boxes(chart, rows_of), 2))


def test_workshops_alone_stand_at_the_left(rows_of: Any) -> None:
    catalogue = made.small()["catalogue"] | {"buffets": [], "follow_ups": []}
    alone = made.programme(catalogue=catalogue, sessions=[], attendances=[], trainers=[])
    chart = charts.follow_ups(alone.recommend(on=made.ON))
    assert {row["x"] for row in _boxes(chart, rows_of)} == {0}
