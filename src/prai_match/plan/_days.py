"""The days of the period, and what closes each: the notice, the weekend, a holiday, a blackout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import polars as pl

from prai_match.errors import PraiError, missing_extra

if TYPE_CHECKING:
    import datetime as dt

    from prai_match.model import Calendar

Zone = Literal["A", "B", "C"]
"""A zone of the French school holidays."""

EPOCH = 719_163
"""Ordinal of 1 January 1970, from which frames count days."""

_FRIDAY = 5


def ordinal(column: str) -> pl.Expr:
    """Return the dates of a column as ordinals."""
    return (pl.col(column).dt.epoch("d").cast(pl.Int64) + EPOCH).alias(column)


def days(start: dt.date, end: dt.date, first: dt.date, calendar: Calendar, zone: Zone | None) -> pl.DataFrame:
    """Return every day from ``start`` to ``end`` with the label of what closes it.

    Args:
        start: First day of the period.
        end: Last day.
        first: First day for which people can be invited.
        calendar: Of the programme: its blackouts.
        zone: School holidays of this zone are closed; None: of none.

    Returns:
        ``date`` and ``closed``, the label of a condition, null where a session can be held.

    Raises:
        PraiError: The extra ``plan`` is not installed, or the school holidays of a year aren't known.
    """
    every = pl.DataFrame({"date": pl.date_range(start, end, eager=True)})
    date = pl.col("date")
    blackout = pl.any_horizontal(
        *(date.is_between(blackout.start, blackout.end) for blackout in calendar.blackouts), pl.lit(value=False)
    )
    closed = (
        pl.when(blackout)
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
    return every.with_columns(closed=closed)


def _public_holidays(start: dt.date, end: dt.date) -> list[dt.date]:
    try:
        import holidays  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise missing("holidays") from error
    return sorted(holidays.country_holidays("FR", years=range(start.year, end.year + 1)))


def _school_holidays(start: dt.date, end: dt.date, zone: Zone | None) -> list[dt.date]:
    if zone is None:
        return []
    try:
        from vacances_scolaires_france import (  # type: ignore[import-untyped]  # noqa: PLC0415 - an extra
            SchoolHolidayDates,
            UnsupportedYearException,
        )
    except ImportError as error:
        raise missing("vacances-scolaires-france") from error
    known = SchoolHolidayDates()
    try:
        years = [known.holidays_for_year_and_zone(year, zone) for year in range(start.year, end.year + 1)]
    except UnsupportedYearException as error:
        raise PraiError(
            f"the school holidays from {start.year} to {end.year} are not all known: plan without a zone,"
            " or add them as blackouts",
            f"les vacances scolaires de {start.year} à {end.year} ne sont pas toutes connues : planifier sans zone, ou"
            " les ajouter comme périodes de gel",
        ) from error
    return sorted(day for year in years for day in year)


def _is_one_of(days: list[dt.date]) -> pl.Expr:
    return pl.col("date").is_in(pl.Series(days, dtype=pl.Date).implode())


def missing(package: str) -> PraiError:
    """Return the error that names the extra to install."""
    return missing_extra("to make a plan", "pour faire un plan", "plan", package)
