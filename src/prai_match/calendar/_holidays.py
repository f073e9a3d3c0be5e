"""French holidays: public holidays, which differ by département, and school holidays, which differ by zone."""

import datetime as dt
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prai_match.calendar._numbers import Ints, day_number, day_numbers
from prai_match.errors import PraiError, missing_extra
from prai_match.model import Lang, Zone

YEARS: Final = (1900, 2100)
"""The first and the last year for which public holidays are known."""

_PACKAGE: Final = "prai_match.calendar"


@cache
def public_holidays() -> pl.DataFrame:
    """Return the public holidays of `YEARS`: ``date``, ``departement`` (null for all) and names ``fr``, ``en``."""
    with (files(_PACKAGE) / "data/public_holidays.parquet").open("rb") as file:
        return pl.read_parquet(file)


_FIRST, _LAST = (day_number(dt.date(year, month, day)) for year, month, day in ((YEARS[0], 1, 1), (YEARS[1], 12, 31)))


@cache
def _flags(group: str | None) -> NDArray[np.bool_]:
    """Return, for each day of `YEARS`, whether it is a public holiday of all départements, or of a group only."""
    every, rows = np.zeros(_LAST - _FIRST + 1, bool), pl.col("departement").eq_missing(pl.lit(group))
    every[day_numbers(public_holidays().filter(rows)["date"]) - _FIRST] = True
    return every


@cache
def group_of(departement: str) -> str | None:
    """Return the département if it has its own public holidays, else None."""
    return departement if departement in public_holidays()["departement"] else None


def groups_of(departements: Iterable[str]) -> tuple[str | None, ...]:
    """Return the groups of some départements; the first is that of those without their own public holidays."""
    return (None, *sorted({group for group in map(group_of, departements) if group}))


def name_of(day: dt.date, group: str | None, lang: Lang) -> str:
    """Return the name of a public holiday."""
    here = pl.col("departement").is_null() | pl.col("departement").eq_missing(group)
    return str(public_holidays().filter(pl.col("date") == day, here)[lang][0])


def are_public_holidays(first: int, last: int, group: str | None) -> NDArray[np.bool_]:
    """Return which days from ``first`` to ``last``, by number, are public holidays in a group of départements.

    Raises:
        PraiError: A day is in a year whose public holidays aren't known.
    """
    if first < _FIRST or last > _LAST:
        raise PraiError.of(_PACKAGE, "public_holidays", first=YEARS[0], last=YEARS[1])
    days = slice(first - _FIRST, last + 1 - _FIRST)
    return _flags(None)[days] | _flags(group)[days] if group else _flags(None)[days]


@cache
def school_holidays(first: int, last: int, zone: Zone) -> Ints:
    """Return the days of the school holidays of a zone in the years from ``first`` to ``last``, by number.

    Raises:
        PraiError: They aren't known for one of the years, or the package that provides them isn't installed.
    """
    try:
        from vacances_scolaires_france import (  # type: ignore[import-untyped]  # noqa: PLC0415 - an extra
            SchoolHolidayDates,
            UnsupportedYearException,
        )
    except ImportError as error:
        raise missing_extra("school_holidays", "plan", "vacances-scolaires-france") from error
    known = SchoolHolidayDates()
    try:
        years = [known.holidays_for_year_and_zone(year, zone) for year in range(first, last + 1)]
    except UnsupportedYearException as error:
        raise PraiError.of(_PACKAGE, "school_holidays", first=first, last=last) from error
    return np.array(sorted(day_number(day) for year in years for day in year), np.int64)
