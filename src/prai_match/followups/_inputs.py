"""The inputs of a graph, as records keep them."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from prai_match.followups._graph import COUNTS, DECLARED, FollowUps
from prai_match.model import Catalogue


def inputs_of(graph: FollowUps) -> dict[str, Any]:
    """Return the inputs that a graph was learned from, for `graph_of`."""
    frames = {name.strip("_"): getattr(graph, name).to_dicts() for name in ("_declared", "_counts")}
    return {"horizon_days": graph.horizon_days, "strength": graph.strength, "groups": dict(graph.groups), **frames}


def graph_of(catalogue: Catalogue, inputs: Mapping[str, Any]) -> FollowUps:
    """Return the graph over a catalogue's sessions that was learned from some ``inputs`` (see `inputs_of`)."""
    declared, counts = pl.DataFrame(inputs["declared"], DECLARED), pl.DataFrame(inputs["counts"], COUNTS)
    settings = inputs["horizon_days"], inputs["strength"], inputs["groups"]
    return FollowUps(FollowUps.declared(catalogue).sessions, *settings, declared.sort("source", "target"), counts)
