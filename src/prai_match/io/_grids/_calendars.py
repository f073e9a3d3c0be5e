"""Days and hours that a frame counts, and that no calendar has: polars reaches beyond the year 5,000,000."""

from __future__ import annotations

import datetime as dt
from typing import Final

import polars as pl

from prai_match.io._grids._grid import unreadable

_EPOCH: Final = dt.date(1970, 1, 1)
_FIRST, _LAST = (dt.date.min - _EPOCH).days, (dt.date.max - _EPOCH).days
_LONGEST: Final = dt.timedelta.max.days
_UNITS: Final = {"ms": 86_400_000, "us": 86_400_000_000, "ns": 86_400_000_000_000}
"""How many of them a day has."""
_MOST: Final = 2**63 - 1


def days_of_calendars(cells: pl.DataFrame, file: str) -> pl.DataFrame:
    """Make texts of the columns that have days beyond the year 9999 or before the year 1, or hours that no day has.

    What is beyond is told as it is counted, which nothing takes for a day, so that its row is rejected.
    """
    beyond = [column for column in cells if _counts_days(column.dtype) and _is_beyond(column)]
    if any(column.dtype.is_nested() for column in beyond):
        raise unreadable(file, "no_calendar")
    return cells.with_columns(_texts(column) for column in beyond)


def _counts_days(dtype: object) -> bool:
    if isinstance(dtype, pl.List | pl.Array):
        return _counts_days(dtype.inner)
    if isinstance(dtype, pl.Struct):
        return any(_counts_days(field.dtype) for field in dtype.fields)
    return isinstance(dtype, pl.DataType) and dtype.is_temporal()


def _is_beyond(column: pl.Series) -> bool:
    if isinstance(column.dtype, pl.List | pl.Array):
        return _is_beyond(column.explode())
    if isinstance(column.dtype, pl.Struct):
        return any(map(_is_beyond, column.struct.unnest()))
    return column.dtype.is_temporal() and not _within(column).all()


def _within(column: pl.Series) -> pl.Series:
    """Which values Python can hold."""
    first, last = _bounds(column.dtype)
    return column.to_physical().is_between(first, last)


def _bounds(dtype: pl.DataType) -> tuple[int, int]:
    if isinstance(dtype, pl.Datetime):
        unit, zone = _UNITS[dtype.time_unit], dtype.time_zone is not None
        # A moment is shown in its zone, which may be of the day before or after.
        first, last = (_FIRST + zone) * unit, (_LAST + 1 - zone) * unit - 1
    elif isinstance(dtype, pl.Duration):
        unit = _UNITS[dtype.time_unit]
        first, last = -_LONGEST * unit, (_LONGEST + 1) * unit - 1
    else:
        first, last = (0, _UNITS["ns"] - 1) if dtype == pl.Time else (_FIRST, _LAST)
    return max(first, -_MOST), min(last, _MOST)


def _texts(column: pl.Series) -> pl.Series:
    within = _within(column)
    unit = getattr(column.dtype, "time_unit", "ns" if column.dtype == pl.Time else "days")
    since = f" since {_EPOCH}" if column.dtype in (pl.Date, pl.Datetime) else ""
    count = pl.format(f"{{}} {unit}{since}", pl.lit(column.to_physical()))
    text = pl.coalesce(pl.lit(column.set(~within, None)).dt.to_string("iso"), count)
    return pl.select(pl.when(pl.lit(column.is_not_null())).then(text).alias(column.name)).to_series()
