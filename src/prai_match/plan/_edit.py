"""Tables of sessions and seats as people edit them, read as the frames of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.errors import Problem, ProgrammeError
from prai_match.io import full_years, loose_date
from prai_match.plan._candidates import SEATS, SESSIONS
from prai_match.plan._schedule import Numbers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from prai_match.plan._inputs import Inputs

_REQUIRED = {
    "sessions": ("id", "session", "date", "host", "partner", "trainer"),
    "seats": ("session", "territory", "elected", "technicians"),
}
_OPTIONAL = {"axis", "cost"}
"""What is read where it is given; all else is computed."""

_EXPECTED: dict[Any, str] = {pl.String: "text", pl.Date: "day", pl.Int64: "whole", pl.Decimal(12, 2): "amount"}
"""What values should be, as the catalogue of errors calls it."""


def read_tables(inputs: Inputs, sessions: Any, seats: Any) -> tuple[pl.DataFrame, pl.DataFrame]:  # noqa: ANN401
    """Return the frames of a plan from tables of sessions and seats (see `Plan.with_sessions`)."""
    tables = {"sessions": pl.DataFrame(sessions), "seats": pl.DataFrame(seats)}
    problems = [
        Problem.of("prai_match.plan", "no_column", f"{name}.{column}")
        for name, columns in _REQUIRED.items()
        for column in columns
        if column not in tables[name].columns
    ]
    if problems:
        raise ProgrammeError("Plan", problems)
    booked = inputs.places.filter("booked")["id"]
    rows = _cast("sessions", tables["sessions"], SESSIONS).with_columns(booked=pl.col("id").is_in(booked.implode()))
    came = _cast("seats", tables["seats"], SEATS)
    if rows["cost"].null_count():
        due = Numbers.read(inputs, rows, came).costs.select("id", due=pl.col("due").cast(pl.Decimal(12, 2)))
        record = inputs.record.select("id", was=pl.col("cost").cast(pl.Decimal(12, 2)))
        rows = (
            rows.join(due.unique("id"), on="id", how="left", maintain_order="left")
            .join(record, on="id", how="left", maintain_order="left")
            .with_columns(cost=pl.coalesce("cost", "due", "was"))
            .drop("due", "was")
        )
    return rows, came.with_columns(pl.col("elected", "technicians").fill_null(0))


def _cast(name: str, table: pl.DataFrame, schema: Mapping[str, Any]) -> pl.DataFrame:
    """Return the columns of ``schema``, null where the table doesn't have them or they are always computed."""
    columns, problems = [], []
    for column, kind in schema.items():
        if column not in table.columns or column not in {*_REQUIRED[name], *_OPTIONAL}:
            columns.append(pl.Series(column, [None], kind).new_from_index(0, table.height))
            continue
        columns.append(_read(table[column], kind))
        unreadable = table[column].is_not_null() & columns[-1].is_null()
        problems += [
            Problem.of("prai_match.plan", _EXPECTED[kind], f"{name}.{column}, row {row + 1}", repr(table[column][row]))
            for row in unreadable.arg_true()
        ]
    if problems:
        raise ProgrammeError("Plan", problems)
    return pl.DataFrame(columns)


def _read(values: pl.Series, kind: Any) -> pl.Series:  # noqa: ANN401 - a type of polars
    """Read values as ``kind``, null where they aren't; days are also read from texts, as offices write them."""
    if kind == pl.Date and values.dtype == pl.String:
        texts = values.str.strip_chars()
        days = full_years(texts.str.to_date("%Y-%m-%d", strict=False))
        odd = (days.is_null() & texts.is_not_null()).arg_true()
        return days.scatter(odd, loose_date(texts.gather(odd))) if odd.len() else days
    try:
        return values.cast(kind, strict=False)
    except pl.exceptions.PolarsError:
        return pl.Series(values.name, [None], kind).new_from_index(0, values.len())
