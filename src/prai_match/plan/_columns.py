"""The columns of a plan's two frames."""

from __future__ import annotations

from typing import Any

import polars as pl

SESSIONS: dict[str, Any] = {
    "id": pl.String,
    "session": pl.String,
    "axis": pl.String,
    "date": pl.Date,
    "host": pl.String,
    "partner": pl.String,
    "trainer": pl.String,
    "cost": pl.Decimal(12, 2),
    "booked": pl.Boolean,
}
SEATS: dict[str, Any] = {
    "session": pl.String,
    "territory": pl.String,
    "axis": pl.String,
    "elected": pl.Int64,
    "technicians": pl.Int64,
    "km": pl.Float64,
    "value": pl.Float64,
}
"""Columns of the two frames of a plan."""
