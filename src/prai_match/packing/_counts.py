"""Counts of sessions by day, in one or many worlds, and the days on which one more is within the limits."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prai_match.model import Pace, TeamPace
from prai_match.offers import Array, Snapshot
from prai_match.packing._candidates import AROUND_DAYS, YEAR_DAYS, around

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

    def window(self, days: Ints, begin: int) -> tuple[Ints, Ints]:
        """Return the first day that counts for each of ``days``, and the one after the last, from ``begin`` on."""
        if isinstance(self.period, int):
            return days - self.period - begin, days + self.period + 1 - begin
        if self.period == "W":
            monday = days - (days + _SINCE_MONDAY) % 7 - begin
            return monday, monday + 7
        part = days.astype("datetime64[D]").astype(f"datetime64[{self.period}]")
        first, following = (each.astype("datetime64[D]").astype(np.int64) - begin for each in (part, part + 1))
        return first, following


def of_pace(pace: TeamPace, actors: int) -> list[Limit]:
    """Return the limits of a pace, the same for all actors."""
    most = {period: getattr(pace, name) for name, period in _PERIODS.items()}
    return [Limit(period, np.full(actors, float(each))) for period, each in most.items() if each is not None]


class KnownSessions(NamedTuple):
    """Sessions of worlds, one row each; days are numbers; -1 for an unknown relay or trainer."""

    world: Ints
    day: Ints
    relay: Ints
    trainer: Ints


class Counts:
    """The sessions of actors in each world, and the days of a season on which each can have one more."""

    def __init__(self, shape: tuple[int, int], days: Ints, limits: Iterable[Limit]) -> None:
        """Begin with none; ``shape`` is of worlds and actors, ``days`` of the season are numbers."""
        limits = tuple(limits)
        side = max([each.period for each in limits if isinstance(each.period, int)], default=0) + _MONTH
        self._days, self._begin = days, int(days[0]) - side if len(days) else 0
        self._limits = [(limit, *limit.window(days, self._begin)) for limit in limits]
        self._counts = np.zeros((*shape, len(days) + 2 * side), np.int32)
        self._new = np.zeros((*shape, len(days)), bool)
        self.free = np.zeros(self._new.shape, bool)  # (W, A, L) where one more keeps to all limits

    def know(self, world: Ints, actor: Ints, day: Ints) -> None:
        """Count sessions that are known: they may be more than the limits allow."""
        inside = (day >= self._begin) & (day < self._begin + self._counts.shape[2]) & (actor >= 0)
        np.add.at(self._counts, (world[inside], actor[inside], day[inside] - self._begin), 1)
        self.free[:] = np.logical_and.reduce([limit.most > 0 for limit, *_ in self._limits])[..., None]
        self._look(*np.nonzero(self._counts.any(axis=2)))

    def add(self, world: Ints, actor: Ints, day: Ints) -> None:
        """Count new sessions, one per world and actor."""
        self._counts[world, actor, day - self._begin] += 1
        self._new[world, actor, day - self._days[0]] = True
        self._look(world, actor)

    def most(self, actor: int, days: Ints) -> float:
        """Return how many sessions more at most an actor can have on some days, in the first world."""
        left, here = [np.inf], days - self._days[0]
        for limit, first, within in self._within(np.array([0]), np.array([actor])):
            _, each = np.unique(first[here], return_index=True)
            left.append(float(np.maximum(limit.most[actor] - within[0, here[each]], 0.0).sum()))
        return min(left)

    def _within(self, world: Ints, actor: Ints) -> Iterator[tuple[Limit, Ints, Ints]]:
        """Yield the limits, the first day that counts for each, and how many sessions there are from it to the last."""
        until = _until(self._counts[world, actor])
        for limit, first, end in self._limits:
            yield limit, first, until[:, end] - until[:, first]

    def _look(self, world: Ints, actor: Ints) -> None:
        free, new = np.ones((len(world), len(self._days)), bool), self._new[world, actor]
        for limit, _, within in self._within(world, actor):
            most = limit.most[actor][:, None]
            free &= within < most
            if isinstance(limit.period, int):  # and it leaves room around those that were added
                full = _until(new & (within >= most))
                place, end = np.arange(len(self._days)), len(self._days)
                last, first = np.minimum(place + limit.period + 1, end), np.maximum(place - limit.period, 0)
                free &= full[:, last] == full[:, first]
        self.free[world, actor] = free


def _until(counts: Array) -> Ints:
    """Return how many there are before each day, and before the one after the last."""
    until = np.zeros((len(counts), counts.shape[1] + 1), np.int32)
    np.cumsum(counts, axis=1, out=until[:, 1:])
    return until


class Capacities(NamedTuple):
    """The capacities of the team, relays and trainers, apart from the days on which trainers are present."""

    team: Counts
    paced: Counts  # relays, as the pace of a season allows
    hosting: Counts  # relays, in a year
    teaching: Counts

    @classmethod
    def of(cls, day: Snapshot, pace: Pace, worlds: int, days: Ints, known: KnownSessions) -> Self:
        """Return the capacities on some days, with the known sessions; all worlds have the same actors."""
        a_year, a_month, load = (
            table[name].cast(pl.Float64).fill_null(np.inf).to_numpy()[: table.height // worlds]
            for table, name in (
                (day.frames.partners, "per_year"),
                (day.frames.trainers, "per_month"),
                (around(day), "most"),
            )
        )
        once = Limit("D", np.ones_like(a_month))
        every = (
            (np.zeros_like(known.world), of_pace(pace.team, 1), 1),
            (known.relay, of_pace(pace.relay, len(a_year)), len(a_year)),
            (known.relay, [Limit(YEAR_DAYS - 1, a_year)], len(a_year)),
            (known.trainer, [once, Limit("M", a_month), Limit(AROUND_DAYS, load)], len(a_month)),
        )
        capacities = cls._make(Counts((worlds, actors), days, limits) for _, limits, actors in every)
        for counts, (actor, *_) in zip(capacities, every, strict=True):
            counts.know(known.world, actor, known.day)
        return capacities

    def add(self, new: KnownSessions) -> None:
        """Count new sessions, one per world."""
        for counts, actor in zip(self, (np.zeros_like(new.world), new.relay, new.relay, new.trainer), strict=True):
            counts.add(new.world, actor, new.day)
