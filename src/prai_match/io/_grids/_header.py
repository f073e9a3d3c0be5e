"""Detection of the header row, of rows that aren't data, and of data rows that could be mistaken for others."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, TypeVar

import polars as pl

from prai_match.io._grids._text import Reader, TextRecord
from prai_match.text import without_accents

_Cell = TypeVar("_Cell")
HEAD: Final = 30  # number of rows, without blank ones, among which the header is searched

# White space of Unicode, and invisible characters that broken exports leave.
BLANKS: Final = (
    "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\x00\u200b\ufeff"
)
_TOTALS: Final = frozenset({"total", "totaux", "total general", "sous total", "ensemble"})
# What may begin a total, too wide on purpose: `is_total` decides.
_MAYBE_TOTAL: Final = r"(?i:tota|sous.?tota|ensemble)"
_LONGEST_TOTAL: Final = 60
_AMOUNT: Final = r"[-+]?\s*(?:€\s*)?\d[\d\s.,']*\s*(?:[€%]|eur|euros)?"
_NUMBER: Final = re.compile(_AMOUNT, re.IGNORECASE)
_NUMBER_OR_DATE: Final = re.compile(rf"{_AMOUNT}|\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}}(?:[T\s].*)?", re.IGNORECASE)
_ENDS: Final = re.compile(r"\r\n|\r|\n")
# Known labels needed for a row of labels; filled cells needed for a row of data below it.
_ENOUGH: Final = 2
# Filled cells needed for a row of data without a row of labels above: a title may have two.
_TABLE: Final = 3
_LABEL: Final = r"^[^0-9]{1,60}$"


def is_blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip(BLANKS))


def is_total(text: str) -> bool:
    if len(text) > _LONGEST_TOTAL:
        return False
    return " ".join(without_accents(text).casefold().strip(BLANKS + ":").replace("-", " ").split()) in _TOTALS


def full(cells: Iterable[_Cell | None]) -> list[_Cell]:
    return [cell for cell in cells if cell is not None and not is_blank(cell)]


def kind_of(cells: Iterable[object]) -> str | None:
    """Return ``"blank"``, ``"total"``, or None if the row is data."""
    if not (texts := full(cells)):
        return "blank"
    first, *others = texts
    # A row of data may begin with such a word; a total has only numbers besides it.
    return "total" if isinstance(first, str) and is_total(first) and all(map(_is_number, others)) else None


def _is_number(cell: object) -> bool:
    return not isinstance(cell, str) or _NUMBER.fullmatch(cell.strip(BLANKS)) is not None or is_total(cell)


def maybe_set_aside(separator: str) -> str:
    """Return the pattern of lines that may be blank or totals, to be checked one by one."""
    return f'^[{re.escape(BLANKS)}{re.escape(separator)}"]*(?:$|{_MAYBE_TOTAL})'


def header_row(rows: Sequence[Sequence[str | None]], is_label: Callable[[str], bool]) -> int | None:
    """Return which of the first rows, none of them blank, is the header.

    It is the first of those with the most known labels. If no label is known, it is the first that holds only texts and
    is at least half as wide as the widest row, with at least two cells: labels may be missing, titles have one cell.
    """
    cells = [full(row) for row in rows[:HEAD]]
    labels = [len({cell for cell in row if is_label(cell)}) for row in cells]
    if best := max(labels, default=0):
        return labels.index(best)
    texts = [len(row) if not any(map(is_number_or_date, row)) else 0 for row in cells]
    widest = max(texts, default=0)
    enough = max(min(widest, 2), widest // 2)
    return next((place for place, count in enumerate(texts) if count >= enough), None) if widest else None


def is_number_or_date(cell: str) -> bool:
    return _NUMBER_OR_DATE.fullmatch(cell.strip(BLANKS)) is not None


def kinds(cells: pl.DataFrame) -> dict[int, str]:
    """Return the rows of a typed frame that aren't data: row number (from 0) to ``"blank"`` or ``"total"``."""
    pattern = f"^[{re.escape(BLANKS)}]*(?:$|{_MAYBE_TOTAL})"
    conditions = [
        pl.col(name).str.contains(pattern).fill_null(value=True) if dtype == pl.String else pl.col(name).is_null()
        for name, dtype in cells.schema.items()
    ]
    # A row is checked one by one if its first non-null cell may begin a total, or all cells are empty.
    maybe = cells.with_row_index("row").filter(conditions[0]) if conditions else pl.DataFrame()
    return {row[0]: kind for row in maybe.iter_rows() if (kind := kind_of(row[1:]))}


