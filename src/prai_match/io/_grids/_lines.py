"""Physical lines to records: the strict reading of quoted cells, from any line on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from prai_match.io._grids._grid import LONGEST_CELL, MOST_COLUMNS

if TYPE_CHECKING:
    import polars as pl

_BLOCK: Final = 4096


class TextRecord(NamedTuple):
    """One record of a text, from a line (from 0) to that before another.

    Its cells are empty where ``fault`` says why it has none: ``unclosed_quote``, ``stray_quote``, ``huge_cell``.
    """

    start: int
    end: int
    cells: list[str]
    fault: str = ""


class Reader:
    """Reads the record that begins at a line, as RFC 4180 has it.

    A cell is quoted if its first character is a quote; what stands after its closing quote is a fault. A quote within
    another cell is a character as any other.
    """

    def __init__(self, lines: pl.Series, separator: str) -> None:
        self._lines, self._separator = lines, separator
        self._base, self._block = 0, list[str]()

    def record(self, start: int) -> TextRecord:
        """Return the record that begins at a line; a record with a fault ends where the fault was met.

        Of a record with more cells than a sheet has columns, those that follow are not looked at.
        """
        cells: list[str] = []
        line, at, end = self._line(start), 0, start + 1
        while len(cells) <= MOST_COLUMNS:
            if line.startswith('"', at):
                cell, line, at, end, fault = self._in_quotes(line, at + 1, end)
                if fault:
                    # A cell over many lines and over the limit is one whose end was never written.
                    long = fault == "huge_cell" and end - start > 1
                    return TextRecord(start, end, [], "unclosed_quote" if long else fault)
            else:
                stop = line.find(self._separator, at)
                cell, at = (line[at:].removesuffix("\r"), len(line)) if stop < 0 else (line[at:stop], stop)
            if len(cell) > LONGEST_CELL:
                return TextRecord(start, end, [], "huge_cell")
            cells.append(cell)
            if at >= len(line):
                break
            at += 1
        return TextRecord(start, end, cells)

    def _in_quotes(self, line: str, at: int, end: int) -> tuple[str, str, int, int, str]:
        """The cell whose quotes were opened; the line, the place and the line after where it ends; the fault."""
        pieces: list[str] = []
        length = 0
        while True:
            stop = line.find('"', at)
            piece = line[at:] if stop < 0 else line[at:stop]
            pieces.append(piece)
            length += len(piece) + 1
            if length > LONGEST_CELL + 1:
                return "", line, at, end, "huge_cell"
            if stop < 0:
                if end == len(self._lines):
                    return "", line, at, end, "unclosed_quote"
                line, at, end = self._line(end), 0, end + 1
                pieces.append("\n")
            elif line.startswith('"', stop + 1):
                at = stop + 2
                pieces.append('"')
            else:
                break
        at = len(line) if line[stop + 1 :] == "\r" else stop + 1
        stray = at < len(line) and line[at] != self._separator
        return "".join(pieces), line, at, end, "stray_quote" if stray else ""

    def _line(self, number: int) -> str:
        offset = number - self._base
        if not 0 <= offset < len(self._block):
            self._base, offset = number, 0
            self._block = self._lines.slice(number, _BLOCK).to_list()
        return self._block[offset]
