"""A frame as CSV or TSV: UTF-8 with its mark, CRLF, decimal commas, ISO dates, nothing that a spreadsheet computes."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import polars as pl

from prai_match.io._writing._apostrophes import neutralised
from prai_match.io._writing._plain import plain, spelt

if TYPE_CHECKING:
    from typing import Literal


def csv_bytes(frame: pl.DataFrame, separator: Literal[";", "\t"]) -> bytes:
    """The bytes of a frame, each number with all its digits."""
    frame = plain(frame)
    texts = frame.select(_text(pl.col(name), dtype) for name, dtype in frame.schema.items())
    # An empty line is no row to those who read it, so that an empty text is quoted there, and only there.
    texts = texts.fill_null("") if texts.width == 1 else texts.select(pl.when(pl.all() != "").then(pl.all()))
    names = pl.DataFrame({"name": texts.columns}, {"name": pl.String}).select(neutralised(pl.col("name")))
    texts.columns = names["name"].to_list()
    out = BytesIO()
    texts.write_csv(out, include_bom=True, separator=separator, line_terminator="\r\n")
    return out.getvalue()


def _text(column: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    text = spelt(column, dtype)
    if dtype == pl.Float64:
        # "-inf" is a name to a spreadsheet, with a sign before it.
        return pl.when(column.is_infinite()).then(neutralised(text)).otherwise(text)
    return neutralised(text) if dtype == pl.String else text
