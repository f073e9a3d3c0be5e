"""A linear axis in pixels, with ticks at round values."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from prai_match.text import number, signed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prai_match.errors import Lang


@dataclass(frozen=True, slots=True)
class Axis:
    """Where values stand.

    Attributes:
        least: The first tick.
        most: The last.
        step: From a tick to the next.
        start: Where the first tick is, pixels.
        end: Where the last is.
    """

    least: float
    most: float
    step: float
    start: float
    end: float

    @classmethod
    def fitted(cls, values: Iterable[float], start: float, end: float, ticks: int = 5) -> Self:
        """Return the axis that holds some values, with so many steps or a few more or fewer."""
        known = list(values)
        low, high = min(known, default=0.0), max(known, default=0.0)
        wide = (high - low) or abs(high) or 1.0
        power = 10.0 ** math.floor(math.log10(wide / ticks))
        step = next(power * each for each in (1, 2, 5, 10) if wide / (power * each) <= ticks)
        first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
        return cls(first * step, max(last, first + 1) * step, step, start, end)

    def place(self, value: float) -> float:
        """Return where a value stands, in pixels."""
        return self.start + (value - self.least) / (self.most - self.least) * (self.end - self.start)

    def ticks(self) -> list[float]:
        """Return the values of the ticks."""
        return [self.least + place * self.step for place in range(round((self.most - self.least) / self.step) + 1)]

    def written(self, value: float, lang: Lang, *, difference: bool = False) -> str:
        """Write the value of a tick, with its sign where it is a difference."""
        decimals = max(0, -math.floor(math.log10(self.step) + 1e-9))
        return signed(value, decimals, lang) if difference else number(round(value, decimals) + 0.0, decimals, lang)
