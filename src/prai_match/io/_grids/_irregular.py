"""Records read one by one: those with line ends in a cell, a wrong width, faults, blanks and totals."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from prai_match.io._grids._grid import MOST_COLUMNS
from prai_match.io._grids._header import BLANKS, is_blank, kind_of
from prai_match.io._grids._header_doubts import SWALLOWED, swallows
from prai_match.io._grids._lines import Reader, Record

if TYPE_CHECKING:
    from collections.abc import Iterable

    import polars as pl


@dataclass(slots=True)
class Irregular:
    """Records by what they are; lines are from 0.

    Attributes:
        rows: The line, its cells padded or cut to the width, null where they are empty, and whether they were padded.
        faults: (line, text, reason), a row for each line of a record that has no cells.
        set_aside: (line, kind, text).
        taken: Lines that belong to a record of several lines.
        continued: How many lines continue a row, or what is set aside.
    """

    rows: list[tuple[object, ...]] = field(default_factory=list)
    faults: list[tuple[int, str, str]] = field(default_factory=list)
    set_aside: list[tuple[int, str, str]] = field(default_factory=list)
    taken: list[int] = field(default_factory=list)
    continued: int = 0


def one_by_one(lines: pl.Series, starts: Iterable[int], separator: str, width: int) -> Irregular:
    """Read the records that begin at the given lines, leaving out lines which an earlier record has taken."""
    reader = Reader(lines, separator)
    read = Irregular()
    end = 0
    for start in starts:
        if start >= end:
            record = reader.record(start)
            end = record.end
            _place(read, record, lines, width, separator)
    return read


def _place(read: Irregular, record: Record, lines: pl.Series, width: int, separator: str) -> None:
    if record.end - record.start > 1:
        read.taken.extend(range(record.start, record.end))
    if record.fault:
        _broken(read, record, lines)
        return
    if swallows(record, lines, separator, width):
        _broken(read, record._replace(fault=SWALLOWED), lines)
        return
    read.continued += record.end - record.start - 1
    if len(record.cells) > MOST_COLUMNS:
        read.faults.append((record.start, _text(record, lines), "too_many_cells"))
    elif kind := kind_of(record.cells):
        read.set_aside.append((record.start, kind, "" if kind == "blank" else _text(record, lines)))
    elif all(map(is_blank, record.cells[width:])):
        padding = [None] * (width - len(record.cells))
        cells = (cell or None for cell in record.cells[:width])
        read.rows.append((record.start, *cells, *padding, bool(padding)))
    else:
        read.faults.append((record.start, _text(record, lines), "too_many_cells"))


def _broken(read: Irregular, record: Record, lines: pl.Series) -> None:
    for line, text in enumerate(lines.slice(record.start, record.end - record.start), record.start):
        if text.strip(BLANKS):
            read.faults.append((line, text, record.fault))
        else:
            read.set_aside.append((line, "blank", ""))


def _text(record: Record, lines: pl.Series) -> str:
    return "\n".join(lines.slice(record.start, record.end - record.start))
