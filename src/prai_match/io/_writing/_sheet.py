"""What a cell and a sheet can hold, whatever the format, and how a sheet is laid out.

A cell holds a text, a number, an amount, a boolean or a day. Everything else becomes one of these.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

import polars as pl

from prai_match.errors import Lang, PraiError
from prai_match.io._grids._grid import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS
from prai_match.text import LANGUAGES, number

_DIGITS = 15  # a spreadsheet keeps that many digits of an integer or an amount
_FIRST_DAY = dt.date(1900, 3, 1)  # spreadsheets don't agree on what comes before
_NARROWEST, _WIDEST = 8, 60
_NAME = 31
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
    return text.str.strip_suffix(".0").str.replace(".", ",", literal=True) if dtype == pl.Float64 else text


def laid_out(frame: pl.DataFrame, missing: str, format_name: str) -> pl.DataFrame:
    """The plain frame, as large as a sheet can be; ``missing`` is a class of characters that the format can't hold."""
    frame = plain(frame)
    for key, count, most in (("many_rows", frame.height + 1, MOST_ROWS), ("many_columns", frame.width, MOST_COLUMNS)):
        if count > most:
            raise PraiError.of("prai_match.io", key, most=_number(most), count=_number(count))
    texts = pl.Series("header", frame.columns, pl.String), *frame.select(pl.col(pl.String)).iter_columns()
    for column in texts:
        if (column.str.len_bytes() > LONGEST_CELL).any():
            # Characters beyond the first 65,536 of Unicode count twice.
            units = column.str.len_chars() + column.str.count_matches("[\U00010000-\U0010ffff]")
            row = units.arg_max() or 0
            if units[row] > LONGEST_CELL:
                room, length = _number(LONGEST_CELL), _number(units[row])
                where = {"row": row + 1, "column": column.name}
                raise PraiError.of("prai_match.io", "long_text", most=room, count=length, **where)
    for column in texts:
        if (characters := column.str.extract(f"({missing})")).count():
            row = characters.is_not_null().arg_max() or 0
            character, where = f"U+{ord(characters[row]):04X}", {"row": row + 1, "column": column.name}
            raise PraiError.of("prai_match.io", "no_character", format=format_name, character=character, **where)
    return frame


def _number(count: int) -> dict[Lang, str]:
    return {lang: number(count, 0, lang) for lang in LANGUAGES}


def fits(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Whether a spreadsheet holds each value of a plain column as it is; the others are written as texts."""
    if dtype == pl.Float64:
        return column.is_finite()
    if dtype == pl.Date:
        return column.ge(_FIRST_DAY)
    if dtype.is_integer():
        return column.cast(pl.Int128).abs().lt(10**_DIGITS)
    if isinstance(dtype, pl.Decimal):
        return column.cast(pl.String).str.count_matches(r"\d").le(_DIGITS)
    return pl.lit(value=True)


def widths(frame: pl.DataFrame) -> list[int]:
    """Width of each column in characters, from its longest line; room for the button of the filter."""
    lines = frame.select(
        spelt(pl.col(name), dtype).str.split("\n").list.eval(pl.element().str.len_chars()).list.max().max()
        if dtype == pl.String
        else spelt(pl.col(name), dtype).str.len_chars().max()
        for name, dtype in frame.schema.items()
    ).to_dicts()
    longest: Mapping[str, int | None] = lines[0] if lines else {}
    return [min(max(_NARROWEST, len(name) + 3, (longest[name] or 0) + 2), _WIDEST) for name in frame.columns]


def sheet_name(name: str) -> str:
    clean = re.sub(r"[\[\]:*?/\\\x00-\x1f\x7f￾￿]", " ", name)
    cut = clean.encode("utf-16-le")[: 2 * _NAME].decode("utf-16-le", "ignore").strip("' ")
    # Excel keeps that one for itself.
    return f"{cut}_" if cut.lower() == "history" else cut or "prai_match"
