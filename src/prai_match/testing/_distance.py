"""Distances and squares of the map, a second time, in plain Python."""

from __future__ import annotations

import math

from prai_match.model import Territory

_EARTH_KM, _SQUARE_DEGREES = 6371.0088, 0.09


def kilometres(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Return the great-circle distance, from the chord between the two points of the sphere.

    Example:
        >>> round(kilometres(43.6, 1.44, 42.97, 1.61), 1)  # Toulouse, Foix
        71.4
    """
    chord = math.dist(_on_sphere(latitude, longitude), _on_sphere(other_latitude, other_longitude))
    return 2 * _EARTH_KM * math.asin(min(1.0, chord / 2))


def _on_sphere(latitude: float, longitude: float) -> tuple[float, float, float]:
    up, east = math.radians(latitude), math.radians(longitude)
    return math.cos(up) * math.cos(east), math.cos(up) * math.sin(east), math.sin(up)


def square(territory: Territory) -> tuple[int, int]:
    row = math.floor(territory.latitude / _SQUARE_DEGREES)
    return row, math.floor(territory.longitude * math.cos(math.radians(row * _SQUARE_DEGREES)) / _SQUARE_DEGREES)
