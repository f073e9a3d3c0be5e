"""Draws that are the same in every version of Python: `random.Random.random` alone is promised to be."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

_T = TypeVar("_T")


class Dice:
    """What is drawn from a seed.

    >>> dice = Dice(0)
    >>> dice.whole(1, 6), dice.one("abc"), dice.some("abcdef", 3)
    (6, 'c', ['c', 'b', 'e'])
    """

    def __init__(self, seed: int) -> None:
        self._draw = Random(seed).random  # noqa: S311 - made data need no secret dice

    def chance(self, share: float) -> bool:
        return self._draw() < share

    def whole(self, least: int, most: int) -> int:
        return least + int(self._draw() * (most - least + 1))

    def one(self, items: Sequence[_T]) -> _T:
        return items[int(self._draw() * len(items))]

    def some(self, items: Sequence[_T], count: int) -> list[_T]:
        """Draw ``count`` of them at most, each once, in the order of the draw."""
        left = list(items)
        return [left.pop(int(self._draw() * len(left))) for _ in range(min(count, len(left)))]

    def day(self, start: dt.date, end: dt.date) -> dt.date:
        return start + dt.timedelta(days=self.whole(0, (end - start).days))
