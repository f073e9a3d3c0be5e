"""Days as numbers."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from prai_match.model import Blackout

Ints = NDArray[np.int64]

EPOCH: Final = 719_163
"""Ordinal of 1 January 1970, the day 0 of frames."""

NEVER: Final = 2**31 - 1
"""The number of a day that is unknown or never comes; it is after all others."""


def ordinal(column: str) -> pl.Expr:
    """Return the dates of a column as ordinals."""
    return (pl.col(column).dt.epoch("d").cast(pl.Int64) + EPOCH).alias(column)


def day_number(day: dt.date) -> int:
    """Return the days since 1 January 1970."""
    return day.toordinal() - EPOCH


def day_numbers(days: pl.Series) -> Ints:
    """Return the days since 1 January 1970 for a column of dates; `NEVER` for null."""
    numbers = days.to_numpy().astype("datetime64[D]").view(np.int64)
    return np.where(numbers < -NEVER, NEVER, numbers)


def dates(numbers: Any) -> pl.Series:  # noqa: ANN401 - an array of numbers of days
    """Return days given by number as a column of dates; null for `NEVER`."""
    column = pl.Series(np.where(numbers == NEVER, 0, numbers).astype(np.int32)).cast(pl.Date)
    return column.set(pl.Series(numbers == NEVER), None) if (numbers == NEVER).any() else column


def days_between(start: Ints, end: Ints, blackouts: Iterable[Blackout]) -> Ints:
    """Return the number of days between pairs of days, without those of blackouts."""
    spans = (np.arange(day_number(each.start), day_number(each.end) + 1) for each in blackouts)
    frozen = np.unique(np.concatenate([np.zeros(0, np.int64), *spans]))
    return np.asarray(
        end - start - np.subtract(*(np.searchsorted(frozen, each, side="right") for each in (end, start)))
    )


def months_later(days: Ints, months: Ints | int) -> Ints:
    """Return the days some months later: the same day of the month, or the last of a shorter month."""
    month = days.view("datetime64[D]").astype("datetime64[M]")
    then = month + np.asarray(months).astype("timedelta64[M]")
    first = then.astype("datetime64[D]")
    last = (then + np.timedelta64(1, "M")).astype("datetime64[D]") - np.timedelta64(1, "D")
    later = np.minimum(first + (days.view("datetime64[D]") - month.astype("datetime64[D]")), last).view(np.int64)
    return np.where(days == NEVER, NEVER, later)
