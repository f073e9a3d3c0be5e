"""Random draws that are the same everywhere: only ``random()`` of the generator is used, on ordered input."""

from __future__ import annotations

import datetime as dt
import math
import random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


class Dice:
    """A seeded source of draws."""

    def __init__(self, seed: int) -> None:
        """Start from ``seed``."""
        self._random = random.Random(seed)  # noqa: S311 - made data, nothing secret

    def chance(self, probability: float) -> bool:
        """Return True with a probability."""
        return self._random.random() < probability

    def between(self, low: int, high: int) -> int:
        """Draw a whole number, both ends included."""
        return low + int(self._random.random() * (high - low + 1))

    def one(self, values: Sequence[T]) -> T:
        """Draw a value."""
        return values[self.between(0, len(values) - 1)]

    def weighted(self, values: Sequence[T], weights: Sequence[float]) -> T:
        """Draw a value in proportion to its weight."""
        left = self._random.random() * math.fsum(weights)
        for value, weight in zip(values, weights, strict=True):
            left -= weight
            if left < 0:
                return value
        return values[-1]

    def order(self, values: Sequence[T], weights: Sequence[float]) -> list[T]:
        """Return the values in a random order in which heavy ones tend to come first, without those of weight 0."""
        keyed = [(self._random.random() ** (1 / weight), index) for index, weight in enumerate(weights) if weight > 0]
        return [values[index] for _, index in sorted(keyed, reverse=True)]

    def day(self, first: dt.date, last: dt.date) -> dt.date:
        """Draw a working day; a weekend day becomes the last working day before it."""
        found = first + dt.timedelta(days=self.between(0, (last - first).days))
        return found - dt.timedelta(days=max(0, found.weekday() - 4))
