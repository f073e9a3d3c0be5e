"""What a backtest is asked for: days, horizon, intervals; and how much history it takes to tell."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from statistics import NormalDist
from typing import Any, TypedDict

import polars as pl

from prai_match import _arguments as given
from prai_match.errors import ArgumentError, BacktestError, Problem
from prai_match.followups import attended
from prai_match.model import Calendar, ProgrammeData
from prai_match.text import both, day, messages, number

_PACKAGE = "prai_match.backtest"
messages_of = partial(messages, _PACKAGE, "backtest")


@dataclass(frozen=True, slots=True)
class BacktestRequest:
    splits: tuple[dt.date, ...]  # the days, in order
    horizon_days: int  # days after each in which what territories attend is looked at
    until: dt.date  # the day until which the history is complete
    seed: int  # of the draws of territories
    replications: int  # draws of territories
    level: float  # of the intervals, 0 to 1
    precision: float  # half the width of the widest interval of a share that still tells something, 0 to 1

    @property
    def needed(self) -> int:
        """Territories needed for an interval of a share no wider than ± ``precision``.

        It is ``(z / (2 × precision))²``, that of a proportion of one half, the least favourable (Cochran, Sampling
        Techniques, 1977, 4.4). Territories are counted and not cases: those of one territory look alike and, where they
        are the same, say no more than one.
        """
        return math.ceil((NormalDist().inv_cdf((1 + self.level) / 2) / (2 * self.precision)) ** 2)

    def censored(self, began: pl.Expr, calendar: Calendar) -> pl.Expr:
        """Tell whether the horizon of what began goes beyond the history or meets a blackout: nothing comes in one."""
        end = began + pl.duration(days=self.horizon_days)
        closed = ((began < blackout.end) & (end >= blackout.start) for blackout in calendar.blackouts)
        return pl.any_horizontal(end > self.until, *closed)

    def with_enough(self, territories: int, lack: str) -> None:
        """Refuse where too few territories say something; they ``lack`` the ``cases`` or ``pairs`` of that message."""
        if territories < self.needed:
            numbers: dict[str, float] = {"count": territories, "needed": self.needed}
            numbers |= {"level": 100 * self.level, "precision": 100 * self.precision}
            values = {name: both(number, value, 0) for name, value in numbers.items()}
            raise BacktestError("backtest", [Problem.of(_PACKAGE, lack, "history", **values)])


class Judgement(TypedDict, total=False):
    horizon_days: int
    until: dt.date | None
    seed: int
    replications: int
    level: float
    precision: float


class BacktestOptions(Judgement, total=False):
    strength: float
    extra: Any


@given.takes(
    splits=given.days,
    horizon_days=given.at_least(1, 36_525),
    until=given.optional(given.day),
    replications=given.at_least(100),
    precision=given.between(0, 0.5, but=(0,)),
)
def settings(  # noqa: PLR0913 - all that is asked, by keyword
    programme: ProgrammeData,
    splits: Iterable[dt.date],
    *,
    horizon_days: int = 120,
    until: dt.date | None = None,
    seed: int = 0,
    replications: int = 1000,
    level: float = 0.95,
    precision: float = 0.15,
) -> tuple[BacktestRequest, pl.DataFrame]:
    """Check what is asked (see `BacktestRequest`), and that the future of every split is known; give who came to what.

    The history is complete until the last attendance or need, where nothing else is said.
    """
    came = attended(programme).unique().sort("territory", "session", "date")
    if not (days := tuple(sorted(set(splits)))):
        raise ArgumentError.of(_PACKAGE, "no_split")
    last = [day for day in (came["date"].max(), programme.needs.to_polars()["date"].max()) if isinstance(day, dt.date)]
    end, first = until or max(last, default=days[0]), came["date"].min()
    problems = [
        Problem.of(
            _PACKAGE,
            "future",
            f"splits: {split}",
            end=both(day, given.later(split, horizon_days)),
            until=both(day, end),
        )
        for split in days
        if given.later(split, horizon_days) > end
    ]
    early = [split for split in days if not isinstance(first, dt.date) or first > split]
    problems += [Problem.of(_PACKAGE, "past", f"splits: {split}") for split in early]
    if problems:
        raise BacktestError("backtest", problems)
    request = BacktestRequest(days, horizon_days, end, seed, replications, level, precision)
    return request, came.filter(pl.col("date") <= end)
