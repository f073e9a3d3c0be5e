"""Conversion of the bytes of a text file, in any encoding, to lines, and of lines to records with strict quotes."""

import codecs
import re
from typing import Final, NamedTuple

import polars as pl

from prai_match.io._grids._grid import LONGEST_CELL, MOST_COLUMNS, Repair

# The five bytes that cp1252 doesn't define become the characters with that number, so that nothing is lost.
_CP1252: Final = "".join(
    chr(byte) if byte in {0x81, 0x8D, 0x8F, 0x90, 0x9D} else bytes([byte]).decode("cp1252") for byte in range(256)
)
# A quoted cell begins the line or follows a separator; line ends inside belong to it.
_CELL_OR_END: Final = re.compile(rb'(?:(?<=[;,\t|\r\n])|\A)"[^"]*(?:""[^"]*)*"|\r\n?')
_SAMPLE, _LONGEST_CHARACTER = 4096, 4


def text_lines(data: bytes) -> tuple[pl.Series, tuple[Repair, ...]]:
    r"""Split a text into lines, without line ends or byte-order mark, and return the repairs.

    A line ends with ``\n``, ``\r\n`` or ``\r``; inside a quoted cell, ``\r`` is kept. Text that is neither UTF-8 nor
    UTF-16 is read as cp1252: the whole file, or single lines if others are UTF-8.
    """
    if (wide := _utf16(data)) is not None:
        # A partial character, as at the end of a truncated file, becomes U+FFFD.
        text = data.decode(wide, "replace")
        lost = text.count("\ufffd") - data.decode(wide, "ignore").count("\ufffd")
        repairs = (Repair("encoding", count, what) for what, count in (("utf-16", 1), ("U+FFFD", lost)) if count)
        return _lines(text.removeprefix("\ufeff").encode()), tuple(repairs)
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return _lines(data), ()
    except pl.exceptions.ComputeError:  # raised by polars if the text isn't UTF-8
        data, repair = _narrow(data)
        return _lines(data), (repair,)


def has_longer_line(data: bytes, most: int) -> bool:
    r"""Return whether a text has a line of more than so many bytes; for UTF-16, it may be missed."""
    start = 0
    while len(data) - start > most:
        if (end := max(data.rfind(mark, start, start + most + 1) for mark in (b"\n", b"\r"))) < 0:
            return True
        start = end + 1
    return False


def _lines(data: bytes) -> pl.Series:
    if b"\r" not in data:
        return pl.scan_lines(data).collect(engine="in-memory")["line"]
    lines = pl.scan_lines(data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")).collect(engine="in-memory")["line"]
    if b'"' not in data or not (lines.str.count_matches('"', literal=True) % 2 == 1).any():
        return lines  # no cell contains a line end
    return pl.scan_lines(_CELL_OR_END.sub(_end, data)).collect(engine="in-memory")["line"]


def _end(match: re.Match[bytes]) -> bytes:
    # Polars removes one carriage return with the end of a line.
    return match[0].replace(b"\r\n", b"\r\r\n") if match[0].startswith(b'"') else b"\n"


def _utf16(data: bytes) -> str | None:
    """Return the text as UTF-16, if a mark or the positions of zeros show that it is."""
    marks = {"utf-16-le": codecs.BOM_UTF16_LE, "utf-16-be": codecs.BOM_UTF16_BE}
    if marked := next((encoding for encoding, mark in marks.items() if data.startswith(mark)), None):
        return marked
    even, odd = data[:_SAMPLE:2], data[1:_SAMPLE:2]
    parts = (("utf-16-le", odd, even), ("utf-16-be", even, odd))
    return next((of for of, high, low in parts if high.count(0) * 2 > len(high) and low.count(0) * 10 < len(low)), None)


def _narrow(data: bytes) -> tuple[bytes, Repair]:
    if data.decode("utf-8", "ignore").isascii():
        return _from_cp1252(data), Repair("encoding", 1, "cp1252")
    lines, count = data.split(b"\n"), 0
    for index, line in enumerate(lines):
        try:
            line.decode()
        except UnicodeDecodeError as error:
            # A file truncated within a character: the line before the cut is UTF-8.
            start = error.start if index == len(lines) - 1 and len(line) - error.start < _LONGEST_CHARACTER else 0
            lines[index] = line[:start] + _from_cp1252(line[start:])
            count += 1
    return b"\n".join(lines), Repair("encoding", count, "utf-8, cp1252")


def _from_cp1252(data: bytes) -> bytes:
    return codecs.charmap_decode(data, "strict", _CP1252)[0].encode()


_BLOCK: Final = 4096


class TextRecord(NamedTuple):
    """One record of a text, from one line (counted from 0) to before another; ``fault`` says why it has no cells."""

    start: int
    end: int
    cells: list[str]
    fault: str = ""


class Reader:
    """Reads the record that begins at a line, according to RFC 4180.

    A cell is quoted if its first character is a quote; text after its closing quote is a fault. In other cells, a quote
    is an ordinary character.
    """

    def __init__(self, lines: pl.Series, separator: str) -> None:
        self._lines, self._separator = lines, separator
        self._base, self._block = 0, list[str]()

    def record(self, start: int) -> TextRecord:
        """Return the record that begins at a line; a record with a fault ends there."""
        cells: list[str] = []
        line, at, end = self._line(start), 0, start + 1
        while len(cells) <= MOST_COLUMNS:
            if line.startswith('"', at):
                cell, line, at, end, fault = self._in_quotes(line, at + 1, end)
                if fault:
                    # A cell of many lines that exceeds the limit is one whose end is missing.
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
        """Return the cell whose quotes were opened; the line, the position and the next line of its end; the fault."""
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
        return "".join(pieces), line, at, end, "stray_quote" if at < len(line) and line[at] != self._separator else ""

    def _line(self, number: int) -> str:
        if not 0 <= (offset := number - self._base) < len(self._block):
            self._base, offset = number, 0
            self._block = self._lines.slice(number, _BLOCK).to_list()
        return self._block[offset]
