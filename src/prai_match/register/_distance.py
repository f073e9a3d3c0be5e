"""Great-circle distances, over columns and over single points."""

from __future__ import annotations

import math

import polars as pl

__all__ = ["EARTH_RADIUS_KM", "haversine", "haversine_km"]

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG), in kilometres."""


def haversine_km(
    lat1: pl.Expr | str,
    lon1: pl.Expr | str,
    lat2: pl.Expr | str,
    lon2: pl.Expr | str,
) -> pl.Expr:
    """The great-circle distance between two points, over columns.

    Args:
        lat1: Latitude of the first point in decimal degrees: an expression, or the name of a column.
        lon1: Its longitude.
        lat2: Latitude of the second point.
        lon2: Its longitude.

    Returns:
        The distance in kilometres on a sphere of 6371.0088 km; null where a coordinate is null.
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
