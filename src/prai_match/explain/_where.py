"""The rows of a table that are asked for, by the values of its columns or by expressions."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl

from prai_match.errors import UnknownCodeError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_HOLDS = "holds"
_NUMBERS = (int, float, Decimal)
_KINDS: Mapping[type[pl.DataType], tuple[str, tuple[type, ...], type[pl.DataType]]] = {
    pl.String: ("texts", (str,), pl.String),
    pl.Float64: ("numbers", _NUMBERS, pl.Float64),
    pl.Decimal: ("amounts", _NUMBERS, pl.Float64),
    pl.Date: ("days", (dt.date,), pl.Date),
}
"""By the type of a column: what its values are, their types in Python, and as what they are compared."""


def where(table: pl.DataFrame, conditions: Iterable[object], columns: Mapping[str, object]) -> pl.DataFrame:
    """Return the rows of ``table`` for which all conditions hold (see `Recommendations.where`).

    Args:
        table: The table.
        conditions: Expressions over its columns; where one is unknown, it doesn't hold.
        columns: One value a column, or several of which it has one; None: what isn't known.
    """
    asked = [
        *(_checked(table, condition) for condition in conditions),
        *(_one_of(table, name, value) for name, value in columns.items()),
    ]
    return table.filter(*asked) if asked else table


def _checked(table: pl.DataFrame, condition: object) -> pl.Expr:
    """Return a condition that can be asked of each row."""
    if not isinstance(condition, pl.Expr):
        msg = f"a condition is an expression of polars, such as pl.col('score') > 50, not {condition!r}"
        raise TypeError(msg)
    for name in condition.meta.root_names():
        _known(table, name)
    try:
        holds = table.with_columns(condition.alias(_HOLDS)).get_column(_HOLDS)
    except pl.exceptions.PolarsError as error:
        msg = f"{condition} can't be evaluated on the table: {str(error).splitlines()[0]}"
        raise TypeError(msg) from error
    if holds.dtype != pl.Boolean:
        msg = f"a condition is true or false for each row; {condition} is not"
        raise TypeError(msg)
    return condition


def _one_of(table: pl.DataFrame, name: str, value: object) -> pl.Expr:
    """Return the condition that a column has a value, or one of several."""
    _known(table, name)
    said, types, compared = _KINDS[table.schema[name].base_type()]
    several = value if isinstance(value, (list, tuple, set, frozenset)) else (value,)
    for each in several:
        if each is not None and (not isinstance(each, types) or isinstance(each, bool)):
            msg = f"the column {name!r} holds {said}, not {each!r}"
            raise TypeError(msg)
    values = pl.Series([_compared(each) for each in several], dtype=compared)
    return pl.col(name).cast(compared).is_in(values.implode(), nulls_equal=True)


def _compared(value: object) -> object:
    """Return a moment as its day, an amount as a number."""
    match value:
        case dt.datetime():
            return value.date()
        case Decimal():
            return float(value)
        case _:
            return value


def _known(table: pl.DataFrame, name: str) -> None:
    if name not in table.columns:
        raise UnknownCodeError("column", name, nearest(name, table.columns))
