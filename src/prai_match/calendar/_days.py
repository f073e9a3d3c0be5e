"""The days of a period, and what closes each: a blackout, the notice, the weekend, a holiday."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

import polars as pl

from prai_match.calendar._holidays import public_holidays, school_holidays

if TYPE_CHECKING:
    from collections.abc import Iterable

    from prai_match.calendar._holidays import Zone
    from prai_match.model import Blackout

EPOCH: Final = 719_163
"""Ordinal of 1 January 1970, from which frames count days."""

_FRIDAY: Final = 5
_YEAR: Final = dt.timedelta(days=366)
_LAST: Final = dt.date.max - _YEAR
"""The last day after which there is a year."""


def ordinal(column: str) -> pl.Expr:
    """Return the dates of a column as ordinals."""
    return (pl.col(column).dt.epoch("d").cast(pl.Int64) + EPOCH).alias(column)


def first_open(blackouts: Iterable[Blackout], wanted: dt.date) -> dt.date | None:
    """Return the first day from ``wanted`` on that lies in no blackout; None: there is none."""
    for blackout in sorted(blackouts, key=lambda each: each.start):
        if blackout.start <= wanted <= blackout.end:
            if blackout.end == dt.date.max:
                return None
            wanted = blackout.end + dt.timedelta(days=1)
    return wanted


def open_days(blackouts: Iterable[Blackout], on: dt.date, notice_days: int) -> pl.DataFrame:
    """Return the weekdays outside blackouts (``date``) from the first for which people can be invited, over a year.

    A blackout can last: the year begins beyond the one in which that first day lies.
    """
    blackouts = tuple(blackouts)
    invited = min(on, _LAST - dt.timedelta(days=notice_days)) + dt.timedelta(days=notice_days)
    start = min(first_open(blackouts, invited) or invited, _LAST)
    every = pl.DataFrame({"date": pl.date_range(start, start + _YEAR, eager=True)})
    return every.filter(pl.col("date").dt.weekday() <= _FRIDAY, ~_frozen(blackouts))


def days(
    start: dt.date, end: dt.date, first: dt.date, blackouts: Iterable[Blackout], zone: Zone | None
) -> pl.DataFrame:
    """Return every day from ``start`` to ``end`` with the label of what closes it.

    Args:
        start: First day of the period.
        end: Last day.
        first: First day for which people can be invited.
        blackouts: Those of the programme.
        zone: School holidays of this zone are closed; None: of none.

    Returns:
        ``date`` and ``closed``, the label of a condition, null where a session can be held.
    """
    every = pl.DataFrame({"date": pl.date_range(start, end, eager=True)})
    date = pl.col("date")
    closed = (
        pl.when(_frozen(blackouts))
        .then(pl.lit("blackout"))
        .when(date < first)
        .then(pl.lit("notice"))
        .when(date.dt.weekday() > _FRIDAY)
        .then(pl.lit("weekend"))
        .when(_is_one_of(public_holidays(start, end)))
        .then(pl.lit("holiday"))
        .when(_is_one_of(school_holidays(start, end, zone)))
        .then(pl.lit("school_holiday"))
    )
    return every.with_columns(closed=closed)


def _frozen(blackouts: Iterable[Blackout]) -> pl.Expr:
    within = (pl.col("date").is_between(blackout.start, blackout.end) for blackout in blackouts)
    return pl.any_horizontal(*within, pl.lit(value=False))


def _is_one_of(days: list[dt.date]) -> pl.Expr:
    return pl.col("date").is_in(pl.Series(days, dtype=pl.Date).implode())
