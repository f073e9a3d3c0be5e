"""A table as it is given: a frame of any library, rows, or a cursor of a database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
from polars.exceptions import PanicException, PolarsError

from prai_match._arguments._values import iterable, mapping, refused
from prai_match.errors import ArgumentError


def rows(value: object, name: str) -> pl.DataFrame | list[Any]:
    """Return rows of a table: models or dictionaries as they are, anything else as a frame (see `frame`)."""
    if isinstance(value, list | tuple) and all(isinstance(row, Mapping) or hasattr(row, "model_dump") for row in value):
        return list(value)
    return frame(value, name)


def frame(value: object, name: str) -> pl.DataFrame:
    """Return a table as a frame of polars.

    It may be a frame of any library that speaks Arrow, a dictionary of columns, rows as dictionaries, models or rows
    of ``sqlite3``, or a cursor of a database that was executed.
    """
    try:
        if isinstance(value, pl.LazyFrame):
            return value.collect(engine="in-memory")
        if isinstance(value, pl.DataFrame) or hasattr(value, "__arrow_c_stream__"):
            return pl.DataFrame(value)
        if isinstance(value, Mapping):
            return pl.DataFrame(mapping(value, name))
        if hasattr(value, "fetchall") and hasattr(value, "description"):
            names = [column[0] for column in value.description or ()]
            return pl.DataFrame(value.fetchall(), schema=names, orient="row", infer_schema_length=None)
        rows = [_row(row) for row in iterable(value, name, "frame")]
        return pl.DataFrame(rows, infer_schema_length=None)
    except (PolarsError, PanicException, TypeError, ValueError, OverflowError) as error:
        if isinstance(error, ArgumentError):
            raise
        raise refused(name, value, "frame") from error


def _row(row: Any) -> dict[str, Any]:  # noqa: ANN401 - a row of whatever library
    if hasattr(row, "model_dump"):
        return dict(row.model_dump())
    if isinstance(row, Mapping):
        return dict(row)
    if not hasattr(row, "keys") or isinstance(row, type):
        raise TypeError
    return {key: row[key] for key in row.keys()}  # noqa: SIM118 - a row of sqlite3 iterates values
