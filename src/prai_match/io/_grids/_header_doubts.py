"""What is taken for something else and reads as rows: above the header, below a second one, within a cell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import polars as pl

from prai_match.io._grids._header import is_blank, is_number_or_date, kind_of
from prai_match.io._grids._lines import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from prai_match.io._grids._lines import Record

ABOVE: Final = "above_header"
SECOND: Final = "second_header"
SWALLOWED: Final = "swallowed_rows"

_ENDS: Final = re.compile(r"\r\n|\r|\n")
_ENOUGH: Final = 2
"""Labels that are known, for a row to be one of labels; cells with something, for one below it to be of data."""
_TABLE: Final = 3
"""Cells with something, for a row to be of data where no row of labels is above it: a title may have two."""
_LABEL: Final = r"^[^0-9]{1,60}$"


def are_labels(cells: Sequence[str | None], known: Callable[[str], bool]) -> bool:
    """Whether a row is one of labels: two of them are known at least, and half of those it has."""
    filled = [cell for cell in cells if cell is not None and not is_blank(cell)]
    labels = {cell for cell in filled if known(cell)}
    return len(labels) >= _ENOUGH and 2 * len(labels) >= len(filled)


def of_data(rows: Sequence[Sequence[str | None]], width: int, known: Callable[[str], bool]) -> list[bool]:
    """Which of the rows above a header read as data.

    Those below another row of labels, if they have two cells with something at least. Else those that are as wide as
    the table, or have three cells at least of which one is a number or a date.

    Args:
        rows: The rows above the header.
        width: How many labels the header has.
        known: Whether a label is that of a known column.
    """
    found, below = [], False
    for row in rows:
        filled = [cell for cell in row if cell is not None and not is_blank(cell)]
        if are_labels(row, known):
            below = True
            found.append(False)
        elif kind_of(row) or len(filled) < (_ENOUGH if below else _TABLE):
            found.append(False)
        else:
            found.append(below or len(filled) >= width or any(map(is_number_or_date, filled)))
    return found


def second_headers(cells: pl.DataFrame, known: Callable[[str], bool]) -> list[int]:
    """Which rows below a header are rows of labels, from 0.

    A row of labels has two that are known, so that one of them is not in the column of the most different texts: the
    texts of that one are looked at in the rows only that are left.
    """
    columns = sorted(cells.columns, key=lambda name: cells[name].n_unique())
    rows, count = cells.with_row_index("row"), pl.Series("known", [0], pl.UInt32)
    count = count.new_from_index(0, cells.height)
    for name in columns:
        if name == columns[-1]:
            kept = count > 0
            rows, count = rows.filter(kept), count.filter(kept)
        texts = rows[name].filter(rows[name].str.contains(_LABEL)).unique()
        labels = [text for text in texts if known(text)]
        if labels:
            count += rows[name].is_in(labels).fill_null(value=False)
    found = rows.filter(count >= _ENOUGH)
    return [row[0] for row in found.iter_rows() if are_labels(row[1:], known)]


def swallows(record: Record, lines: pl.Series, separator: str, width: int) -> bool:
    """Whether lines of a record are rows of their own, as the quotes of a cell were closed too late.

    A line is one that has as many cells as the table, if no separator is followed by a blank, as in a sentence, or if a
    cell is a number or a date.
    """
    inner = [line for cell in record.cells for line in _ENDS.split(cell)[1:]]
    outer = lines.slice(record.start + 1, record.end - record.start - 1)
    return width > 1 and any(_is_row(line, separator, width) for line in (*inner, *outer))


def _is_row(line: str, separator: str, width: int) -> bool:
    # Where the quotes of another cell close there is one more than a row has.
    if line.count(separator) < width - 1 or line.count('"') % 2:
        return False
    record = Reader(pl.Series([line]), separator).record(0) if '"' in line else None
    cells = record.cells if record else line.split(separator)
    while len(cells) > width and is_blank(cells[-1]):
        cells.pop()
    if len(cells) != width or kind_of(cells) or (record and any('"' in cell for cell in cells)):
        return False
    if any(map(is_number_or_date, cells)):
        return True
    return not any(cell.startswith((" ", "\xa0")) for cell in cells[1:])


def same_labels(cells: Iterable[str | None], header: Sequence[str]) -> bool:
    """Whether a row repeats the header."""
    return [(cell or "").strip().casefold() for cell in cells] == [label.strip().casefold() for label in header]
