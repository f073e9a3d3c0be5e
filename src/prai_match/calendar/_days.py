"""The days of a period, and what closes each: a blackout, the notice, the weekend, a holiday."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final, Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prai_match.errors import PraiError, missing_extra
from prai_match.model import Blackout

Zone = Literal["A", "B", "C"]
"""A zone of the French school holidays."""

EPOCH: Final = 719_163
"""Ordinal of 1 January 1970, from which frames count days."""

NEVER: Final = 2**31 - 1
"""The number of a day that isn't known or doesn't come: after every other."""

_FRIDAY: Final = 5
_THURSDAY: Final = 3  # the weekday of day 0, from Monday
_WEEK: Final = 7
_YEAR: Final = dt.timedelta(days=366)
_LAST: Final = dt.date.max - _YEAR  # the last day after which there is a year


def ordinal(column: str) -> pl.Expr:
    """Return the dates of a column as ordinals."""
    return (pl.col(column).dt.epoch("d").cast(pl.Int64) + EPOCH).alias(column)


def day_number(day: dt.date) -> int:
    """Return the days since 1 January 1970."""
    return day.toordinal() - EPOCH


def day_numbers(days: pl.Series) -> NDArray[np.int64]:
    """Return the same of a column of dates; `NEVER` where there is none."""
    numbers = days.to_numpy().astype("datetime64[D]").view(np.int64)
    return np.where(numbers < -NEVER, NEVER, numbers)


def months_later(days: NDArray[np.int64], months: NDArray[np.int64] | int) -> NDArray[np.int64]:
    """Return the days some months later: the same day of the month, or the month's last where it is shorter."""
    month = days.view("datetime64[D]").astype("datetime64[M]")
    first = (month + months).astype("datetime64[D]")
    last = (month + months + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    later = np.minimum(first + (days.view("datetime64[D]") - month.astype("datetime64[D]")), last).view(np.int64)
    return np.where(days == NEVER, NEVER, later)


def first_open(blackouts: Iterable[Blackout], day: dt.date) -> dt.date | None:
    """Return the first day from ``day`` on that lies in no blackout; None: there is none."""
    for blackout in sorted(blackouts, key=lambda each: each.start):
        if blackout.start <= day <= blackout.end:
            if blackout.end == dt.date.max:
                return None
            day = blackout.end + dt.timedelta(days=1)
    return day


def open_days(blackouts: Iterable[Blackout], on: dt.date, notice_days: int) -> NDArray[np.int64]:
    """Return the weekdays outside blackouts from the first for which people can be invited, over a year, by number.

    A blackout can last: the year begins beyond the one in which that first day lies.
    """
    blackouts = tuple(blackouts)
    notice = dt.timedelta(days=notice_days)
    first = min(on, _LAST - notice) + notice
    start = day_number(min(first_open(blackouts, first) or first, _LAST))
    every = np.arange(start, start + _YEAR.days + 1)
    is_open = (every + _THURSDAY) % _WEEK < _FRIDAY
    for blackout in blackouts:
        is_open &= (every < day_number(blackout.start)) | (every > day_number(blackout.end))
    return every[is_open]


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
