"""The cells of a sheet, as they are found: no more of them than a sheet has, nor longer than a cell is."""

from __future__ import annotations

from sys import getsizeof
from typing import TYPE_CHECKING, Final

from prai_match.io._grids._archive import TooLargeError
from prai_match.io._grids._grid import LONGEST_CELL, MOST_COLUMNS

if TYPE_CHECKING:
    from prai_match.io._grids._memory import FileMemory

MOST_ROWS: Final = 1_048_576
"""As a spreadsheet has at most."""
_MOST_CELLS: Final = 16 << 20
"""The most cells of a sheet, from its first corner to its last cell with a value."""
_ROW: Final = 300
_CELL: Final = 40
"""What a cell takes, in Python and then in a column, beside its text."""
_SLOT: Final = 8
_COPIES: Final = 2
"""How many times the text of a cell is there at once: as read, in a column, and in what is made of it."""


class Cells:
    """The cells of one sheet, by its name."""

    def __init__(self, title: str, share: FileMemory) -> None:
        self.title = title
        self._share = share
        self._rows: dict[int, list[str | None]] = {}
        self._width = self._last = 0

    def put(self, row: int, column: int, text: str, columns: int = 1, rows: int = 1) -> None:
        """Put a text into a cell, from 1, or into all cells of a block that begins there."""
        last_row, last_column = row + rows - 1, column + columns - 1
        if last_row > MOST_ROWS or last_column > MOST_COLUMNS or len(text) > LONGEST_CELL:
            raise TooLargeError
        self._width, self._last = max(self._width, last_column), max(self._last, last_row)
        if self._width * self._last > _MOST_CELLS:
            raise TooLargeError
        self._share.take((_CELL + _COPIES * getsizeof(text)) * columns * rows)
        for at in range(row, last_row + 1):
            cells = self._rows.setdefault(at, [])
            if (missing := last_column - len(cells)) > 0:
                self._share.take(_SLOT * missing)
                cells.extend([None] * missing)
            if cells[column - 1 : last_column] != [None] * columns:
                msg = "a cell that is there twice"
                raise ValueError(msg)
            cells[column - 1 : last_column] = [text] * columns

    def rows(self) -> tuple[int, list[list[str | None]]]:
        """Number of the first row with a cell, and the rows from there, each from the first column with a cell."""
        if not self._rows:
            return 1, []
        first = min(self._rows)
        left = min(next(at for at, cell in enumerate(cells) if cell is not None) for cells in self._rows.values())
        width, height = self._width - left, self._last - first + 1
        self._share.take(_ROW * height + _SLOT * width * len(self._rows))
        return first, [
            [*cells[left:], *[None] * (self._width - len(cells))] if (cells := self._rows.pop(row, None)) else []
            for row in range(first, self._last + 1)
        ]
