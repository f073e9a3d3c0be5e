"""Physical lines to records: the strict reading of quoted cells, from any line on."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

LONGEST_CELL: Final = 131_072
"""More characters than this in a cell is a fault: a spreadsheet holds a quarter of it."""

_BLOCK: Final = 4096


class Record(NamedTuple):
    """One record of a text.

    Attributes:
        start: Its first line, from 0.
        end: The line after its last.
        cells: Its cells; empty where ``fault`` says why it has none.
        fault: ``"unclosed_quote"``, ``"stray_quote"``, ``"huge_cell"``, or ``""``.
    """

    start: int
    end: int
    cells: list[str]
    fault: str = ""


class _Cursor:
    """An iterator over lines that can be set to any of them."""

    def __init__(self, lines: pl.Series) -> None:
        self._lines = lines
        self._base, self._block = 0, list[str]()
        self.at = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        offset = self.at - self._base
        if not 0 <= offset < len(self._block):
            self._base, offset = self.at, 0
            self._block = self._lines.slice(self.at, _BLOCK).to_list()
            if not self._block:
                raise StopIteration
        self.at += 1
        return self._block[offset] + "\n"


class Reader:
    """Reads the record that begins at a line, as RFC 4180 has it.

    A cell is quoted if its first character is a quote; what stands after its closing quote is a fault. A quote within
    another cell is a character as any other.
    """

    def __init__(self, lines: pl.Series, separator: str) -> None:
        """Read from lines without their ends."""
        self._cursor = _Cursor(lines)
        self._reader = csv.reader(self._cursor, delimiter=separator, strict=True)

    def record(self, start: int) -> Record:
        """Return the record that begins at a line; a record with a fault ends where the fault was met."""
        self._cursor.at = start
        try:
            cells = next(self._reader)
        except csv.Error as error:
            return Record(start, self._cursor.at, [], _fault(str(error), self._cursor.at - start))
        return Record(start, self._cursor.at, cells)


def _fault(message: str, lines: int) -> str:
    if "expected after" in message:
        return "stray_quote"
    # A cell over many lines and over the limit is one whose end was never written.
    return "huge_cell" if "field limit" in message and lines == 1 else "unclosed_quote"
