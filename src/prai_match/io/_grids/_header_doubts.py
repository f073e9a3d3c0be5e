"""What is taken for something else and reads as rows: above the header, below a second one, within a cell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import polars as pl

from prai_match.io._grids._header import full, is_blank, is_number_or_date, kind_of
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


def are_labels(cells: Sequence[str | None], is_label: Callable[[str], bool]) -> bool:
    """Whether a row is one of labels: two of them are known at least, and half of those it has."""
    texts = full(cells)
    labels = set(filter(is_label, texts))
    return len(labels) >= _ENOUGH and 2 * len(labels) >= len(texts)


def of_data(rows: Sequence[Sequence[str | None]], width: int, is_label: Callable[[str], bool]) -> list[bool]:
    """Which of the rows above a header of so many labels read as data.

    Those below another row of labels, if they have two cells with something at least. Else those that are as wide as
    the table, or have three cells at least of which one is a number or a date.
    """
    answers, below = [], False
    for row in rows:
        labels, texts = are_labels(row, is_label), full(row)
        enough = not kind_of(row) and len(texts) >= (_ENOUGH if below else _TABLE)
        below = below or labels
        wide = below or len(texts) >= width or any(map(is_number_or_date, texts))
        answers.append(not labels and enough and wide)
    return answers


def second_headers(
    cells: pl.DataFrame, header: Sequence[str], is_label: Callable[[str], bool]
) -> tuple[list[int], list[int]]:
    """Which rows below a header, from 0, repeat it, and which are other rows of labels.

    A row of labels has two that are known, so that one of them is not in the column of the most different texts: the
    texts of that one are looked at in the rows only that are left.
    """
    columns = sorted(cells.columns, key=lambda name: cells[name].n_unique())
    rows, count = cells.with_row_index("row"), pl.Series("count", [0], pl.UInt32)
    count = count.new_from_index(0, cells.height)
    for name in columns:
        if name == columns[-1]:
            some = count > 0
            rows, count = rows.filter(some), count.filter(some)
        texts = rows[name].filter(rows[name].str.contains(_LABEL)).unique()
        labels = [text for text in texts if is_label(text)]
        if labels:
            count += rows[name].is_in(labels).fill_null(value=False)
    again: list[int] = []
    others: list[int] = []
    for row, *row_cells in rows.filter(count >= _ENOUGH).iter_rows():
        if are_labels(row_cells, is_label):
            (again if _plain(row_cells) == _plain(header) else others).append(row)
    return again, others


def _plain(cells: Iterable[str | None]) -> list[str]:
    return [(cell or "").strip().casefold() for cell in cells]


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
