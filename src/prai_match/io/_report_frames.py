"""The columns of the frames of a load report."""

from __future__ import annotations

from typing import Final

import polars as pl

TABLES: Final = pl.Schema(
    {
        "table": pl.String,
        "file": pl.String,
        "format": pl.String,
        "read": pl.Int64,
        "accepted": pl.Int64,
        "rejected": pl.Int64,
        "repaired": pl.Int64,
    }
)
LINES: Final = pl.Schema(
    {
        "file": pl.String,
        "lines": pl.Int64,
        "header": pl.Int64,
        "read": pl.Int64,
        "set_aside": pl.Int64,
        "continued": pl.Int64,
    }
)
REJECTIONS: Final = pl.Schema(
    {
        "file": pl.String,
        "line": pl.Int64,
        "column": pl.String,
        "value": pl.String,
        "reason": pl.String,
        "suggestion": pl.String,
    }
)
REPAIRS: Final = pl.Schema(
    {"file": pl.String, "column": pl.String, "repair": pl.String, "count": pl.Int64, "example": pl.String}
)
HEADERS: Final = pl.Schema({"file": pl.String, "label": pl.String, "column": pl.String, "how": pl.String})
NAMES: Final = pl.Schema(
    {
        "file": pl.String,
        "column": pl.String,
        "text": pl.String,
        "status": pl.String,
        "code": pl.String,
        "rows": pl.Int64,
    }
)
NOTICES: Final = pl.Schema(
    {"file": pl.String, "kind": pl.String, "count": pl.Int64, "rows": pl.Int64, "notice": pl.String}
)
SET_ASIDE: Final = pl.Schema({"file": pl.String, "line": pl.UInt32, "kind": pl.String, "text": pl.String})

COLUMNS: Final = frozenset({"unrecognised", "unused"})
"""Kinds of notices that are about a column that wasn't read."""
