"""Conversion of the sheets of an .ods to cells of text."""

import re
from collections.abc import Mapping
from typing import Final

from prai_match.io._grids._archive import MOST_PARTS, Archive, Cells, Handler, Pieces, TooLargeError
from prai_match.io._grids._grid import LONGEST_CELL, MOST_COLUMNS, FileMemory
from prai_match.io._grids._values import day_text, text_of

CONTENT: Final = "content.xml"
_COUNT: Final = re.compile(r"[0-9]{1,9}", re.ASCII)
_CELLS: Final = frozenset({"table-cell", "covered-table-cell"})
_PARAGRAPHS: Final = frozenset({"p", "h"})
# Elements next to or over the cells: notes, drawings, tracked changes.
_NO_CELLS: Final = (
    {"annotation", "dde-link", "shapes", "tracked-changes", "frame", "custom-shape", "control", "g", "line", "rect"}
    | {"ellipse", "polyline", "polygon", "path", "circle", "connector", "caption", "measure"}
    | {"regular-polygon", "page-thumbnail"}
)
_SHEET: Final = 1_000  # bytes of a sheet without cells


def ods(archive: Archive, share: FileMemory) -> list[Cells]:
    content = _Content(share)
    archive.read(CONTENT, content)
    return content.sheets


class _Content(Handler):
    """Reads tables; rows and cells declare how many times they are repeated."""

    def __init__(self, share: FileMemory) -> None:
        self.sheets: list[Cells] = []
        self._share, self._outside = share, 0
        self._row = self._column = 0
        self._rows = self._columns = 1
        self._line: list[tuple[int, int, str]] = []
        self._value: str | None = None
        self._in_cell = self._in_paragraph = False
        self._text = Pieces(LONGEST_CELL)

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if self._outside or name in _NO_CELLS:
            self._outside += 1
        elif name in _CELLS:
            self._cell(attributes)
        elif name == "table-row":
            self._rows, self._column, self._line = _count(attributes, "number-rows-repeated"), 0, []
        elif name == "table":
            self._table(attributes)
        elif self._in_cell:
            self._within(name, attributes)

    def end(self, name: str) -> None:
        if self._outside:
            self._outside -= 1
        elif name in _CELLS:
            self._in_cell = self._in_paragraph = False
            if (text := self._value or text_of(self._text.whole)) and self._columns:
                if self._column > MOST_COLUMNS:
                    raise TooLargeError
                self._line.append((self._column - self._columns + 1, self._columns, text))
        elif name == "table-row":
            for column, columns, text in self._line if self._rows else ():
                self.sheets[-1].put(self._row + 1, column, text, columns, self._rows)
            self._row += self._rows
            self._line = []
        elif name in _PARAGRAPHS:
            self._in_paragraph = False

    def text(self, text: str) -> None:
        if self._in_paragraph and not self._outside:
            self._text.add(text)

    def _table(self, attributes: Mapping[str, str]) -> None:
        if self._in_cell:  # a nested table
            self._outside += 1
            return
        self._share.take(_SHEET)
        self.sheets.append(Cells(attributes.get("name", ""), self._share))
        self._row = 0
        if len(self.sheets) > MOST_PARTS:
            raise TooLargeError

    def _cell(self, attributes: Mapping[str, str]) -> None:
        self._columns = _count(attributes, "number-columns-repeated")
        self._column += self._columns
        self._in_cell, self._in_paragraph = True, False
        self._text, self._value = Pieces(LONGEST_CELL), _value(attributes)

    def _within(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in _PARAGRAPHS:
            if self._text.parts:
                self._text.add("\n")
            self._in_paragraph = True
        elif self._in_paragraph:
            match name:
                case "s":
                    if (count := _count(attributes, "c")) > LONGEST_CELL:
                        raise TooLargeError
                    self._text.add(" " * count)
                case "tab":
                    self._text.add("\t")
                case "line-break":
                    self._text.add("\n")


def _value(attributes: Mapping[str, str]) -> str | None:
    if (number := attributes.get("value")) is not None:
        if len(number) > LONGEST_CELL or "_" in number:
            raise ValueError(number[:20])
        return text_of(float(number))
    if (day := attributes.get("date-value", attributes.get("time-value"))) is not None:
        return day_text(day)
    if (true := attributes.get("boolean-value")) is not None:
        return text_of(true == "true")
    if (text := attributes.get("string-value")) and len(text) > LONGEST_CELL:
        raise TooLargeError
    return text_of(text) if text else None


def _count(attributes: Mapping[str, str], name: str) -> int:
    if not _COUNT.fullmatch(text := attributes.get(name, "1")):
        if text.isascii() and text.isdecimal():
            raise TooLargeError
        raise ValueError(f"{text[:20]!r} times")
    return int(text)
