"""What a sheet can hold, whatever its format, and how it is laid out."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

import polars as pl

from prai_match.errors import PraiError
from prai_match.io._writing._plain import spelt
from prai_match.text import number

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_ROWS, MOST_COLUMNS, MOST_CHARACTERS = 1_048_576, 16_384, 32_767
_DIGITS = 15
"""A spreadsheet keeps that many digits of an integer or an amount."""
_FIRST_DAY = dt.date(1900, 3, 1)
"""Spreadsheets don't agree on what comes before."""
_NARROWEST, _WIDEST = 8, 60
_NAME = 31


def check_size(frame: pl.DataFrame) -> None:
    """Refuse a plain frame that a spreadsheet would cut.

    Raises:
        PraiError: It has too many rows or columns, or a text is too long.
    """
    for count, most, what, what_fr in (
        (frame.height + 1, MOST_ROWS, "rows with the header", "lignes avec l'en-tête"),
        (frame.width, MOST_COLUMNS, "columns", "colonnes"),
    ):
        if count > most:
            raise PraiError(
                f"a sheet holds {most:,} {what}, not {count:,}; write it as CSV or Parquet",
                f"une feuille tient {number(most, 0, 'fr')} {what_fr}, et non {number(count, 0, 'fr')} ;"
                " l'écrire en CSV ou en Parquet",
            )
    for column in _texts(frame):
        if (column.str.len_bytes() > MOST_CHARACTERS).any():
            # Characters beyond the first 65,536 of Unicode count twice.
            units = column.str.len_chars() + column.str.count_matches("[\U00010000-\U0010ffff]")
            row = units.arg_max() or 0
            if units[row] > MOST_CHARACTERS:
                room, needed = (number(each, 0, "fr") for each in (MOST_CHARACTERS, units[row]))
                raise PraiError(
                    f"a cell holds {MOST_CHARACTERS:,} characters, not the {units[row]:,} of row {row + 1} of"
                    f" {column.name!r}; write it as CSV or Parquet",
                    f"une cellule tient {room} caractères, et non les {needed} de la ligne {row + 1} de"
                    f" {column.name!r} ; l'écrire en CSV ou en Parquet",
                )


def check_characters(frame: pl.DataFrame, missing: str, format_name: str) -> None:
    """Refuse a plain frame that has a character which the format can't hold (a class of a regular expression).

    Raises:
        PraiError: One has.
    """
    for column in _texts(frame):
        found = column.str.extract(f"({missing})")
        if found.count():
            row = found.is_not_null().arg_max() or 0
            character = f"U+{ord(found[row]):04X}"
            raise PraiError(
                f"{format_name} has no character {character}, which stands in row {row + 1} of {column.name!r};"
                " write it as CSV or Parquet",
                f"{format_name} n'a pas le caractère {character}, ligne {row + 1} de {column.name!r} ; l'écrire en CSV"
                " ou en Parquet",
            )


def _texts(frame: pl.DataFrame) -> tuple[pl.Series, ...]:
    return pl.Series("header", frame.columns, pl.String), *frame.select(pl.col(pl.String)).iter_columns()


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
    """A name that a sheet can have."""
    clean = re.sub(r"[\[\]:*?/\\\x00-\x1f\x7f￾￿]", " ", name)
    cut = clean.encode("utf-16-le")[: 2 * _NAME].decode("utf-16-le", "ignore").strip("' ")
    # Excel keeps that one for itself.
    return f"{cut}_" if cut.lower() == "history" else cut or "prai_match"
