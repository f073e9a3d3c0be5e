"""Who and what is near a territory."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING, Final

from reference.formats import rows, settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from reference.formats import Row

_EARTH_KM: Final = 6371
_SQUARE_KM: Final = 16
"""People travel from the middle of squares of about 10 km."""
_WIDER: Final = 1.25
"""Trainers are told of as far as so many times their reach."""
_TRAVEL_KM: Final = 40


def km(one: Row, other: Row) -> float:
    """Return the distance of two places, in kilometres.

    >>> round(km({"latitude": "43.6", "longitude": "1.44"}, {"latitude": "42,97", "longitude": "1,61"}), 1)
    71.4
    """
    (a, b), (c, d) = ((radians(_number(row["latitude"])), radians(_number(row["longitude"]))) for row in (one, other))
    return 2 * _EARTH_KM * asin(sqrt(sin((c - a) / 2) ** 2 + cos(a) * cos(c) * sin((d - b) / 2) ** 2))


def around(files: Mapping[str, bytes]) -> dict[str, list[str]]:
    """Return the territories, itself among them, whose people may travel to each."""
    limit = settings(files["programme.toml"]).get("travel_km", _TRAVEL_KM) + 2 * _SQUARE_KM
    every = rows(files["territories.csv"])
    return {row["id"]: [other["id"] for other in every if km(row, other) <= limit] for row in every}


def comers(tables: Mapping[str, Sequence[Row]], territory: Row) -> Sequence[Row]:
    """Return the trainers who may be told of to a territory: those around or, where there are none, all of them."""
    every = tables.get("trainers", ())
    return [row for row in every if km(row, territory) <= _WIDER * _number(row["reach_km"])] or every


def _number(text: str) -> float:
    return float(text.replace(",", "."))
