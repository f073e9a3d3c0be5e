"""A frame of results as a CSV that French spreadsheets open."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from prai_match.io import _csv
from prai_match.io._cells import AMOUNT, DATE, NUMBER, TEXT

if TYPE_CHECKING:
    import os

    import polars as pl


def write_csv(frame: pl.DataFrame, path: str | os.PathLike[str]) -> Path:
    """Write a frame as CSV: UTF-8 with its mark, ``;`` between cells, decimal commas, ISO dates.

    A text that a spreadsheet would compute, as ``=1+1``, is written with an apostrophe before it. The file appears
    whole or not at all.

    Args:
        frame: Columns of texts, numbers, amounts and dates.
        path: The file; what stood there is replaced.

    Returns:
        The path.

    Raises:
        OSError: The file can't be written.
    """
    path = Path(path)
    data = _csv.written(frame.columns, ([_cell(value) for value in row] for row in frame.iter_rows()))
    draft = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        draft.write_bytes(data)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return AMOUNT.write(value)
    if isinstance(value, float):
        return NUMBER.write(round(value, 6))
    if isinstance(value, dt.date):
        return DATE.write(value)
    return TEXT.write(str(value))
