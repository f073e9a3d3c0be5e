"""One way to write a frame in each format."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, get_args

import polars as pl

from prai_match._words import hint
from prai_match.errors import PraiError, nearest
from prai_match.files import put
from prai_match.io._writing._columnar import json_bytes, parquet_bytes
from prai_match.io._writing._csv import csv_bytes
from prai_match.io._writing._ods import ods_bytes
from prai_match.io._writing._xlsx import xlsx_bytes

if TYPE_CHECKING:
    import os

Format = Literal["csv", "tsv", "xlsx", "ods", "parquet", "json"]
FORMATS: tuple[Format, ...] = get_args(Format)
"""The formats that are written; each is also the suffix of its files."""


class ArrowStream(Protocol):
    """A table of any library that speaks Arrow."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Hand the table over."""


def write(frame: pl.DataFrame | ArrowStream, path: str | os.PathLike[str], *, sheet: str | None = None) -> Path:
    r"""Write a frame to a file, in the format that its suffix says; the file appears whole or not at all.

    - ``.csv`` and ``.tsv``, for a French spreadsheet: UTF-8 with its mark, ``;`` (or a tabulation) between cells, CRLF,
      decimal commas, ISO dates, *yes* and *no*; a text that a spreadsheet would compute, as ``=1+1``, or a part of one
      that it would with another separator, as in ``x,=1+1``, has an apostrophe before it, which reading takes away.
    - ``.xlsx`` and ``.ods``: typed cells; texts are never formulas.
    - ``.parquet``: the frame as it is.
    - ``.json``: an array of objects; dates are ISO texts, amounts texts of all their digits, such as ``"1250.50"``.

    Every number keeps all its digits; one that a spreadsheet would round, or doesn't know (NaN), is a text there, as is
    a day before March 1900. Lists stay lists in Parquet and JSON; in a cell they are their items with a space between
    them. In spreadsheets and CSV an empty text and an empty cell are the same.

    Args:
        frame: A polars frame, or anything that speaks Arrow: recommendations, a pandas frame, an Arrow table…
        path: The file; what stood there is replaced.
        sheet: Name of the sheet of a workbook; None: that of the file.

    Returns:
        The path.

    Raises:
        PraiError: The suffix is none of these, the extra ``io`` is not installed, or the format can't hold the frame: a
            sheet has at most 1,048,576 rows and 32,767 characters in a cell.
        OSError: The file can't be written; what stood there is whole.

    Example:
        >>> import tempfile
        >>> import polars as pl
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     path = write(pl.DataFrame({"axis": ["refonte"], "score": [61.25]}), f"{folder}/scores.csv")
        ...     path.read_text("utf-8-sig")
        'axis;score\nrefonte;61,25\n'
    """
    path = Path(path)
    suffix = path.suffix.lower().removeprefix(".")
    put(path, encoded(frame, suffix, sheet=path.stem if sheet is None else sheet))
    return path


def write_csv(frame: pl.DataFrame, path: str | os.PathLike[str]) -> Path:
    r"""Write a frame of results as CSV, whatever the suffix; numbers are rounded at six decimals.

    Args:
        frame: Columns of texts, numbers, amounts and dates.
        path: The file; what stood there is replaced.

    Returns:
        The path.

    Raises:
        PraiError: A column holds what no cell can.
        OSError: The file can't be written; what stood there is whole.

    Example:
        >>> import tempfile
        >>> frame = pl.DataFrame({"session": ["sig"], "score": [61.25]})
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     write_csv(frame, f"{folder}/scores.txt").read_text("utf-8-sig")
        'session;score\nsig;61,25\n'
    """
    path = Path(path)
    put(path, encoded(frame.with_columns(pl.col(pl.Float32, pl.Float64).round(6)), "csv"))
    return path


def encoded(frame: pl.DataFrame | ArrowStream, format: str, *, sheet: str = "") -> bytes:  # noqa: A002 - the word for it
    r"""Return the bytes of a frame in a format: see ``write``. The same frame gives the same bytes.

    Args:
        frame: A polars frame, or anything that speaks Arrow.
        format: One of ``FORMATS``.
        sheet: Name of the sheet of a workbook; one that none can have is mended.

    Returns:
        The bytes of the file.
    """
    frame = frame if isinstance(frame, pl.DataFrame) else pl.DataFrame(frame)
    match format:
        case "csv":
            return csv_bytes(frame, ";")
        case "tsv":
            return csv_bytes(frame, "\t")
        case "xlsx":
            return xlsx_bytes({sheet: frame})
        case "ods":
            return ods_bytes(frame, sheet)
        case "parquet":
            return parquet_bytes(frame)
        case "json":
            return json_bytes(frame)
    near = hint(nearest(format, FORMATS))
    raise PraiError.of("prai_match.io", "no_format", format=format, known=", ".join(FORMATS), near=near)
