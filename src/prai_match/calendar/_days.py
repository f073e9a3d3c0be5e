"""The days of a period, and what closes each: a blackout, the notice, the weekend, a holiday."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final, Literal

import polars as pl

from prai_match.errors import PraiError, missing_extra
from prai_match.model import Blackout

Zone = Literal["A", "B", "C"]
"""A zone of the French school holidays."""

EPOCH: Final = 719_163
"""Ordinal of 1 January 1970, from which frames count days."""

_FRIDAY: Final = 5
_YEAR: Final = dt.timedelta(days=366)
_LAST: Final = dt.date.max - _YEAR
"""The last day after which there is a year."""


def ordinal(column: str) -> pl.Expr:
    """Return the dates of a column as ordinals."""
    return (pl.col(column).dt.epoch("d").cast(pl.Int64) + EPOCH).alias(column)


def first_open(blackouts: Iterable[Blackout], day: dt.date) -> dt.date | None:
    """Return the first day from ``day`` on that lies in no blackout; None: there is none."""
    for blackout in sorted(blackouts, key=lambda each: each.start):
        if blackout.start <= day <= blackout.end:
            if blackout.end == dt.date.max:
                return None
            day = blackout.end + dt.timedelta(days=1)
    return day


def open_days(blackouts: Iterable[Blackout], on: dt.date, notice_days: int) -> pl.DataFrame:
    """Return the weekdays outside blackouts (``date``) from the first for which people can be invited, over a year.

    A blackout can last: the year begins beyond the one in which that first day lies.
    """
    blackouts = tuple(blackouts)
    notice = dt.timedelta(days=notice_days)
    first = min(on, _LAST - notice) + notice
    start = min(first_open(blackouts, first) or first, _LAST)
    every = pl.DataFrame({"date": pl.date_range(start, start + _YEAR, eager=True)})
    return every.filter(pl.col("date").dt.weekday() <= _FRIDAY, ~_frozen(blackouts))


def days(
    start: dt.date, end: dt.date, first: dt.date, blackouts: Iterable[Blackout], zone: Zone | None
) -> pl.DataFrame:
    """Return every day (``date``) from ``start`` to ``end`` and the label of what closes it, ``closed``, or null.

    People can be invited for the ``first`` day and those after it; the school holidays of ``zone`` are closed.
    """
    every = pl.DataFrame({"date": pl.date_range(start, end, eager=True)})
    date = pl.col("date")
    label = (
        pl.when(_frozen(blackouts))
        .then(pl.lit("blackout"))
        .when(date < first)
        .then(pl.lit("notice"))
        .when(date.dt.weekday() > _FRIDAY)
        .then(pl.lit("weekend"))
        .when(_is_one_of(_public_holidays(start, end)))
        .then(pl.lit("holiday"))
        .when(_is_one_of(_school_holidays(start, end, zone)))
        .then(pl.lit("school_holiday"))
    )
    return every.with_columns(closed=label)


def _frozen(blackouts: Iterable[Blackout]) -> pl.Expr:
    within = (pl.col("date").is_between(blackout.start, blackout.end) for blackout in blackouts)
    return pl.any_horizontal(*within, pl.lit(value=False))


def _is_one_of(days: list[dt.date]) -> pl.Expr:
    return pl.col("date").is_in(pl.Series(days, dtype=pl.Date).implode())


def _public_holidays(start: dt.date, end: dt.date) -> list[dt.date]:
    """Return the public holidays of the years of a period."""
    try:
        import holidays  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise missing_extra("holidays", "plan", "holidays") from error
    return sorted(holidays.country_holidays("FR", years=range(start.year, end.year + 1)))


def _school_holidays(start: dt.date, end: dt.date, zone: Zone | None) -> list[dt.date]:
    """Return the school holidays of a zone in the years of a period; of no zone there are none."""
    if zone is None:
        return []
    try:
        from vacances_scolaires_france import (  # type: ignore[import-untyped]  # noqa: PLC0415 - an extra
            SchoolHolidayDates,
            UnsupportedYearException,
        )
    except ImportError as error:
        raise missing_extra("holidays", "plan", "vacances-scolaires-france") from error
    calendar = SchoolHolidayDates()
    try:
        years = [calendar.holidays_for_year_and_zone(year, zone) for year in range(start.year, end.year + 1)]
    except UnsupportedYearException as error:
        raise PraiError.of("prai_match.calendar", "school_holidays", first=start.year, last=end.year) from error
    return sorted(day for year in years for day in year)
