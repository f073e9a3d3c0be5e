"""Frames of any library, and Parquet, to a grid of their own types."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from prai_match.io._grids import _grid
from prai_match.io._grids._calendars import days_of_calendars
from prai_match.io._grids._footer import FalseFooterError, sizes
from prai_match.io._grids._grid import LONGEST_CELL, Grid, Origin, broken, column_names, unreadable
from prai_match.io._grids._header import is_blank, kinds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from prai_match.io._grids._memory import FileMemory

_COPIES: Final = 3
"""How many times what is in a column is there at once: as read, without empty texts, and in what is made of it."""

# pandas hands over its index as a column of this name.
_INDEX = re.compile(r"__index_level_\d+__")


def columnar(frame: pl.DataFrame, origin: Origin) -> Grid:
    """Make a grid of a frame: its columns keep their types, its rows are numbered from 1."""
    cells = frame.rename(dict(zip(frame.columns, column_names(frame.width), strict=True)))
    lines = pl.int_range(1, cells.height + 1, dtype=pl.UInt32, eager=True)
    return typed(frame.columns, cells, lines, origin)


def typed(labels: Sequence[str], cells: pl.DataFrame, lines: pl.Series, origin: Origin) -> Grid:
    """Make a grid of typed cells, setting aside blank rows and totals."""
    if not cells.width:
        raise unreadable(origin.file, "no_column")
    cells, lines = days_of_calendars(_plain(cells), origin.file), lines.alias("line")
    extent = cells.height
    huge, cells, lines = _huge(cells, lines)
    aside = kinds(cells)
    set_aside = [(lines[row], kind, "" if kind == "blank" else _text(cells.row(row))) for row, kind in aside.items()]
    if aside:
        stay = ~pl.int_range(cells.height, eager=True).is_in(list(aside))
        cells, lines = cells.filter(stay), lines.filter(stay)
    return Grid(
        *origin,
        header_line=None,
        header=tuple("" if is_blank(label) else label for label in labels),
        cells=cells,
        lines=lines,
        faults=_grid.faults(huge),
        repairs=(),
        set_aside=_grid.set_aside(set_aside),
        extent=extent,
    )


def _huge(cells: pl.DataFrame, lines: pl.Series) -> tuple[list[tuple[int, str, str]], pl.DataFrame, pl.Series]:
    """Faults of the rows with a text longer than a cell is, and the rows and lines without them."""
    texts = [name for name, dtype in cells.schema.items() if dtype == pl.String]
    if not texts or not cells.height:
        return [], cells, lines
    which = cells.select(pl.any_horizontal(pl.col(texts).str.len_chars() > LONGEST_CELL).fill_null(value=False))
    huge = which.to_series()
    if not huge.any():
        return [], cells, lines
    rows = zip(lines.filter(huge), cells.filter(huge).iter_rows(), strict=True)
    return [(line, _text(row), "huge_cell") for line, row in rows], cells.filter(~huge), lines.filter(~huge)


def _plain(frame: pl.DataFrame) -> pl.DataFrame:
    """Categories to texts, and texts that are empty to null."""
    texts = [name for name, dtype in frame.schema.items() if dtype in (pl.String, pl.Categorical, pl.Enum)]
    return frame.with_columns(pl.col(texts).cast(pl.String)).with_columns(
        pl.when(pl.col(texts) != "").then(pl.col(texts))
    )


def _text(row: tuple[object, ...]) -> str:
    return ";".join("" if cell is None else str(cell) for cell in row)


def collect(source: pl.LazyFrame, file: str) -> pl.DataFrame:
    try:
        return source.collect()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise unreadable(file, "no_frame", str(error)) from error


def from_arrow(source: Any, file: str) -> pl.DataFrame | list[dict[str, object]]:  # noqa: ANN401 - speaks Arrow
    """Take a frame of another library through Arrow, without the index of pandas.

    Give records where pandas can't hand it over, as a column of its has values of several types.
    """
    # pyarrow says `column_names` what pandas says `columns`.
    labels = [str(label) for label in getattr(source, "column_names", getattr(source, "columns", ()))]
    if twice := [label for label in labels if labels.count(label) > 1]:
        raise unreadable(file, "column_twice", f"{twice[0]!r} × {labels.count(twice[0])}")
    of_pandas = bool(labels) and hasattr(source, "to_dict")
    try:
        frame = pl.DataFrame(source)
    except (TypeError, ValueError, NotImplementedError, pl.exceptions.PolarsError) as error:
        if not of_pandas:
            raise unreadable(file, "no_frame", str(error)) from error
    else:
        # Periods are numbers to Arrow.
        if not (of_pandas and any(isinstance(dtype, pl.BaseExtension) for dtype in frame.dtypes)):
            return frame.drop(name for name in frame.columns if _INDEX.fullmatch(name))
    return list(source.to_dict("records"))


def parquet(data: bytes, share: FileMemory) -> pl.DataFrame:
    """Read a Parquet file."""
    with broken(share.file, "broken_parquet", FalseFooterError, pl.exceptions.PolarsError, OSError):
        pages, values = sizes(data)
        share.take(pages + _COPIES * values)
        frame = pl.read_parquet(io.BytesIO(data))
    # Texts that are all alike are one text until something is made of them.
    share.take(_COPIES * sum(map(_length, frame)))
    return frame


def _length(column: pl.Series) -> int:
    """The bytes of all texts of a column."""
    while isinstance(column.dtype, pl.List | pl.Array):
        column = column.explode()
    if column.dtype in (pl.Categorical, pl.Enum):
        counts = column.rename("text").value_counts(name="rows")
        return int((counts["text"].cast(pl.String).str.len_bytes() * counts["rows"]).sum())
    if isinstance(column.dtype, pl.Struct):
        return sum(map(_length, column.struct.unnest()))
    if column.dtype == pl.Binary:
        return int(column.bin.size().sum())
    return int(column.str.len_bytes().sum()) if column.dtype == pl.String else 0
