"""Tables of sessions and seats as people edit them, read as the frames of a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from prai_match.errors import Problem, ProgrammeError
from prai_match.plan._book import Book
from prai_match.plan._columns import SEATS, SESSIONS
from prai_match.plan._faults_sessions import with_costs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from prai_match.plan._inputs import Inputs

_NEEDED = {
    "sessions": ("id", "session", "date", "host", "partner", "trainer"),
    "seats": ("session", "territory", "elected", "technicians"),
}


def edited(inputs: Inputs, sessions: Any, seats: Any) -> tuple[pl.DataFrame, pl.DataFrame]:  # noqa: ANN401
    """Return the frames of a plan from tables of sessions and seats (see `Plan.with_sessions`).

    Raises:
        ProgrammeError: A column is missing, or has values of another type.
    """
    tables = {"sessions": pl.DataFrame(sessions), "seats": pl.DataFrame(seats)}
    problems = [
        Problem(f"{name}.{column}", "no such column", "the column", "la colonne", "aucune colonne de ce nom")
        for name, columns in _NEEDED.items()
        for column in columns
        if column not in tables[name].columns
    ]
    if problems:
        raise ProgrammeError("Plan", problems)
    booked = inputs.places.filter("booked")["id"]
    held = _typed("sessions", tables["sessions"], SESSIONS).with_columns(booked=pl.col("id").is_in(booked.implode()))
    came = _typed("seats", tables["seats"], SEATS)
    if held["cost"].null_count():
        due = with_costs(Book.read(inputs, held, came)).select("id", due=pl.col("due").cast(pl.Decimal(12, 2)))
        known = inputs.held.select("id", was=pl.col("cost").cast(pl.Decimal(12, 2)))
        held = (
            held.join(due.unique("id"), on="id", how="left", maintain_order="left")
            .join(known, on="id", how="left", maintain_order="left")
            .with_columns(cost=pl.coalesce("cost", "due", "was", pl.lit(0).cast(pl.Decimal(12, 2))))
            .drop("due", "was")
        )
    return held, came.with_columns(pl.col("elected", "technicians").fill_null(0))


def _typed(name: str, table: pl.DataFrame, schema: Mapping[str, Any]) -> pl.DataFrame:
    """Return the columns of ``schema``, null where the table doesn't have them."""
    try:
        return table.select(
            (pl.col(column) if column in table.columns else pl.lit(None)).cast(kind).alias(column)
            for column, kind in schema.items()
        )
    except pl.exceptions.PolarsError as error:
        raise ProgrammeError("Plan", list(_mistyped(name, table, schema, error))) from error


def _mistyped(
    name: str, table: pl.DataFrame, schema: Mapping[str, Any], error: pl.exceptions.PolarsError
) -> Iterable[Problem]:
    """Tell the columns that can't be read as what they should be."""
    first = str(error).partition("\n")[0]
    yield Problem(name, f"{dict(table.schema)}: {first}", f"columns of the types {dict(schema)}")
