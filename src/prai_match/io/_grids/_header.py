"""Which row is the header, and which rows are no data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeVar

import polars as pl

from prai_match.text import without_accents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

_Cell = TypeVar("_Cell")

HEAD: Final = 30
"""Among how many rows, not counting blank ones, the header is looked for."""

# White space as Unicode has it, and the characters a broken export leaves that show nothing.
BLANKS: Final = (
    "\t\n\x0b\x0c\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\x00\u200b\ufeff"
)
_TOTALS: Final = frozenset({"total", "totaux", "total general", "sous total", "ensemble"})
# What may begin a total, over-wide on purpose: whether a row is one is decided by `is_total`.
_MAYBE_TOTAL: Final = r"(?i:tota|sous.?tota|ensemble)"
_LONGEST_TOTAL: Final = 60
_AMOUNT: Final = r"[-+]?\s*(?:€\s*)?\d[\d\s.,']*\s*(?:[€%]|eur|euros)?"
_NUMBER: Final = re.compile(_AMOUNT, re.IGNORECASE)
_NUMBER_OR_DATE: Final = re.compile(rf"{_AMOUNT}|\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}}(?:[T\s].*)?", re.IGNORECASE)


def is_blank(cell: object) -> bool:
    """Whether a cell shows nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip(BLANKS))


def is_total(text: str) -> bool:
    """Whether the first text of a row says that it is a total."""
    if len(text) > _LONGEST_TOTAL:
        return False
    return " ".join(without_accents(text).casefold().strip(BLANKS + ":").replace("-", " ").split()) in _TOTALS


def full(cells: Iterable[_Cell | None]) -> list[_Cell]:
    """The cells of a row that show something."""
    return [cell for cell in cells if cell is not None and not is_blank(cell)]


def kind_of(cells: Iterable[object]) -> str | None:
    """``"blank"``, ``"total"``, or None where the row is data."""
    if not (texts := full(cells)):
        return "blank"
    first, *others = texts
    # A row of data may begin with such a word; a total has numbers and nothing else beside it.
    return "total" if isinstance(first, str) and is_total(first) and all(map(_is_number, others)) else None


def _is_number(cell: object) -> bool:
    return not isinstance(cell, str) or _NUMBER.fullmatch(cell.strip(BLANKS)) is not None or is_total(cell)


def maybe_set_aside(separator: str) -> str:
    """The pattern of lines which may be blank or a total: to be looked at one by one."""
    return f'^[{re.escape(BLANKS)}{re.escape(separator)}"]*(?:$|{_MAYBE_TOTAL})'


def header_row(rows: Sequence[Sequence[str | None]], is_label: Callable[[str], bool]) -> int | None:
    """Which of the first rows, none of them blank, is the header.

    The first of those with the most known labels. Where none is known, the first of those that hold texts only and
    are half as wide as the widest of them, two cells at least: some labels may be missing, and titles have one cell.
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
    """Whether a text is a number, an amount or a date, and nothing else."""
    return _NUMBER_OR_DATE.fullmatch(cell.strip(BLANKS)) is not None


def kinds(cells: pl.DataFrame) -> dict[int, str]:
    """Of a typed frame the rows which are no data: row number from 0 to ``"blank"`` or ``"total"``."""
    pattern = f"^[{re.escape(BLANKS)}]*(?:$|{_MAYBE_TOTAL})"
    conditions = [
        pl.col(name).str.contains(pattern).fill_null(value=True) if dtype == pl.String else pl.col(name).is_null()
        for name, dtype in cells.schema.items()
    ]
    # A row is looked at one by one if its first cell that isn't null may be a total, or all are empty.
    maybe = cells.with_row_index("row").filter(conditions[0]) if conditions else pl.DataFrame()
    return {row[0]: kind for row in maybe.iter_rows() if (kind := kind_of(row[1:]))}
