"""The outlines: neighbours still meet when they are simplified, and islets are left out."""

from __future__ import annotations

from typing import Any

import build_outlines

SHARED = [(1.0, 43.0), (1.0004, 43.2), (1.0, 43.4), (1.05, 43.6), (1.0, 44.0)]
LEFT = [(0.0, 44.0), (0.0, 43.0), *SHARED]
RIGHT = [*reversed(SHARED), (2.0, 43.0), (2.0, 44.0)]
ISLET = [(3.0, 43.0), (3.01, 43.0), (3.01, 43.01)]
ISLAND = [(4.0, 43.0), (4.5, 43.0), (4.5, 43.25), (4.5, 43.5)]


def _feature(name: str, *rings: list[tuple[float, float]]) -> dict[str, Any]:
    closed = [[*ring, ring[0]] for ring in rings]
    if len(closed) == 1:
        return {"properties": {"name": name}, "geometry": {"type": "Polygon", "coordinates": closed}}
    return {
        "properties": {"name": name},
        "geometry": {"type": "MultiPolygon", "coordinates": [[ring] for ring in closed]},
    }


def test_neighbours_meet_and_what_is_nearly_straight_is_left_out() -> None:
    found = build_outlines.outlines([_feature("Gers", LEFT), _feature("Haute-Garonne", RIGHT, ISLET, ISLAND)])
    assert list(found) == ["31", "32"]
    own, others = found["31"][0], found["32"][0]
    border = {(1.0, 43.0), (1.0, 43.4), (1.05, 43.6), (1.0, 44.0)}
    assert border <= set(own)
    assert border <= set(others)
    assert (1.0, 43.2) not in own + others
    assert len(found["31"]) == 2
    assert set(found["31"][1]) == {(4.0, 43.0), (4.5, 43.0), (4.5, 43.5)}


def test_names_that_the_source_misspells_have_their_code() -> None:
    assert list(build_outlines.outlines([_feature("Seien-et-Marne", LEFT)])) == ["77"]
