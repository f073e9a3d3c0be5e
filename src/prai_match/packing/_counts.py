"""Sessions counted by day in many worlds at once, and on which days one more keeps to what limits them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from prai_match.model import TeamPace

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
_SINCE_MONDAY: Final = 3  # days from a Monday to day 0, a Thursday
_MONTH: Final = 31  # days before and after a season that can be of its first or its last month
_PERIODS: Final = {"per_day": "D", "per_week": "W", "per_month": "M"}


@dataclass(frozen=True, eq=False)
class Limit:
    """Below ``most`` sessions of each actor, (A,), in a period: a day, a week, a month, or some days around each."""

    period: str | int  # D, W or M; or how many days before and after
    most: Floats

    def window(self, days: Ints) -> tuple[Ints, Ints]:
        """Return the first and the last day that count for each of ``days``."""
        if isinstance(self.period, int):
            return days - self.period, days + self.period
        if self.period == "W":
            monday = days - (days + _SINCE_MONDAY) % 7
            return monday, monday + 6
        part = days.astype("datetime64[D]").astype(f"datetime64[{self.period}]")
        first, following = (each.astype("datetime64[D]").astype(np.int64) for each in (part, part + 1))
        return first, following - 1


def of_pace(pace: TeamPace, actors: int) -> list[Limit]:
    """Return the limits of a pace, the same for all actors."""
    most = {period: getattr(pace, name) for name, period in _PERIODS.items()}
    return [Limit(period, np.full(actors, float(each))) for period, each in most.items() if each is not None]


class Counts:
    """The sessions of ``actors`` in each world, and the days of a season on which each can have one more."""

    def __init__(self, shape: tuple[int, int], days: Ints, limits: Iterable[Limit]) -> None:
        """Begin with none; ``days`` of the season are numbers."""
        self._limits, self._days = tuple(limits), days
        side = max([each.period for each in self._limits if isinstance(each.period, int)], default=0) + _MONTH
        self._begin = int(days[0]) - side if len(days) else 0
        self._counts = np.zeros((*shape, len(days) + 2 * side), np.int64)
        self._new = np.zeros((*shape, len(days)), bool)
        self.free = np.zeros(self._new.shape, bool)  # (W, A, L) where one more keeps to all limits

    def know(self, world: Ints, actor: Ints, day: Ints) -> None:
        """Count sessions that are known: they may be more than the limits allow."""
        inside = (day >= self._begin) & (day < self._begin + self._counts.shape[2]) & (actor >= 0)
        np.add.at(self._counts, (world[inside], actor[inside], day[inside] - self._begin), 1)
        world, actor = (each.ravel() for each in np.indices(self.free.shape[:2]))
        self._look(world, actor)

    def add(self, world: Ints, actor: Ints, day: Ints) -> None:
        """Count new sessions, one a world and actor."""
        self._counts[world, actor, day - self._begin] += 1
        self._new[world, actor, day - self._days[0]] = True
        self._look(world, actor)

    def _look(self, world: Ints, actor: Ints) -> None:
        until = np.pad(np.cumsum(self._counts[world, actor], axis=1), ((0, 0), (1, 0)))
        free, new = np.ones((len(world), len(self._days)), bool), self._new[world, actor]
        for limit in self._limits:
            first, last = (each - self._begin for each in limit.window(self._days))
            within, most = until[:, last + 1] - until[:, first], limit.most[actor][:, None]
            free &= within < most
            if isinstance(limit.period, int):  # and it leaves room around those that were added
                full = np.pad(np.cumsum(new & (within >= most), axis=1), ((0, 0), (1, 0)))
                place, end = np.arange(len(self._days)), len(self._days)
                last, first = np.minimum(place + limit.period + 1, end), np.maximum(place - limit.period, 0)
                free &= full[:, last] == full[:, first]
        self.free[world, actor] = free
