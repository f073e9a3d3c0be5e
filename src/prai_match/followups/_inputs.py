"""What a graph was learned from, as records keep it."""

from collections.abc import Mapping
from typing import Any

import polars as pl

from prai_match.followups._graph import COUNTS, DECLARED, FollowUps
from prai_match.model import Catalogue


def inputs_of(graph: FollowUps) -> dict[str, Any]:
    """Return what a graph was learned from, as `graph_of` reads it."""
    frames = {name.strip("_"): getattr(graph, name).to_dicts() for name in ("_declared", "_counts")}
    settings = {"horizon_days": graph.horizon_days, "strength": graph.strength, "groups": dict(graph.groups)}
    return {**settings, **frames}


def graph_of(catalogue: Catalogue, inputs: Mapping[str, Any]) -> FollowUps:
    """Return the graph over a catalogue's sessions that was learned from some ``inputs`` (see `inputs_of`)."""
    declared, counts = pl.DataFrame(inputs["declared"], DECLARED), pl.DataFrame(inputs["counts"], COUNTS)
    sessions = FollowUps.declared(catalogue).sessions
    settings = inputs["horizon_days"], inputs["strength"], inputs["groups"]
    return FollowUps(sessions, *settings, declared.sort("source", "target"), counts)
