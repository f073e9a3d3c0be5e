"""Distances, months after a day, and rows by group, in plain Python."""

import datetime as dt
import math
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import Any

from prai_match.model import Territory

Part = Callable[[Any], Any]  # what of a row
_EARTH_KM, _SQUARE_DEGREES = 6371.0088, 0.09
place = attrgetter("latitude", "longitude")


def square(each: Territory) -> tuple[int, int]:
    row = math.floor(each.latitude / _SQUARE_DEGREES)
    return row, math.floor(each.longitude * math.cos(math.radians(row * _SQUARE_DEGREES)) / _SQUARE_DEGREES)


def grouped(rows: Iterable[Any], key: Part, value: Part = lambda row: row) -> dict[Any, list[Any]]:
    groups: dict[Any, list[Any]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(value(row))
    return groups


def kilometres(here: tuple[float, ...], there: tuple[float, ...]) -> float:
    """Return the great-circle distance of two places, by latitude and longitude."""
    a, b, c, d = map(math.radians, (*here, *there))
    chord = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return math.asin(math.sqrt(min(1.0, chord))) * 2 * _EARTH_KM


def months_after(day: dt.date, months: int) -> dt.date:
    """Return the same day of the month some months later, or the last of the month where it has none."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