def are_labels(cells: Sequence[str | None], is_label: Callable[[str], bool]) -> bool:
    """Return whether a row consists of labels: at least two, and at least half of its cells, are known labels."""
    texts = full(cells)
    labels = set(filter(is_label, texts))
    return len(labels) >= _ENOUGH and 2 * len(labels) >= len(texts)


def of_data(rows: Sequence[Sequence[str | None]], width: int, is_label: Callable[[str], bool]) -> list[bool]:
    """Return which rows above a header with so many labels look like data.

    Below another row of labels, those with at least two filled cells; otherwise those that are as wide as the table, or
    have at least three cells including a number or a date.
    """
    answers, below = [], False
    for row in rows:
        labels, texts = are_labels(row, is_label), full(row)
        enough = not kind_of(row) and len(texts) >= (_ENOUGH if below else _TABLE)
        below = below or labels
        answers.append(not labels and enough and (below or len(texts) >= width or any(map(is_number_or_date, texts))))
    return answers


def second_headers(
    cells: pl.DataFrame, header: Sequence[str], is_label: Callable[[str], bool]
) -> tuple[list[int], list[int]]:
    """Return which rows below a header, from 0, repeat it, and which are other rows of labels.

    A row of labels has two known ones, so at least one isn't in the column with the most distinct texts; that column is
    only checked in the remaining rows.
    """
    texts = cells.select(_labels(name) for name in cells.columns)
    *columns, last = sorted(cells.columns, key=lambda name: len(texts[name][0]))
    labels = {name: some for name in columns if (some := list(filter(is_label, texts[name][0])))}
    if not labels:
        return [], []
    full = pl.sum_horizontal(pl.col(cells.columns).str.contains("[0-9A-Za-z]"))  # a lower bound, but fast
    # In a row of labels, one cell may be in the last column, and half of all are labels.
    rows = cells.with_row_index("row").filter(_known(labels) > 0, 2 * (_known(labels) + 1) >= full)
    labels[last] = list(filter(is_label, rows.select(_labels(last)).item()))
    again: list[int] = []
    others: list[int] = []
    for row, *row_cells in rows.filter(_known(labels) >= _ENOUGH).iter_rows():
        if are_labels(row_cells, is_label):
            (again if _plain(row_cells) == _plain(header) else others).append(row)
    return again, others


def _labels(column: str) -> pl.Expr:
    """Return the distinct possible labels in a column, as a list."""
    return pl.col(column).filter(pl.col(column).str.contains(_LABEL)).unique().implode()


def _known(labels: Mapping[str, Sequence[str]]) -> pl.Expr:
    """Return how many cells of a row are among given texts, by column."""
    return pl.sum_horizontal(pl.col(name).is_in(texts) for name, texts in labels.items())


def _plain(cells: Iterable[str | None]) -> list[str]:
    return [(cell or "").strip().casefold() for cell in cells]


def check(record: TextRecord, lines: pl.Series, separator: str, width: int) -> TextRecord:
    """Report a record whose lines are separate rows, because the quotes of a cell were closed too late.

    A line is a separate row if it has as many cells as the table and either no separator is followed by a blank, as in
    a sentence, or a cell is a number or a date.
    """
    inner = [line for cell in record.cells if "\n" in cell or "\r" in cell for line in _ENDS.split(cell)[1:]]
    outer = lines.slice(record.start + 1, length) if (length := record.end - record.start - 1) else ()
    if not record.fault and width > 1 and any(_is_row(line, separator, width) for line in (*inner, *outer)):
        return record._replace(cells=[], fault="swallowed_rows")
    return record


def _is_row(line: str, separator: str, width: int) -> bool:
    # If the quotes of another cell close here, there is one more cell than a row has.
    if line.count(separator) < width - 1 or line.count('"') % 2:
        return False
    record = Reader(pl.Series([line]), separator).record(0) if '"' in line else None
    cells = record.cells if record else line.split(separator)
    while len(cells) > width and is_blank(cells[-1]):
        cells.pop()
    if len(cells) != width or kind_of(cells) or (record and any('"' in cell for cell in cells)):
        return False
    return any(map(is_number_or_date, cells)) or not any(cell.startswith((" ", "\xa0")) for cell in cells[1:])
