"""What a cell can hold: a text, a number, an amount, a boolean or a day. Everything else becomes one of these."""

from __future__ import annotations

import polars as pl

from prai_match.errors import PraiError

_CELLS = (pl.String, pl.Boolean, pl.Date, pl.Decimal, pl.Float64, pl.Null)
_LISTS = (pl.List, pl.Array)


def plain(frame: pl.DataFrame) -> pl.DataFrame:
    """A frame of texts, integers, floats, amounts (decimals), booleans and days only.

    A list is its items with a space between them, a structure its values with ``=`` between them (``09=3 31=2``); a
    moment, an hour or a duration is its ISO text.
    """
    return frame.select(_plain(pl.col(name), dtype, name) for name, dtype in frame.schema.items())


def _plain(column: pl.Expr, dtype: pl.DataType, name: str) -> pl.Expr:
    if dtype in _CELLS or dtype.is_integer():
        return column
    if dtype.is_float():
        return column.cast(pl.Float64)
    if dtype.is_temporal():
        return column.dt.to_string("iso")
    if isinstance(dtype, pl.Categorical | pl.Enum):
        return column.cast(pl.String)
    if isinstance(dtype, pl.Struct):
        parts = [_item(column.struct.field(field.name), field.dtype, name) for field in dtype.fields]
        return pl.when(column.is_not_null()).then(pl.concat_str(parts, separator="="))
    if isinstance(dtype, _LISTS):
        return column.cast(pl.List(dtype.inner)).list.eval(_item(pl.element(), dtype.inner, name)).list.join(" ")
    raise _unwritable(name, dtype)


def _item(value: pl.Expr, dtype: object, name: str) -> pl.Expr:
    """The text of a value inside a list or a structure."""
    if not isinstance(dtype, pl.DataType) or isinstance(dtype, _LISTS):
        raise _unwritable(name, dtype)
    return _plain(value, dtype, name).cast(pl.String).fill_null("")


def _unwritable(name: str, dtype: object) -> PraiError:
    return PraiError.of("prai_match.io", "no_cell_type", column=name, type=dtype)


def spelt(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """The values of a plain column as texts, with all their digits: ``43,6``, ``1250,50``, ``2007-03-31``, ``yes``."""
    text = column.cast(pl.String)
    if dtype == pl.Boolean:
        return text.replace({"true": "yes", "false": "no"})
    if dtype == pl.Decimal:
        return text.str.replace(".", ",", literal=True)
    if dtype == pl.Float64:
        return text.str.strip_suffix(".0").str.replace(".", ",", literal=True)
    return text
