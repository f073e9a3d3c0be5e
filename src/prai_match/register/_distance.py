"""Great-circle distances, over columns and over single points."""

from __future__ import annotations

import math

import polars as pl

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG), in kilometres."""


def haversine_km(lat1: pl.Expr | str, lon1: pl.Expr | str, lat2: pl.Expr | str, lon2: pl.Expr | str) -> pl.Expr:
    """The great-circle distance in kilometres between two points in decimal degrees, over columns; null without one.

    The Earth is a sphere of 6371.0088 km.
    """
    a, b, c, d = ((pl.col(x) if isinstance(x, str) else x).radians() for x in (lat1, lon1, lat2, lon2))
    chord = ((c - a) / 2).sin() ** 2 + a.cos() * c.cos() * ((d - b) / 2).sin() ** 2
    # Rounding can carry antipodes just over 1, where the arcsine is not defined.
    return chord.clip(upper_bound=1.0).sqrt().arcsin() * (2 * EARTH_RADIUS_KM)


def haversine(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """The same distance between two single points, without building a frame."""
    a, b, c, d = (math.radians(x) for x in (lat1, lon1, lat2, lon2))
    chord = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return math.asin(math.sqrt(min(chord, 1.0))) * 2 * EARTH_RADIUS_KM
