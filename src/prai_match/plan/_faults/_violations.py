"""The row of a violation, the same for every condition."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    import datetime as dt

FAULTS = {
    "session": pl.String,
    "territory": pl.String,
    "trainer": pl.String,
    "partner": pl.String,
    "date": pl.Date,
    "found": pl.String,
    "wanted": pl.String,
}
"""Columns of what a condition finds: where, the value found and the value wanted."""


def told(
    frame: pl.DataFrame, found: str | pl.Expr, wanted: float | str | dt.date | pl.Expr | None, **where: str
) -> pl.DataFrame:
    """Return the rows of ``frame`` as violations.

    Args:
        frame: One row a violation.
        found: The value found.
        wanted: The value wanted; None: none in particular.
        where: The column of ``frame`` that tells the ``session``, ``territory``, ``trainer``, ``partner`` or ``date``.
    """
    return frame.select(
        *(
            (pl.col(where[name]) if name in where else pl.lit(None)).cast(kind).alias(name)
            for name, kind in list(FAULTS.items())[:5]
        ),
        found=(pl.col(found) if isinstance(found, str) else found).cast(pl.String),
        wanted=(wanted if isinstance(wanted, pl.Expr) else pl.lit(wanted)).cast(pl.String),
    )
